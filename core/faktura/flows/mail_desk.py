"""Handing mails to the lines: whoever is free gets the next one, and all wait for one commit."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from faktura.domain.mail_outcomes import EndedMail, MailOutcome, Verdict
from faktura.domain.mails import Mail
from faktura.flows.job_context import JobContext
from faktura.flows.mail_parcels import parcel_of
from faktura.flows.mail_transport import MailLine, Parcel
from faktura.flows.retry import when_to_mail_again
from faktura.kernel.errors import FakturaError, NotFound
from faktura.services.mail_pump import Turn, take_turn

# Outcomes that come within this time share a commit; a slow server holds nobody up for longer.
_TOGETHER_SECONDS = 0.02


class MailDesk:
    """Some written mails, the lines that ask for them, and what became of each.

    One mail of a lane is on its way at a time. `held_up` are the lanes whose mail was not taken now;
    `trouble` says why the last line could not go on, where mails were left.
    """

    def __init__(
        self, context: JobContext, tenant_id: int, bounce_domain: str, mails: Sequence[Mail]
    ) -> None:
        self.held_up: set[str] = set()
        self.trouble: FakturaError | None = None
        self._context = context
        self._tenant_id = tenant_id
        self._bounce_domain = bounce_domain
        self._lanes: dict[str, deque[Mail]] = {}
        for mail in mails:
            self._lanes.setdefault(mail.lane, deque()).append(mail)
        self._free = deque(self._lanes)
        self._on_the_way: dict[UUID, Mail] = {}
        self._ended: list[tuple[UUID, MailOutcome]] = []
        self._asking: deque[asyncio.Future[Parcel | None]] = deque()
        self._changed = asyncio.Event()
        self._serving = 0
        self._is_closed = False

    @property
    def most_at_once(self) -> int:
        """How many mails may be on their way at a time: one of each lane."""
        return len(self._lanes)

    async def serve(self, lines: Sequence[MailLine]) -> None:
        """Hand over all mails, as long as one of the lines works."""
        self._serving = len(lines)
        turning = asyncio.create_task(self._keep_turning())
        pending = {turning, *(asyncio.create_task(self._work(line)) for line in lines)}
        try:
            while not turning.done():
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for one in done:
                    # A defect ends all: what is on its way then is found in doubt.
                    one.result()
        finally:
            # Said, too: a line that is cancelled as its answer comes goes on as if it were not.
            self._is_closed = True
            for one in pending:
                one.cancel()
            await asyncio.gather(*pending, return_exceptions=True)

    async def _work(self, line: MailLine) -> None:
        try:
            while True:
                await line.open()
                parcel = await self._next()
                if parcel is None:
                    break
                outcome = await line.hand_over(parcel)
                # Looked up after the wait: the desk has taken the list of before meanwhile.
                self._ended.append((parcel.mail_id, outcome))
                self._changed.set()
        except FakturaError as error:
            self.trouble = error
        finally:
            self._serving -= 1
            self._changed.set()

    async def _next(self) -> Parcel | None:
        if self._is_closed:
            return None
        asking: asyncio.Future[Parcel | None] = asyncio.get_running_loop().create_future()
        self._asking.append(asking)
        self._changed.set()
        return await asking

    async def _keep_turning(self) -> None:
        while True:
            await self._something_to_do()
            ended, self._ended = self._ended, []
            wanted = self._pick(len(self._asking))
            if ended or wanted:
                await self._turn(ended, wanted)
            elif not self._on_the_way:
                break
        if not self._free:
            self.trouble = None

    async def _something_to_do(self) -> None:
        """Wait for a line that asks or ended, and a moment for those that end with it."""
        while not self._ended and not (self._asking and self._free):
            if not self._on_the_way and not (self._free and self._serving):
                return
            self._changed.clear()
            await self._changed.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(_TOGETHER_SECONDS):
                while len(self._ended) < len(self._on_the_way):
                    self._changed.clear()
                    await self._changed.wait()

    def _pick(self, most: int) -> list[Mail]:
        """The next mails of lanes of which none is on its way."""
        picked: list[Mail] = []
        while self._free and len(picked) < most:
            picked.append(self._lanes[self._free.popleft()].popleft())
        return picked

    async def _turn(
        self, ended: Sequence[tuple[UUID, MailOutcome]], wanted: Sequence[Mail]
    ) -> None:
        now = self._context.database.clock.now()
        kept = []
        for mail_id, outcome in ended:
            mail = self._on_the_way.pop(mail_id)
            again_at = None
            if outcome.verdict is Verdict.LATER:
                again_at = when_to_mail_again(mail.attempts + 1, now)
            kept.append(EndedMail(mail_id, outcome, again_at))
            self._go_on(mail, held_up=again_at is not None)
        parcels = await asyncio.to_thread(self._commit, kept, wanted)
        for mail in wanted:
            parcel = parcels.get(mail.id)
            if parcel is None:
                self._go_on(mail, held_up=False)
            else:
                self._on_the_way[mail.id] = mail
                self._asking.popleft().set_result(parcel)

    def _go_on(self, mail: Mail, *, held_up: bool) -> None:
        if held_up:
            self.held_up.add(mail.lane)
        elif self._lanes[mail.lane]:
            self._free.append(mail.lane)

    def _commit(self, ended: Sequence[EndedMail], wanted: Sequence[Mail]) -> dict[UUID, Parcel]:
        """Keep what ended and take the wanted ones; gives those that may be handed over."""
        database = self._context.database
        parcels: dict[UUID, Parcel] = {}
        broken: dict[UUID, FakturaError] = {}
        for mail in wanted:
            try:
                parcels[mail.id] = self._parcel(mail)
            except FakturaError as error:
                broken[mail.id] = error
        with database.write(self._tenant_id) as tx:
            taken = take_turn(tx, Turn(ended, tuple(parcels), broken))
        return {mail_id: one for mail_id, one in parcels.items() if mail_id in taken}

    def _parcel(self, mail: Mail) -> Parcel:
        if mail.message is None:
            raise NotFound("it says nothing yet", place=f"mail {mail.id}")
        now = self._context.database.clock.now()
        return parcel_of(
            mail.message, self._context.contents, self._tenant_id, now, self._bounce_domain
        )

"""The pump: tells one subscriber what waits for it, lanes side by side, outcomes written in groups.

A fact is told before it is marked: after a crash between the two it is told once more, under the
same id. So nothing is lost, and whoever hears it twice can tell.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta

from faktura.domain.deliveries import Place, Try
from faktura.domain.delivery_lines import Line
from faktura.domain.events import Delivery
from faktura.flows.messengers import Messenger
from faktura.flows.retry import when_to_deliver_again
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.services.told_deliveries import settle
from faktura.store.database import Database
from faktura.store.deliveries import waiting_page

# One pass; others wait for the worker too.
_BUDGET = timedelta(seconds=30)
_PAGE = 250
# Read on as soon as fewer lanes are free, that many for each fact on its way: a page takes its time.
_AHEAD = 8
# So many outcomes are written together, or those of so many seconds.
_GROUP = 400
_MOMENT = 0.25
# While all is taken, whether to read and write is looked at after so many.
_LOOK = 16
# So many are told at once before one was taken: a dead subscriber is asked no more often.
_AT_FIRST = 4
# What is read and not yet written is no more than this, whatever waits.
_MOST_HELD = 1_000


@dataclass(slots=True)
class Pump:
    """One pass over what waits for a subscriber."""

    database: Database
    tenant_id: int
    subscriber: str
    messenger: Messenger
    line: Line
    _place: Place | None = None
    _has_more: bool = True
    _ended: list[Try] = field(default_factory=list)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)
    _telling: int = 0
    _has_taken: bool = False
    _failed_in_a_row: int = 0
    _reading: bool = False
    _writing: asyncio.Task[None] | None = None
    _written_at: float = 0.0
    _waking: asyncio.TimerHandle | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _broken: BaseException | None = None

    async def run(self) -> bool:
        """Tell what is due; whether another pass is needed at once.

        It is not where nothing is taken any more: then somebody comes again later.
        """
        try:
            await self._go_on()
        finally:
            await self._stop()
        if self._has_enough():
            return False
        return self._has_more or self.line.left_over or self.line.held > 0

    async def _go_on(self) -> None:
        while self._broken is None:
            self._start()
            self._read()
            self._write()
            if not self._under_way:
                return
            await self._changed.wait()
            self._changed.clear()
        raise self._broken

    def _at_once(self) -> int:
        """How many may be on their way: none more when the time is over."""
        is_over = self.database.clock.now() - self.line.now >= _BUDGET
        return 0 if is_over or self._has_enough() else self._width()

    def _width(self) -> int:
        most = self.messenger.in_flight
        return most if self._has_taken else min(most, _AT_FIRST)

    def _has_enough(self) -> bool:
        """Whether nothing but failures comes: then the rest is not even tried, and loses no attempt."""
        return self._failed_in_a_row >= self._width()

    def _start(self) -> None:
        while (one := self._next()) is not None:
            self._run(self._tell_on(one))

    def _next(self) -> Delivery | None:
        """The next one to be told; None where none is free or enough are on their way."""
        # A failure takes a place too, until something is taken: none is asked in its stead.
        if not self.line.free or self._telling + self._failed_in_a_row >= self._at_once():
            return None
        one = self.line.take()
        if one is None:
            return None
        self._telling += 1
        return one

    def _read(self) -> None:
        """Read on before the lanes run dry."""
        if (
            self._has_more
            and not self._reading
            and self.line.held + len(self._ended) <= _MOST_HELD - _PAGE
            and self.line.free < _AHEAD * self._at_once()
        ):
            self._reading = True
            self._run(self._read_page())

    async def _read_page(self) -> None:
        page = await in_read_tx(
            self.database, self.tenant_id, waiting_page, self.subscriber, self._place, _PAGE
        )
        self._has_more = len(page) == _PAGE
        if page:
            self._place = page[-1].place
        wanted = [one for one in page if self.line.is_open_to(one)]
        if wanted:
            await self.messenger.prepare(wanted)
        # What is added may be told at once: by now all that it needs is here.
        for one in page:
            self.line.add(one)
        self._reading = False

    async def _tell_on(self, first: Delivery) -> None:
        """Tell one and then the next, as long as there is one: a task for each would cost more."""
        one: Delivery | None = first
        while one is not None:
            goes_well = await self._tell(one)
            one = self._next()
            nobody_writes = self._writing is None and self._waking is None
            # Where all goes well there is nothing else to do after each single one.
            if not goes_well or one is None or nobody_writes or len(self._ended) % _LOOK == 0:
                self._changed.set()

    async def _tell(self, delivery: Delivery) -> bool:
        """Tell it; whether it was taken like the one before."""
        at = self.database.clock.now()
        told = await self.messenger.tell(delivery)
        next_at = None
        if not told.taken:
            wish = timedelta(seconds=told.retry_after)
            now = self.database.clock.now()
            next_at = when_to_deliver_again(delivery.attempts + 1, now, wish)
        ended = Try(
            delivery.id,
            at,
            told.milliseconds,
            told.taken,
            told.status,
            told.answer,
            told.error,
            next_at,
            told.retry_after,
        )
        self._ended.append(ended)
        self._telling -= 1
        goes_well = told.taken and self._has_taken and not self._failed_in_a_row
        self._has_taken |= told.taken
        self._failed_in_a_row = 0 if told.taken else self._failed_in_a_row + 1
        self.line.end(delivery, goes_on=told.taken or ended.is_last)
        return goes_well

    def _write(self) -> None:
        """Write what has ended, many together: each group costs a commit.

        Sooner where nothing more is on its way, and within a moment: what is told and not yet written
        is told again after a crash.
        """
        if not self._ended or self._writing is not None:
            return
        loop = asyncio.get_running_loop()
        wait = self._written_at + _MOMENT - loop.time()
        if self._telling and len(self._ended) < _GROUP and wait > 0:
            if self._waking is None:
                self._waking = loop.call_later(wait, self._wake)
            return
        self._written_at = loop.time()
        self._writing = self._run(self._settle())

    def _wake(self) -> None:
        self._waking = None
        self._changed.set()

    async def _settle(self) -> None:
        group, self._ended = self._ended, []
        await in_tx(self.database, self.tenant_id, settle, self.subscriber, group)
        self._writing = None

    def _run(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._broken = error
        self._changed.set()

    async def _stop(self) -> None:
        """After a failure what was told is still written; what is on its way is not waited for."""
        if self._waking is not None:
            self._waking.cancel()
        for task in self._under_way:
            if task is not self._writing:
                task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._ended:
            await self._settle()

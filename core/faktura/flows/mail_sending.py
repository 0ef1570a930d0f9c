"""Sending the mails that wait: written, put together, handed over, each at most once (F084).

A mail is marked as on its way, and that is committed, before a server gets it; so one that was cut off
is found in doubt, never sent again by itself. As many are on their way as connections are open.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

from faktura.domain.mails import Mail
from faktura.flows.job_context import JobContext
from faktura.flows.mail_composing import compose_mails
from faktura.flows.mail_desk import MailDesk
from faktura.flows.mail_transport import MailLine, MailTransport
from faktura.flows.retry import MAIL_PATIENCE, when_to_ask_mail_server
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.kernel.errors import FakturaError
from faktura.kernel.outbox_terms import MailState
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.services.mail_pump import (
    ServerTrouble,
    doubt_what_was_left,
    server_fails,
    server_works,
    start_sending,
)
from faktura.services.mail_rest import ServerRest, is_resting, server_rest
from faktura.store.mail_sending import WaitingMail, waiting_page
from faktura.store.mails import read_mails
from faktura.store.transaction import Tx

_log = logging.getLogger("faktura.mails")

PAGE = 200
# Afterwards another job goes on, so that none holds its worker for long.
_BUDGET = timedelta(seconds=30)

OpenTransport: TypeAlias = Callable[[], Awaitable[MailTransport]]
_Place: TypeAlias = tuple[int, UUID]


@dataclass(slots=True)
class MailPump:
    """One pass over a tenant's waiting mails, in the order of each lane.

    A mail that is not due, or was not taken now, holds up those of its lane behind it.
    """

    context: JobContext
    tenant_id: int
    open_transport: OpenTransport
    _held_up: set[str] = field(default_factory=set)
    _transport: MailTransport | None = None
    _lines: list[MailLine] = field(default_factory=list)
    # Why nothing can be sent now.
    _trouble: FakturaError | None = None

    async def run(self) -> None:
        """Send what is due, as long as the server takes it; a trouble of the server is kept, not raised."""
        try:
            if not await in_tx(self.context.database, self.tenant_id, _begin):
                await self._pass()
            if self._trouble is not None:
                rest = await in_tx(
                    self.context.database, self.tenant_id, _keep_trouble, self._trouble
                )
                # Once a pause: while it lasts nobody asks the server, and no person is asked for a day.
                _log.warning(
                    "mail_server_rests tenant=%s until=%s reason=%s",
                    self.tenant_id,
                    f"{rest.until:%Y-%m-%dT%H:%MZ}",
                    rest.reason,
                )
        finally:
            for line in self._lines:
                await line.close()

    async def _pass(self) -> None:
        clock = self.context.database.clock
        until = clock.now() + _BUDGET
        after: _Place | None = None
        while page := await in_read_tx(
            self.context.database, self.tenant_id, waiting_page, after, PAGE
        ):
            after = (page[-1].place, page[-1].id)
            await self._send(await self._written(self._due(page)))
            if self._trouble is not None:
                return
            if clock.now() >= until:
                await in_tx(self.context.database, self.tenant_id, start_sending)
                return

    def _due(self, page: Sequence[WaitingMail]) -> list[WaitingMail]:
        now = self.context.database.clock.now()
        found = []
        for mail in page:
            if mail.due_at > now:
                self._held_up.add(mail.lane)
            elif mail.lane not in self._held_up:
                found.append(mail)
        return found

    async def _written(self, due: Sequence[WaitingMail]) -> list[Mail]:
        """These mails with what they say; what cannot be written yet holds up its lane."""
        new = [one.id for one in due if not one.is_written]
        if new:
            await compose_mails(self.context, self.tenant_id, new)
        mails = await in_read_tx(
            self.context.database, self.tenant_id, read_mails, [one.id for one in due]
        )
        now = self.context.database.clock.now()
        found = []
        for mail in mails:
            if mail.state is not MailState.WAITING or mail.lane in self._held_up:
                continue
            if mail.message is None or mail.due_at > now:
                self._held_up.add(mail.lane)
            else:
                found.append(mail)
        return found

    async def _send(self, mails: Sequence[Mail]) -> None:
        if not mails:
            return
        transport = await self._transport_in_use()
        if transport is None:
            return
        desk = MailDesk(self.context, self.tenant_id, transport.bounce_domain, mails)
        most = min(transport.connections, desk.most_at_once)
        while len(self._lines) < most:
            self._lines.append(transport.line())
        await desk.serve(self._lines[:most])
        self._held_up |= desk.held_up
        self._trouble = desk.trouble

    async def _transport_in_use(self) -> MailTransport | None:
        """The transport with its first line open: a server that is down is not asked over each of them.

        None where it cannot be used.
        """
        if self._transport is None:
            try:
                transport = await self.open_transport()
                line = transport.line()
                await line.open()
            except FakturaError as error:
                self._trouble = error
                return None
            self._transport = transport
            self._lines.append(line)
            await in_tx(self.context.database, self.tenant_id, server_works)
        return self._transport


def _begin(tx: Tx) -> bool:
    """Put in doubt what was left; tells whether the server is left alone now."""
    doubt_what_was_left(tx)
    return is_resting(tx)


def _keep_trouble(tx: Tx, error: FakturaError) -> ServerRest:
    before, now = server_rest(tx), tx.now()
    tries = 1 if before is None else before.tries + 1
    reason = f"{error.place}: {error.problem}" if error.place else error.problem
    rest = ServerRest(tries, when_to_ask_mail_server(tries, now), reason)
    server_fails(
        tx,
        ServerTrouble(
            error,
            rest,
            stale=now - MAIL_PATIENCE,
            for_person=not isinstance(error, OutsideUnavailable),
        ),
    )
    return rest

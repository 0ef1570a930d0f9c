"""Events on their way from the inbox into the books: facts are asked for, then applied (P30, P31).

The provider is asked between two transactions; whatever it or its adapter does concerns this one
event. An event that was handled says what it changed.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import ValidationError

from faktura.domain.inbox import InboxRow
from faktura.domain.tenants import Tenant
from faktura.flows.providers import Broken, Lost, NotSent, Provider, provider_of
from faktura.flows.retry import (
    described,
    when_to_ask_again,
    when_to_handle_again,
    when_to_look_again,
)
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.hub.adapters import Adapters
from faktura.kernel.errors import DatabaseUnreachable
from faktura.plugin import EventReading, PaymentFact
from faktura.services.applying_facts import Effect
from faktura.services.inbox import Handling, apply_again, due, event_of, handle, not_handled
from faktura.store.database import Database
from faktura.store.inbox import InboxFilter, list_rows
from faktura.store.payment_accounts import find_account

# So many wait for their provider at a time.
_AT_ONCE = 8
_A_PAGE = 48


@dataclass(frozen=True, slots=True)
class Inbox:
    """A tenant's inbox, and who asks the providers about what lies in it."""

    database: Database
    adapters: Adapters
    tenant: Tenant
    _providers: dict[str, "asyncio.Task[Provider | Broken]"] = field(default_factory=dict)

    async def provider(self, instance: str) -> Provider | Broken:
        """Who talks to that account; built once, however many events ask for it."""
        if instance not in self._providers:
            self._providers[instance] = asyncio.create_task(self._provider(instance))
        return await self._providers[instance]

    async def _provider(self, instance: str) -> Provider | Broken:
        account = await in_read_tx(self.database, self.tenant.id, find_account, instance)
        if account is None:
            return Broken(f"there is no payment account {instance} any more")
        return await provider_of(self.database, self.adapters, self.tenant, account)

    async def facts(self, row: InboxRow) -> list[PaymentFact] | NotSent | Broken | Lost:
        """The facts behind an event as they are now; never raises but where we are stopped."""
        provider = await self.provider(row.instance)
        if isinstance(provider, Broken):
            return provider
        adapter = provider.adapter
        try:
            event = event_of(row)
        except ValidationError:
            # Another release wrote it: a person looks at it, and those behind it are handled.
            return Lost("it is kept in a form that this release cannot read")
        if not isinstance(adapter, EventReading):
            return Lost(f"the adapter of {row.instance} cannot read events")
        reading = adapter
        answer = await provider.guarded(lambda: reading.facts(event), list, tuple)
        if isinstance(answer, NotSent | Broken | Lost):
            return answer
        facts = [fact for fact in answer if isinstance(fact, PaymentFact)]
        if len(facts) < len(answer):
            return Lost("the adapter gave something that is no fact")
        return facts


async def handle_inbox(inbox: Inbox) -> int:
    """Handle what waits, the oldest first, some at a time; how many events that were.

    Raises DatabaseUnreachable; everything else is the event's own failure.
    """
    handled = 0
    while waiting := await in_read_tx(inbox.database, inbox.tenant.id, due, _A_PAGE):
        for first in range(0, len(waiting), _AT_ONCE):
            some = waiting[first : first + _AT_ONCE]
            await asyncio.gather(*(_handle(inbox, row) for row in some))
            handled += len(some)
    return handled


async def _handle(inbox: Inbox, row: InboxRow) -> None:
    facts = await inbox.facts(row)
    now = inbox.database.clock.now()
    match facts:
        case NotSent(problem=problem, retry_after=pause):
            await _give_up(inbox, row, problem, when_to_ask_again(row.tries, now, pause))
        case Broken(problem=problem):
            await _give_up(inbox, row, problem, when_to_ask_again(row.tries, now))
        case Lost(why=problem):
            await _give_up(inbox, row, problem, when_to_handle_again(row.tries, now))
        case _:
            await _apply(inbox, row, facts)


async def _apply(inbox: Inbox, row: InboxRow, facts: Sequence[PaymentFact]) -> None:
    now = inbox.database.clock.now()
    wanted = Handling(row.id, facts, when_to_look_again(row.tries, now))
    try:
        await in_tx(inbox.database, inbox.tenant.id, handle, inbox.tenant, wanted)
    except DatabaseUnreachable:
        raise
    except Exception as error:  # noqa: BLE001 - kept with the event, and asked about at the end
        await _give_up(inbox, row, _told(error), when_to_handle_again(row.tries, now))


async def _give_up(inbox: Inbox, row: InboxRow, problem: str, again: datetime | None) -> None:
    await in_tx(inbox.database, inbox.tenant.id, not_handled, row.id, problem, again)


@dataclass(frozen=True, slots=True)
class Replayed:
    """An event that was applied again: what that changed, or why it could not be."""

    row: InboxRow
    effect: Effect | None = None
    problem: str = ""

    @property
    def changes(self) -> tuple[str, ...]:
        """What it changed, or would change."""
        return () if self.effect is None else self.effect.changes


async def replay(
    inbox: Inbox, wanted: InboxFilter, *, dry_run: bool = False
) -> AsyncIterator[Replayed]:
    """Apply stored events once more, in the order in which they came (O4).

    What was applied already changes nothing. With `dry_run` each is applied in a transaction of its
    own that is rolled back.
    """
    after = None
    while rows := await in_read_tx(
        inbox.database, inbox.tenant.id, list_rows, wanted, after=after, limit=_AT_ONCE
    ):
        answers = await asyncio.gather(*(inbox.facts(row) for row in rows))
        for row, facts in zip(rows, answers, strict=True):
            if isinstance(facts, list):
                yield await _again(inbox, row, facts, dry_run=dry_run)
            else:
                problem = facts.why if isinstance(facts, Lost) else facts.problem
                yield Replayed(row, problem=problem)
        after = rows[-1].id


async def _again(
    inbox: Inbox, row: InboxRow, facts: Sequence[PaymentFact], *, dry_run: bool
) -> Replayed:
    wanted = Handling(row.id, facts, when_to_look_again(0, inbox.database.clock.now()))

    def act() -> Replayed:
        database, tenant = inbox.database, inbox.tenant
        opened = database.rehearse if dry_run else database.write
        with opened(tenant.id) as tx:
            return Replayed(*apply_again(tx, tenant, wanted))
        raise AssertionError("unreachable")

    try:
        return await asyncio.to_thread(act)
    except DatabaseUnreachable:
        raise
    except Exception as error:  # noqa: BLE001 - told; the others are replayed all the same
        return Replayed(row, problem=_told(error))


def _told(error: Exception) -> str:
    return described(error)["problem"]

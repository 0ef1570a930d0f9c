"""What the double tells lies in the inbox: delivered or polled, handled, looked at."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select
from tests.services.payments.collected import CollectScene

from faktura.domain.inbox import InboxChannel, InboxRow
from faktura.flows.inbox import Inbox, Replayed, handle_inbox, replay
from faktura.flows.polling import poll_providers
from faktura.plugin import PaymentFact, ProviderEvent
from faktura.services.applying_facts import Effect, apply_facts
from faktura.services.arrivals import arrival_of, keep
from faktura.store import tables
from faktura.store.inbox import InboxFilter, list_rows
from faktura.testing.double_events import events_of

# Everything that says what is owed, paid or taken back.
_MONEY = (
    "account_transaction", "allocation", "journal_entry", "leg", "payment_attempt", "chargeback",
    "payment_refund", "payment_means", "event", "seal",
)  # fmt: skip


@dataclass
class InboxScene(CollectScene):
    """RE-000001 over 35.70 is due; nothing is collected yet."""

    @property
    def inbox(self) -> Inbox:
        """As a worker of its own would have it."""
        till = self.till
        return Inbox(till.database, till.adapters, till.tenant)

    def deliver(self, events: Sequence[ProviderEvent] | None = None) -> int:
        """Keep these events, or all that ever happened; how many are new."""
        told = events_of(self.store) if events is None else events
        arrivals = [arrival_of("double", one, InboxChannel.WEBHOOK, "{}", b"x") for one in told]
        with self.database.write(self.tenant.id) as tx:
            return keep(tx, arrivals)

    def handle(self) -> int:
        """What the job does."""
        return asyncio.run(handle_inbox(self.inbox))

    def poll(self) -> int:
        """What the other job does."""
        return asyncio.run(poll_providers(self.database, self.till.adapters, self.tenant))

    def replay(self, wanted: InboxFilter | None = None, *, dry_run: bool = False) -> list[Replayed]:
        """Apply events again, all if none are named."""

        async def collected() -> list[Replayed]:
            told = replay(self.inbox, wanted or InboxFilter(), dry_run=dry_run)
            return [one async for one in told]

        return asyncio.run(collected())

    def rows(self) -> list[InboxRow]:
        """What lies in the inbox."""
        with self.database.read(self.tenant.id) as tx:
            return list_rows(tx, InboxFilter())

    def inbox_states(self) -> list[str]:
        """How the events stand, in the order in which they came."""
        return [row.state.value for row in self.rows()]

    def effect(self, no: int = -1) -> dict[str, object]:
        """What an event did."""
        found: dict[str, object] = json.loads(self.rows()[no].effect or "null")
        return found

    def apply(self, *facts: PaymentFact, recover: bool = False) -> Effect:
        """Apply facts as the double's account tells them."""
        with self.database.write(self.tenant.id) as tx:
            return apply_facts(tx, self.tenant, "double", facts, recover=recover)

    def money(self) -> str:
        """A hash over all tables that money is in."""
        digest = sha256()
        with self.database.read(self.tenant.id) as tx:
            for name in _MONEY:
                table = getattr(tables, name)
                rows = tx.connection.execute(select(table).where(table.c.tenant_id == tx.tenant_id))
                digest.update(repr(sorted(repr(tuple(row)) for row in rows)).encode())
        return digest.hexdigest()

    def write_in_books(self, statement: str, *values: object) -> None:
        """Change something at the double."""
        with self.store.changing() as books:
            books.execute(statement, values)

"""What the proof of matches asks: booked movements with their decision, what counts for them; streamed."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, literal_column, or_, select

from faktura.kernel.bank_terms import MovementState
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact
from faktura.store.batches import in_batches
from faktura.store.streams import streamed
from faktura.store.tables import (
    account_transaction,
    allocation,
    bank_transaction,
    document,
    draft_entry,
    journal_entry,
    match_decision,
)
from faktura.store.transaction import Tx
from faktura.store.written_off import GIVEN_UP_KEYS, RECOVERY_KEYS

_BOOKED = (MovementState.BOOKED, MovementState.RETURNED)
_MONEY = (AccountFact.PAYMENT, AccountFact.SET_UNPAID)
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
t = bank_transaction.c
a = allocation.c
s = account_transaction.c
# What was booked for the document itself. Where a deposit is cancelled, its money is let go of and may
# count for another document: then the same transaction is allocated anew, and nothing is booked.
_BOOKED_FOR_IT = and_(
    s.tenant_id == a.tenant_id,
    s.customer_id == a.customer_id,
    s.currency == a.currency,
    s.no == a.transaction_no,
    s.document_id == a.document_id,
    (s.amount < 0) == (a.amount > 0),
)


@dataclass(frozen=True, slots=True)
class ProvedMovement:
    """A movement with the last decision about it, if there is one; `data` is the bank's record."""

    id: UUID
    state: MovementState
    amount: Money
    data: str
    outcome: str | None
    rule: str | None
    proof: str | None

    @property
    def place(self) -> str:
        """How a proof names it."""
        return f"bank_transaction {self.id}"

    def read_proof(self) -> Any:
        """The proof as it is kept; raises ValueError for what is no JSON."""
        return json.loads(self.proof or "")


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a movement counts for a document, after all reversals by itself.

    `given_up` is what was written off or granted as cash discount with it, also where that was taken
    back since.
    """

    movement_id: UUID
    number: str
    paid: int
    given_up: int


def booked_movements(tx: Tx) -> Iterator[ProvedMovement]:
    """All movements that are booked, by id."""
    d = match_decision.c
    last = (
        select(func.max(d.no))
        .where(d.tenant_id == t.tenant_id, d.movement_id == t.id)
        .correlate(bank_transaction)
        .scalar_subquery()
    )
    rows = streamed(
        tx,
        select(t.id, t.state, t.amount, t.currency, t.data, d.outcome, d.rule, d.proof)
        .outerjoin(
            match_decision,
            and_(d.tenant_id == t.tenant_id, d.movement_id == t.id, d.no == last),
        )
        .where(t.tenant_id == tx.tenant_id, t.state.in_(_BOOKED))
        .order_by(t.id),
    )
    for row in rows:
        amount = Money(row.amount, row.currency)
        state = MovementState(row.state)
        yield ProvedMovement(row.id, state, amount, row.data, row.outcome, row.rule, row.proof)


def counted_by_movement(tx: Tx) -> Iterator[Counted]:
    """What counts for documents because of movements, by movement and number."""
    given_up = or_(*(a.entry_key.startswith(key, autoescape=True) for key in GIVEN_UP_KEYS))
    recovered = a.entry_key.startswith(RECOVERY_KEYS, autoescape=True)
    rows = streamed(
        tx,
        select(
            a.movement_id,
            document.c.number,
            func.sum(a.amount).label("total"),
            func.coalesce(func.sum(a.amount).filter(given_up), 0).label("given_up"),
            func.coalesce(func.sum(a.amount).filter(recovered), 0).label("recovered"),
        )
        .join(document, (document.c.tenant_id == a.tenant_id) & (document.c.id == a.document_id))
        .join(account_transaction, _BOOKED_FOR_IT)
        .where(a.tenant_id == tx.tenant_id, a.movement_id.is_not(None))
        .group_by(a.movement_id, document.c.number)
        .order_by(a.movement_id, document.c.number),
    )
    for row in rows:
        off = int(row.given_up)
        paid = int(row.total) - off - int(row.recovered)
        yield Counted(row.movement_id, row.number, paid, off)


def counted_and_waiting(tx: Tx) -> Iterator[tuple[UUID, str, Money]]:
    """Movements that are not booked and still count for a document, with its number and how much."""
    rows = streamed(
        tx,
        select(a.movement_id, document.c.number, a.currency, func.sum(a.amount).label("total"))
        .join(document, (document.c.tenant_id == a.tenant_id) & (document.c.id == a.document_id))
        .join(bank_transaction, (t.tenant_id == a.tenant_id) & (t.id == a.movement_id))
        .where(a.tenant_id == tx.tenant_id, t.state.not_in(_BOOKED))
        .group_by(a.movement_id, document.c.number, a.currency)
        .having(func.sum(a.amount) != 0)
        .order_by(a.movement_id, document.c.number),
    )
    for row in rows:
        yield row.movement_id, row.number, Money(int(row.total), row.currency)


def unposted_keys(tx: Tx) -> Iterator[tuple[UUID, str]]:
    """What counts because of a movement and is neither in the journal nor a draft of it (F106)."""
    e, w = journal_entry.c, draft_entry.c
    posted = exists().where(e.tenant_id == a.tenant_id, e.entry_key == a.entry_key)
    waits = exists().where(w.tenant_id == a.tenant_id, w.entry_key == a.entry_key)
    rows = streamed(
        tx,
        select(a.movement_id, a.entry_key)
        .join(account_transaction, _BOOKED_FOR_IT)
        .where(a.tenant_id == tx.tenant_id, a.movement_id.is_not(None), ~posted, ~waits)
        .order_by(a.movement_id, a.entry_key),
    )
    for row in rows:
        yield row.movement_id, row.entry_key


def booked_money(tx: Tx) -> Iterator[tuple[UUID, MovementState, Money, Money]]:
    """Movements with their state, what they brought, and what of it stands on customers' accounts.

    That is what payments say less what was taken back of them; where nothing stands, none is told.
    """
    # Behind its first word a source names the movement, however often that was booked again.
    movement = func.substr(s.source, literal_column("5"), literal_column("36")).label("movement")
    rows = streamed(
        tx,
        select(movement, s.currency, func.sum(s.amount).label("total"))
        .where(s.tenant_id == tx.tenant_id, s.fact.in_(_MONEY))
        .group_by(movement, s.currency)
        .having(func.sum(s.amount) != 0)
        .order_by(movement, s.currency),
    )
    for batch in in_batches(rows):
        found = _brought(tx, {row.movement for row in batch})
        for row in batch:
            if row.movement in found:
                movement_id, state, brought = found[row.movement]
                yield movement_id, state, brought, Money(-int(row.total), row.currency)


def _brought(tx: Tx, sources: Iterable[str]) -> dict[str, tuple[UUID, MovementState, Money]]:
    """The movements among what bookings are called; others have names of their own."""
    ids = [UUID(one) for one in sorted(sources) if _UUID.fullmatch(one)]
    rows = tx.connection.execute(
        select(t.id, t.state, t.amount, t.currency).where(
            t.tenant_id == tx.tenant_id, t.id.in_(ids)
        )
    )
    return {
        str(row.id): (row.id, MovementState(row.state), Money(row.amount, row.currency))
        for row in rows
    }

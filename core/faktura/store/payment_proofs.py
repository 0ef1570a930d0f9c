"""What the proof of payments asks: attempts, what is booked in their names, refunds; streamed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from faktura.domain.attempts import LIVE
from faktura.domain.chargebacks import Chargeback
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptState, RefundState
from faktura.kernel.terms import AccountFact, Side, Slot
from faktura.store.chargebacks import chargeback_from_row
from faktura.store.streams import streamed
from faktura.store.tables import (
    account_transaction,
    allocation,
    bank_transaction,
    chargeback,
    document,
    journal_entry,
    leg,
    payment_attempt,
    payment_refund,
)
from faktura.store.transaction import Tx

_PAGE = 500
# Bookings of bank movements are called by their ids, all others by words.
_MOVEMENT = 36
a = payment_attempt.c


@dataclass(frozen=True, slots=True)
class ProvedAttempt:
    """An attempt as its proof sees it; `number` is its document's."""

    id: UUID
    document_id: UUID
    number: str
    customer_id: UUID
    amount: Money
    state: AttemptState

    @property
    def place(self) -> str:
        """How a proof names it."""
        return f"payment_attempt {self.id} of document {self.number}"


@dataclass(frozen=True, slots=True)
class ProvedRefund:
    """A refund as its proof sees it; `number` is what the payment was for."""

    id: UUID
    number: str
    customer_id: UUID
    amount: Money
    state: RefundState


@dataclass(frozen=True, slots=True)
class BookedAs:
    """What the transactions of one customer's account come to that have one source.

    `amount` as the account has it: negative is money that we got.
    """

    source: str
    customer_id: UUID
    amount: Money


def attempts_by_id(tx: Tx) -> Iterator[ProvedAttempt]:
    """All attempts in the order of their ids."""
    rows = streamed(
        tx,
        select(a.id, a.document_id, document.c.number, a.customer_id, a.amount, a.currency, a.state)
        .join(document, (document.c.tenant_id == a.tenant_id) & (document.c.id == a.document_id))
        .where(a.tenant_id == tx.tenant_id)
        .order_by(a.id),
    )
    for row in rows:
        amount = Money(row.amount, row.currency)
        yield ProvedAttempt(
            row.id, row.document_id, row.number, row.customer_id, amount, AttemptState(row.state)
        )


def refunds_by_id(tx: Tx) -> Iterator[ProvedRefund]:
    """All refunds over providers in the order of their ids."""
    r = payment_refund.c
    rows = streamed(
        tx,
        select(r.id, document.c.number, a.customer_id, r.amount, r.currency, r.state)
        .join(payment_attempt, (a.tenant_id == r.tenant_id) & (a.id == r.attempt_id))
        .join(document, (document.c.tenant_id == a.tenant_id) & (document.c.id == a.document_id))
        .where(r.tenant_id == tx.tenant_id)
        .order_by(r.id),
    )
    for row in rows:
        amount = Money(row.amount, row.currency)
        yield ProvedRefund(row.id, row.number, row.customer_id, amount, RefundState(row.state))


def chargebacks_by_attempt(tx: Tx) -> Iterator[Chargeback]:
    """The chargebacks of attempts in the order of the attempts' ids."""
    c = chargeback.c
    rows = streamed(
        tx,
        select(chargeback)
        .where(c.tenant_id == tx.tenant_id, c.attempt_id.is_not(None))
        .order_by(c.attempt_id, c.id),
    )
    for row in rows:
        yield chargeback_from_row(row)


def chargebacks_in_pages(tx: Tx) -> Iterator[list[Chargeback]]:
    """All chargebacks, some at a time."""
    c = chargeback.c
    rows = tx.connection.execute(
        select(chargeback).where(c.tenant_id == tx.tenant_id).order_by(c.id),
        execution_options={"yield_per": _PAGE},
    )
    for page in rows.partitions():
        yield [chargeback_from_row(row) for row in page]


def booked_as(tx: Tx, begins: str) -> Iterator[BookedAs]:
    """What is booked under sources that begin so, in their order."""
    t = account_transaction.c
    rows = streamed(
        tx,
        select(t.source, t.customer_id, t.currency, func.sum(t.amount).label("total"))
        .where(t.tenant_id == tx.tenant_id, t.source.startswith(begins, autoescape=True))
        .group_by(t.source, t.customer_id, t.currency)
        .order_by(t.source),
    )
    for row in rows:
        yield BookedAs(row.source, row.customer_id, Money(int(row.total), row.currency))


def paid_at_bank(tx: Tx, attempts: Sequence[ProvedAttempt]) -> set[UUID]:
    """Those of a page of attempts whose money a bank movement brought.

    It names the debit, or brought at least as much for the document and as credit of its customer:
    one credit may stand for a whole file.
    """
    named = _movements_naming(tx, [one.id.hex for one in attempts])
    brought = _brought(tx, {one.customer_id for one in attempts})
    return {
        one.id
        for one in attempts
        if any(
            movement in named.get(one.id.hex, ())
            or parts.get(one.document_id, 0) + parts.get(None, 0) >= one.amount.minor
            for movement, parts in brought.get((one.customer_id, one.amount.currency), {}).items()
        )
    }


def _movements_naming(tx: Tx, end_to_end_ids: Collection[str]) -> dict[str, set[str]]:
    b = bank_transaction.c
    found: dict[str, set[str]] = {}
    for row in tx.connection.execute(
        select(b.id, b.end_to_end_id).where(
            b.tenant_id == tx.tenant_id, b.end_to_end_id.in_(sorted(end_to_end_ids))
        )
    ):
        found.setdefault(row.end_to_end_id, set()).add(str(row.id))
    return found


def _brought(
    tx: Tx, customer_ids: Collection[UUID]
) -> dict[tuple[UUID, str], dict[str, dict[UUID | None, int]]]:
    """By account what each movement brought, by document; None is credit."""
    t = account_transaction.c
    found: dict[tuple[UUID, str], dict[str, dict[UUID | None, int]]] = {}
    for row in tx.connection.execute(
        select(t.customer_id, t.currency, t.source, t.document_id, t.amount).where(
            t.tenant_id == tx.tenant_id,
            t.customer_id.in_(sorted(customer_ids)),
            t.fact == AccountFact.PAYMENT,
        ),
        execution_options={"yield_per": _PAGE},
    ):
        movement = row.source.split(":")[1]
        if len(movement) != _MOVEMENT:
            continue
        parts = found.setdefault((row.customer_id, row.currency), {}).setdefault(movement, {})
        parts[row.document_id] = parts.get(row.document_id, 0) - row.amount
    return found


def returned_amounts(tx: Tx, movement_ids: Collection[UUID]) -> dict[str, list[int]]:
    """What each booking of these returns took back, by the movement's id as text."""
    c = allocation.c
    taken: dict[tuple[str, str], int] = {}
    for row in tx.connection.execute(
        select(c.movement_id, c.entry_key, c.amount).where(
            c.tenant_id == tx.tenant_id,
            c.movement_id.in_(sorted(movement_ids)),
            c.entry_key.startswith("ret:", autoescape=True),
        )
    ):
        key = str(row.movement_id), row.entry_key.rpartition(":")[0]
        taken[key] = taken.get(key, 0) - row.amount
    found: dict[str, list[int]] = {}
    for (movement, _), minor in taken.items():
        found.setdefault(movement, []).append(minor)
    return found


def posted_fees(tx: Tx, entry_keys: Collection[str]) -> dict[str, Money]:
    """What these entries post as cost of payment traffic."""
    e = journal_entry.c
    rows = tx.connection.execute(
        select(e.entry_key, e.currency, func.sum(leg.c.minor).label("total"))
        .join(leg, (leg.c.tenant_id == e.tenant_id) & (leg.c.entry_seq == e.seq))
        .where(
            e.tenant_id == tx.tenant_id,
            e.entry_key.in_(sorted(entry_keys)),
            leg.c.slot == Slot.BANK_FEES,
            leg.c.side == Side.DEBIT,
        )
        .group_by(e.entry_key, e.currency)
    )
    return {row.entry_key: Money(int(row.total), row.currency) for row in rows}


def crowded_documents(tx: Tx) -> Iterator[tuple[str, int]]:
    """Documents that more than one attempt may still become money of, and how many."""
    rows = tx.connection.execute(
        select(document.c.number, func.count().label("live"))
        .join(
            payment_attempt,
            (document.c.tenant_id == a.tenant_id) & (document.c.id == a.document_id),
        )
        .where(a.tenant_id == tx.tenant_id, a.state.in_(sorted(LIVE)))
        .group_by(document.c.number)
        .having(func.count() > 1)
        .order_by(document.c.number)
    )
    for row in rows:
        yield row.number, row.live

"""What payments need to know of documents: which are named, what is open, what settled them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from faktura.kernel.bank_terms import MovementState
from faktura.kernel.money import Money
from faktura.kernel.terms import DocumentKind
from faktura.store.accounts import Allocation, allocation_from_row
from faktura.store.batches import in_batches
from faktura.store.tables import allocation, bank_transaction, document, open_item
from faktura.store.transaction import Tx

_NUMBERS_A_QUERY = 500


@dataclass(frozen=True, slots=True)
class DocumentState:
    """A document and what is open of it: nothing when it is settled, negative for credit."""

    id: UUID
    number: str
    kind: DocumentKind
    customer_id: UUID
    open: Money
    issued_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Paid:
    """An allocation with the movement it comes from; a return finds its payment by these."""

    allocation: Allocation
    booked_on: date | None
    end_to_end_id: str | None


def open_states(tx: Tx) -> list[DocumentState]:
    """All documents that are open, each customer's oldest due first; nobody holds their locks."""
    d, o = document.c, open_item.c
    rows = tx.connection.execute(
        select(d.id, d.number, d.kind, d.customer_id, d.currency, d.issued_on, d.due_on, o.open)
        .join(open_item, (o.tenant_id == d.tenant_id) & (o.document_id == d.id))
        .where(o.tenant_id == tx.tenant_id)
        .order_by(d.customer_id, d.due_on, d.id)
    )
    return [state_from_row(row) for row in rows]


def paid_since(tx: Tx, day: date) -> list[str]:
    """Numbers of documents that a movement booked since that day paid, whole or in part."""
    a, d, t = allocation.c, document.c, bank_transaction.c
    # Sets of their own: joined, SQLite begins with all documents.
    movements = select(t.id).where(t.tenant_id == tx.tenant_id, t.booked_on >= day)
    paid = select(a.document_id).where(a.tenant_id == tx.tenant_id, a.movement_id.in_(movements))
    return list(
        tx.connection.execute(
            select(d.number).where(d.tenant_id == tx.tenant_id, d.id.in_(paid))
        ).scalars()
    )


def known_numbers(tx: Tx, numbers: Iterable[str]) -> list[str]:
    """Which of these numbers documents have, settled or not."""
    asked = sorted(numbers)
    found: list[str] = []
    for first in range(0, len(asked), _NUMBERS_A_QUERY):
        found += tx.connection.execute(
            select(document.c.number).where(
                document.c.tenant_id == tx.tenant_id,
                document.c.number.in_(asked[first : first + _NUMBERS_A_QUERY]),
            )
        ).scalars()
    return found


def owners_of(tx: Tx, numbers: Iterable[str]) -> dict[str, UUID]:
    """Whose these documents are, by number; numbers nobody has are absent."""
    found: dict[str, UUID] = {}
    for batch in in_batches(numbers):
        rows = tx.connection.execute(
            select(document.c.number, document.c.customer_id).where(
                document.c.tenant_id == tx.tenant_id, document.c.number.in_(batch)
            )
        )
        found.update((row.number, row.customer_id) for row in rows)
    return found


def booked_by(tx: Tx, end_to_end_ids: Iterable[str]) -> dict[UUID, str]:
    """Booked movements with these end-to-end ids, and the id of each."""
    t = bank_transaction.c
    rows = tx.connection.execute(
        select(t.id, t.end_to_end_id).where(
            t.tenant_id == tx.tenant_id,
            t.state == MovementState.BOOKED,
            t.end_to_end_id.in_(list(end_to_end_ids)),
        )
    )
    return {row.id: row.end_to_end_id for row in rows}


def numbers_paid_by(tx: Tx, movement_ids: Iterable[UUID]) -> set[str]:
    """Documents that these movements have settled, though they may have been returned."""
    a, d = allocation.c, document.c
    found: set[str] = set()
    for batch in in_batches(movement_ids):
        found |= set(
            tx.connection.execute(
                select(d.number)
                .join(allocation, (a.tenant_id == d.tenant_id) & (a.document_id == d.id))
                .where(a.tenant_id == tx.tenant_id, a.movement_id.in_(batch))
            ).scalars()
        )
    return found


def read_document_states(tx: Tx, numbers: Iterable[str]) -> list[DocumentState]:
    """These documents as they stand now; the caller holds their customers' locks."""
    d, o = document.c, open_item.c
    found: list[DocumentState] = []
    for batch in in_batches(numbers):
        rows = tx.connection.execute(
            select(d.id, d.number, d.kind, d.customer_id, d.currency, d.issued_on, d.due_on, o.open)
            .outerjoin(open_item, (o.tenant_id == d.tenant_id) & (o.document_id == d.id))
            .where(d.tenant_id == tx.tenant_id, d.number.in_(batch))
        )
        found += [state_from_row(row) for row in rows]
    return found


def state_from_row(row: Any) -> DocumentState:
    """The state behind a row of a document with what is open of it; None is nothing."""
    return DocumentState(
        row.id,
        row.number,
        DocumentKind(row.kind),
        row.customer_id,
        Money(row.open or 0, row.currency),
        row.issued_on,
        row.due_on,
    )


def read_paid(tx: Tx, document_ids: Iterable[UUID]) -> list[Paid]:
    """All allocations of these documents, each document's in order."""
    return [paid for batch in in_batches(document_ids) for paid in _paid(tx, batch)]


def _paid(tx: Tx, document_ids: Sequence[UUID]) -> list[Paid]:
    a, t = allocation.c, bank_transaction.c
    rows = tx.connection.execute(
        select(allocation, t.booked_on, t.end_to_end_id)
        .outerjoin(bank_transaction, (t.tenant_id == a.tenant_id) & (t.id == a.movement_id))
        .where(a.tenant_id == tx.tenant_id, a.document_id.in_(document_ids))
        .order_by(a.document_id, a.no)
    )
    return [
        Paid(
            allocation_from_row(row),
            row.booked_on,
            row.end_to_end_id,
        )
        for row in rows
    ]

"""How one document stands: what is open of it, and what happened on the account because of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from faktura.domain.account import AccountTransaction
from faktura.domain.documents import DocumentRecord
from faktura.domain.standing_allocations import standing_numbers
from faktura.kernel.money import Money
from faktura.store.accounts import Allocation, read_allocations, transaction_from_row
from faktura.store.batches import in_batches
from faktura.store.tables import account_transaction, allocation, document, open_item
from faktura.store.transaction import Tx
from faktura.store.written_off import WRITE_OFF_KEYS


@dataclass(frozen=True, slots=True)
class Settled:
    """A document's open amount, its account transactions in recording order, its allocations."""

    open: Money
    transactions: Sequence[AccountTransaction]
    allocations: Sequence[Allocation]

    @property
    def written_off(self) -> bool:
        """Whether a write-off of it stands."""
        standing = standing_numbers((one.no, one.reverses_no) for one in self.allocations)
        return any(
            one.entry_key.startswith(WRITE_OFF_KEYS)
            and one.reverses_no is None
            and one.no in standing
            for one in self.allocations
        )


def read_settled(tx: Tx, document: DocumentRecord) -> Settled:
    """What the customer's account says about the document; other documents' rows stay out."""
    allocations = read_allocations(tx, document.id)
    return Settled(
        _open(tx, document), _transactions(tx, document, allocations), tuple(allocations)
    )


def _open(tx: Tx, document: DocumentRecord) -> Money:
    o = open_item.c
    minor = tx.connection.execute(
        select(o.open).where(o.tenant_id == tx.tenant_id, o.document_id == document.id)
    ).scalar_one_or_none()
    return Money(minor or 0, document.currency)


def _transactions(
    tx: Tx, document: DocumentRecord, allocations: Sequence[Allocation]
) -> list[AccountTransaction]:
    t = account_transaction.c
    # A transfer that pays several documents names none of them: its allocations do.
    touches: ColumnElement[bool] = (t.document_id == document.id) | t.no.in_(
        {allocation.transaction_no for allocation in allocations}
    )
    rows = tx.connection.execute(
        select(account_transaction)
        .where(
            t.tenant_id == tx.tenant_id,
            t.customer_id == document.customer_id,
            t.currency == document.currency,
            touches,
        )
        .order_by(t.no)
    )
    return [transaction_from_row(row) for row in rows]


@dataclass(frozen=True, slots=True)
class OpenRest:
    """What is open of a document, and the number that its next allocation gets."""

    open: Money
    next_no: int


def open_rests(tx: Tx, document_ids: Sequence[UUID]) -> dict[UUID, OpenRest]:
    """How documents stand; nothing is open of a settled one. Their customers are locked."""
    d, o, a = document.c, open_item.c, allocation.c
    found: dict[UUID, OpenRest] = {}
    for batch in in_batches(document_ids):
        last = (
            select(a.document_id, func.max(a.no).label("no"))
            .where(a.tenant_id == tx.tenant_id, a.document_id.in_(batch))
            .group_by(a.document_id)
            .subquery()
        )
        rows = tx.connection.execute(
            select(d.id, d.currency, o.open, last.c.no)
            .outerjoin(open_item, (o.tenant_id == d.tenant_id) & (o.document_id == d.id))
            .outerjoin(last, last.c.document_id == d.id)
            .where(d.tenant_id == tx.tenant_id, d.id.in_(batch))
        )
        for row in rows:
            rest = Money(row.open or 0, row.currency)
            found[row.id] = OpenRest(rest, (row.no or 0) + 1)
    return found

"""Customer accounts: heads, transactions, allocations and open items."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update

from faktura.domain.account import AccountHead, AccountTransaction
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.key_lists import among_ids
from faktura.store.tables import account_transaction, allocation, document, open_item
from faktura.store.transaction import Tx

t = account_transaction.c


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A document that is not settled; `open` is negative for credit."""

    document_id: UUID
    customer_id: UUID
    number: str
    open: Money
    due_on: date


@dataclass(frozen=True, slots=True)
class Allocation:
    """A part of an account transaction that counts for a document; negative when reversed."""

    document_id: UUID
    no: int
    customer_id: UUID
    transaction_no: int
    amount: Money
    movement_id: UUID | None
    entry_key: str
    reverses_no: int | None = None


def allocation_from_row(row: Any) -> Allocation:
    """The allocation behind a row of all the table's columns."""
    return Allocation(
        row.document_id,
        row.no,
        row.customer_id,
        row.transaction_no,
        Money(row.amount, row.currency),
        row.movement_id,
        row.entry_key,
        row.reverses_no,
    )


_last = (
    select(t.customer_id, t.currency, func.max(t.no).label("no"))
    .where(t.tenant_id == bindparam("of_tenant"), among_ids(t.customer_id, "ids"))
    .group_by(t.customer_id, t.currency)
    .subquery()
)
# Built once: building a statement costs more than running it.
_HEADS = select(t.customer_id, t.currency, t.no, t.balance_after).join(
    _last,
    (t.tenant_id == bindparam("of_tenant"))
    & (t.customer_id == _last.c.customer_id)
    & (t.currency == _last.c.currency)
    & (t.no == _last.c.no),
)


def account_heads(tx: Tx, customer_ids: Iterable[UUID]) -> dict[tuple[UUID, str], AccountHead]:
    """Where accounts stand, by (customer, currency); accounts without transactions are absent."""
    found: dict[tuple[UUID, str], AccountHead] = {}
    for batch in in_batches(customer_ids):
        found |= _heads(tx, batch)
    return found


def _heads(tx: Tx, customer_ids: Sequence[UUID]) -> dict[tuple[UUID, str], AccountHead]:
    asked = {"of_tenant": tx.tenant_id, "ids": list(customer_ids)}
    rows = tx.connection.execute(_HEADS, asked)
    return {
        (row.customer_id, row.currency): AccountHead(row.no, Money(row.balance_after, row.currency))
        for row in rows
    }


def read_account(tx: Tx, customer_id: UUID, currency: str) -> list[AccountTransaction]:
    """A customer's account in recording order."""
    rows = tx.connection.execute(
        select(account_transaction)
        .where(t.tenant_id == tx.tenant_id, t.customer_id == customer_id, t.currency == currency)
        .order_by(t.no)
    )
    return [transaction_from_row(row) for row in rows]


def transaction_from_row(row: Any) -> AccountTransaction:
    """The transaction behind a row of all the table's columns."""
    return AccountTransaction(
        row.customer_id,
        row.no,
        AccountFact(row.fact),
        row.value_date,
        row.text,
        row.source,
        Money(row.amount, row.currency),
        Money(row.balance_after, row.currency),
        row.document_id,
        row.remittance,
    )


def write_open_items(tx: Tx, items: Sequence[OpenItem]) -> None:
    """Add documents that are now open."""
    bulk_write(tx, open_item, open_item_rows(tx, items))


def open_item_rows(tx: Tx, items: Sequence[OpenItem]) -> list[Row]:
    """Open documents as rows of their table."""
    return [
        (
            tx.tenant_id,
            item.document_id,
            item.customer_id,
            item.number,
            item.open.currency,
            item.open.minor,
            item.due_on,
        )
        for item in items
    ]


def read_open_items(tx: Tx, *, customer_id: UUID | None = None) -> list[OpenItem]:
    """Open items, oldest due date first."""
    query = select(open_item).where(open_item.c.tenant_id == tx.tenant_id)
    if customer_id is not None:
        query = query.where(open_item.c.customer_id == customer_id)
    rows = tx.connection.execute(query.order_by(open_item.c.due_on, open_item.c.number))
    return [
        OpenItem(
            row.document_id, row.customer_id, row.number, Money(row.open, row.currency), row.due_on
        )
        for row in rows
    ]


def settle_open_items(tx: Tx, allocations: Iterable[Allocation]) -> None:
    """Rewrite the open items that new allocations touch; the rows themselves are facts (facts.py)."""
    changes: dict[UUID, int] = {}
    for new in allocations:
        changes[new.document_id] = changes.get(new.document_id, 0) + new.amount.minor
    # Paid and returned in one go: what was open before is open now, or as settled as before.
    changed = {document_id: change for document_id, change in changes.items() if change}
    for batch in in_batches(list(changed)):
        _settle(tx, {document_id: changed[document_id] for document_id in batch})


def _settle(tx: Tx, changes: Mapping[UUID, int]) -> None:
    """Lower what is open of documents; settled ones leave the table, reopened ones return."""
    o = open_item.c
    own = (o.tenant_id == tx.tenant_id) & o.document_id.in_(changes)
    present = set(tx.connection.execute(select(o.document_id).where(own)).scalars())
    rows = [{"own": key, "change": change} for key, change in changes.items() if key in present]
    if rows:
        tx.connection.execute(
            update(open_item)
            .where(o.tenant_id == tx.tenant_id, o.document_id == bindparam("own"))
            .values(open=o.open - bindparam("change")),
            rows,
        )
        tx.connection.execute(delete(open_item).where(own, o.open == 0))
    missing = [key for key in changes if key not in present]
    if missing:
        _reopen(tx, {key: changes[key] for key in missing})


def _reopen(tx: Tx, changes: Mapping[UUID, int]) -> None:
    d = document.c
    rows = tx.connection.execute(
        select(d.id, d.customer_id, d.number, d.currency, d.due_on).where(
            d.tenant_id == tx.tenant_id, d.id.in_(changes)
        )
    )
    items = [
        OpenItem(
            row.id, row.customer_id, row.number, Money(-changes[row.id], row.currency), row.due_on
        )
        for row in rows
    ]
    write_open_items(tx, items)


def read_allocations(tx: Tx, document_id: UUID) -> list[Allocation]:
    """A document's allocations in order."""
    a = allocation.c
    rows = tx.connection.execute(
        select(allocation)
        .where(a.tenant_id == tx.tenant_id, a.document_id == document_id)
        .order_by(a.no)
    )
    return [allocation_from_row(row) for row in rows]

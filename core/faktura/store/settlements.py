"""How one document stands: what is open of it, and what happened on the account because of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from faktura.domain.account import AccountTransaction
from faktura.domain.documents import DocumentRecord
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact
from faktura.store.accounts import Allocation, read_allocations
from faktura.store.tables import account_transaction, open_item
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Settled:
    """A document's open amount, its account transactions in recording order, its allocations."""

    open: Money
    transactions: Sequence[AccountTransaction]
    allocations: Sequence[Allocation]


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
    return [
        AccountTransaction(
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
        for row in rows
    ]

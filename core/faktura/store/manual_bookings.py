"""What a booking that a person recorded left on an account, and which documents it settled (F106)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from faktura.domain.account import AccountTransaction
from faktura.store.accounts import transaction_from_row
from faktura.store.tables import account_transaction, allocation, document
from faktura.store.transaction import Tx


def transactions_of(
    tx: Tx, customer_id: UUID, sources: Collection[str]
) -> list[AccountTransaction]:
    """The transactions of these sources on a customer's account, in recording order."""
    t = account_transaction.c
    rows = tx.connection.execute(
        select(account_transaction)
        .where(
            t.tenant_id == tx.tenant_id,
            t.customer_id == customer_id,
            t.source.in_(sorted(sources)),
        )
        .order_by(t.currency, t.no)
    )
    return [transaction_from_row(row) for row in rows]


def numbers_settled_by(tx: Tx, customer_id: UUID, entry_keys: Collection[str]) -> set[str]:
    """Documents of a customer for which entries of these keys counted, though they may not now."""
    t, a, d = account_transaction.c, allocation.c, document.c
    # By the account, which lies together: no index leads from an entry's key to its allocation.
    own = select(t.document_id).where(
        t.tenant_id == tx.tenant_id, t.customer_id == customer_id, t.document_id.is_not(None)
    )
    rows = tx.connection.execute(
        select(d.number)
        .join(allocation, (a.tenant_id == d.tenant_id) & (a.document_id == d.id))
        .where(
            a.tenant_id == tx.tenant_id,
            a.document_id.in_(own),
            a.entry_key.in_(sorted(entry_keys)),
        )
    )
    return set(rows.scalars())

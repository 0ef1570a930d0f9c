"""When the transactions of a customer's account were recorded (F090)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from faktura.store.tables import account_transaction
from faktura.store.transaction import Tx


def recording_moments(tx: Tx, customer_id: UUID, currency: str) -> dict[int, datetime]:
    """The moment of each transaction, in UTC, by its number in the account."""
    t = account_transaction.c
    rows = tx.connection.execute(
        select(t.no, t.recorded_at).where(
            t.tenant_id == tx.tenant_id, t.customer_id == customer_id, t.currency == currency
        )
    )
    return {row.no: row.recorded_at for row in rows}

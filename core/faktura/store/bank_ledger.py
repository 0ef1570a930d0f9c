"""Which ledger account each bank account is booked on (F099, F106)."""

from sqlalchemy import select, update

from faktura.store.tables import bank_account
from faktura.store.transaction import Tx


def ledger_accounts(tx: Tx) -> dict[str, str | None]:
    """Ledger accounts by IBAN; None where a bank account has none yet."""
    b = bank_account.c
    rows = tx.connection.execute(
        select(b.iban, b.ledger_account).where(b.tenant_id == tx.tenant_id)
    )
    return {row.iban: row.ledger_account for row in rows}


def set_ledger_account(tx: Tx, iban: str, account: str) -> bool:
    """Set a bank account's ledger account; False when there is no such bank account."""
    b = bank_account.c
    done = tx.connection.execute(
        update(bank_account)
        .where(b.tenant_id == tx.tenant_id, b.iban == iban)
        .values(ledger_account=account)
        .returning(b.id)
    ).one_or_none()
    return done is not None

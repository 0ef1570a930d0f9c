"""Bank accounts: few rows, read whole."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from faktura.domain.bank_accounts import BankAccount
from faktura.kernel.bank_terms import Notifications
from faktura.store.tables import bank_account
from faktura.store.transaction import Tx


def write_bank_account(tx: Tx, new: BankAccount) -> None:
    """Add an account; its IBAN is unique in the tenant."""
    tx.connection.execute(
        bank_account.insert().values(
            tenant_id=tx.tenant_id,
            id=new.id,
            iban=new.iban,
            bic=new.bic,
            holder=new.holder,
            currency=new.currency,
            ledger_account=new.ledger_account,
            notifications=new.notifications,
        )
    )


def read_bank_accounts(tx: Tx) -> list[BankAccount]:
    """All accounts, by IBAN."""
    rows = tx.connection.execute(
        select(bank_account)
        .where(bank_account.c.tenant_id == tx.tenant_id)
        .order_by(bank_account.c.iban)
    )
    return [_account(row) for row in rows]


def find_bank_account(tx: Tx, iban: str) -> BankAccount | None:
    """The account of that normalised IBAN."""
    row = tx.connection.execute(
        select(bank_account).where(
            bank_account.c.tenant_id == tx.tenant_id, bank_account.c.iban == iban
        )
    ).one_or_none()
    return None if row is None else _account(row)


def change_notifications(tx: Tx, account_id: UUID, notifications: Notifications) -> None:
    """What notifications are to an account from now on."""
    tx.connection.execute(
        update(bank_account)
        .where(bank_account.c.tenant_id == tx.tenant_id, bank_account.c.id == account_id)
        .values(notifications=notifications)
    )


def lock_bank_account(tx: Tx, account_id: UUID) -> None:
    """Lock an account, so that its statements are stored one upload after the other."""
    tx.connection.execute(
        select(bank_account.c.id)
        .where(bank_account.c.tenant_id == tx.tenant_id, bank_account.c.id == account_id)
        .with_for_update()
    ).one()


def _account(row: Any) -> BankAccount:
    return BankAccount(
        row.id,
        row.iban,
        row.holder,
        row.currency,
        row.bic or None,
        row.ledger_account or None,
        Notifications(row.notifications) if row.notifications else Notifications.DETAILS,
    )

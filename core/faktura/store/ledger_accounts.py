"""Ledger accounts: those people named, and those that anything posts to."""

from sqlalchemy import select, update

from faktura.store.tables import bank_account, ledger_account, leg, product_group
from faktura.store.transaction import Tx


def read_named_accounts(tx: Tx) -> dict[str, str]:
    """The names of accounts that people gave, by number."""
    a = ledger_account.c
    rows = tx.connection.execute(
        select(a.number, a.name).where(a.tenant_id == tx.tenant_id).order_by(a.number)
    )
    return {row.number: row.name for row in rows}


def write_named_account(tx: Tx, number: str, name: str) -> None:
    """Add an account with its name; there is none of that number."""
    tx.connection.execute(
        ledger_account.insert().values(
            tenant_id=tx.tenant_id, number=number, name=name, created_at=tx.now()
        )
    )


def rename_account(tx: Tx, number: str, name: str) -> None:
    """Give an account another name."""
    a = ledger_account.c
    tx.connection.execute(
        update(ledger_account)
        .where(a.tenant_id == tx.tenant_id, a.number == number)
        .values(name=name)
    )


def accounts_of_groups(tx: Tx) -> dict[str, str]:
    """The revenue accounts of product groups, each with the name of the first group by key."""
    g = product_group.c
    rows = tx.connection.execute(
        select(g.revenue_account, g.name)
        .where(g.tenant_id == tx.tenant_id, g.revenue_account.is_not(None))
        .order_by(g.key.desc())
    )
    return {row.revenue_account: row.name for row in rows}


def accounts_of_banks(tx: Tx) -> dict[str, str]:
    """The ledger accounts of bank accounts, each with the first IBAN."""
    b = bank_account.c
    rows = tx.connection.execute(
        select(b.ledger_account, b.iban)
        .where(b.tenant_id == tx.tenant_id, b.ledger_account.is_not(None))
        .order_by(b.iban.desc())
    )
    return {row.ledger_account: row.iban for row in rows}


def posted_accounts(tx: Tx) -> list[str]:
    """Every account that was ever posted to; reads the whole journal."""
    rows = tx.connection.execute(
        select(leg.c.account).where(leg.c.tenant_id == tx.tenant_id).distinct()
    )
    return list(rows.scalars())

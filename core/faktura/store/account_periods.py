"""A customer's account between two days, by value date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from faktura.domain.account import AccountTransaction
from faktura.kernel.money import Money
from faktura.store.accounts import transaction_from_row
from faktura.store.tables import account_transaction
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class AccountPeriod:
    """What the account came to before the first day, and its transactions of the days by value date."""

    opening: Money
    transactions: Sequence[AccountTransaction]


def read_account_period(
    tx: Tx, customer_id: UUID, currency: str, first: date, last: date
) -> AccountPeriod:
    """The account from the first to the last day, both inclusive; ties in recording order."""
    t = account_transaction.c
    own = (t.tenant_id == tx.tenant_id) & (t.customer_id == customer_id) & (t.currency == currency)
    before = tx.connection.execute(
        select(func.coalesce(func.sum(t.amount), 0)).where(own, t.value_date < first)
    ).scalar_one()
    rows = tx.connection.execute(
        select(account_transaction)
        .where(own, t.value_date >= first, t.value_date <= last)
        .order_by(t.value_date, t.no)
    )
    # PostgreSQL sums to a decimal.
    return AccountPeriod(
        Money(int(before), currency), tuple(transaction_from_row(row) for row in rows)
    )

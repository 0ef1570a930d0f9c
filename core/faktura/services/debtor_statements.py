"""A customer's account in either order, each row with the balance after it (F090, F091).

Rows that are left out count in the opening balance: filters never change a balance.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile, takewhile

from faktura.domain.tenants import Tenant
from faktura.kernel.clock import zone
from faktura.kernel.errors import OutOfRange
from faktura.kernel.money import Money
from faktura.services.customers import AccountOrder, AccountRow, AccountView, show_customer
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class AskedAccount:
    """Whose account, in which order, from the first to the last day, both inclusive.

    Days are value dates in that order, else local days of recording; None for no end.
    """

    customer_number: str
    order: AccountOrder
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class DebtorStatement:
    """The account in one currency: what it came to before the rows, and after them."""

    opening: Money
    rows: tuple[AccountRow, ...]
    closing: Money


def debtor_statements(tx: Tx, tenant: Tenant, asked: AskedAccount) -> list[DebtorStatement]:
    """One statement for each currency that was ever used; raises NotFound, OutOfRange."""
    if asked.first is not None and asked.last is not None and asked.last < asked.first:
        raise OutOfRange(f"{asked.last} is before {asked.first}", place="until")
    local = zone(tenant.time_zone)

    def day_of(row: AccountRow) -> date:
        if asked.order is AccountOrder.VALUE:
            return row.transaction.value_date
        return row.recorded_at.astimezone(local).date()

    accounts = show_customer(tx, asked.customer_number, asked.order).accounts
    return [_part(view, day_of, asked) for view in accounts]


def _part(
    view: AccountView, day_of: Callable[[AccountRow], date], asked: AskedAccount
) -> DebtorStatement:
    first, last = asked.first or date.min, asked.last or date.max
    # Not a filter: in recording order a clock may have been set back, and rows stay together.
    rows = tuple(
        takewhile(
            lambda row: day_of(row) <= last, dropwhile(lambda r: day_of(r) < first, view.rows)
        )
    )
    if rows:
        return DebtorStatement(rows[0].balance - rows[0].transaction.amount, rows, rows[-1].balance)
    before = [row.balance for row in takewhile(lambda row: day_of(row) < first, view.rows)]
    standing = before[-1] if before else Money.zero(view.balance.currency)
    return DebtorStatement(standing, (), standing)

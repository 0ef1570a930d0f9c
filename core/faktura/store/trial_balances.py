"""What stands on each account: opening balance, debits and credits between two days."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from faktura.kernel.money import Money
from faktura.kernel.terms import Side
from faktura.store.journal import BOOKED_ON
from faktura.store.tables import journal_entry, leg
from faktura.store.transaction import Tx

# Of this transaction alone. Millions of entries are joined in memory instead of on disk, and to
# compile the query would take longer than it gains.
_SETTINGS = ("SET LOCAL work_mem = '64MB'", "SET LOCAL jit = off")


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """An account between two days: its balance before, debits, credits (debits positive)."""

    account: str
    opening: Money
    debit: Money
    credit: Money

    @property
    def balance(self) -> Money:
        """What stands on it at the end: the opening, plus debits, minus credits."""
        return self.opening + self.debit - self.credit


def account_balances(
    tx: Tx, until: date | None = None, *, start: date | None = None
) -> list[AccountBalance]:
    """Every account's sums by currency and account, in one query whatever the journal's size.

    By accounting dates from `start` to `until`, both inclusive; what lies before is the opening.
    """
    if tx.is_postgresql:
        for setting in _SETTINGS:
            tx.connection.exec_driver_sql(setting)
    sums: dict[tuple[str, str], list[int]] = {}
    for row in tx.connection.execute(_sums(tx, start, until)):
        of = sums.setdefault((row.currency, row.account), [0, 0, 0])
        is_debit = row.side == Side.DEBIT
        of[0] += int(row.before) if is_debit else -int(row.before)
        of[1 if is_debit else 2] += int(row.total) - int(row.before)
    return [
        AccountBalance(account, *(Money(minor, currency) for minor in amounts))
        for (currency, account), amounts in sorted(sums.items())
    ]


def _sums(tx: Tx, start: date | None, until: date | None) -> Select[Any]:
    e, side = journal_entry.c, leg.c
    before: ColumnElement[int] = literal(0)
    if start is not None:
        before = func.coalesce(func.sum(side.minor).filter(start > BOOKED_ON), 0)
    query = (
        select(
            e.currency,
            side.account,
            side.side,
            before.label("before"),
            func.sum(side.minor).label("total"),
        )
        .select_from(journal_entry)
        .join(leg, (side.tenant_id == e.tenant_id) & (side.entry_seq == e.seq))
        .where(e.tenant_id == tx.tenant_id)
        .group_by(e.currency, side.account, side.side)
    )
    return query if until is None else query.where(until >= BOOKED_ON)

"""Balances at the ends of days by accounting date: of ledger accounts, and of customers on them.

A customer's account knows value dates only. Its balance on a day is therefore what stands on it
today less what the journal booked for it afterwards. Where account and journal agree as a whole,
that is exact for every day; where they do not, every row of the customer shows it.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import case, func, select

from faktura.kernel.money import Money
from faktura.kernel.periods import Interval, boundary
from faktura.kernel.terms import IntervalUnit, Side
from faktura.plugin import AccountBalanceData
from faktura.store.journal import BOOKED_ON
from faktura.store.streams import streamed
from faktura.store.tables import journal_entry, leg
from faktura.store.transaction import Tx

Amiss = Mapping[tuple[str, str], int]

_SIGNED = case((leg.c.side == Side.DEBIT, leg.c.minor), else_=-leg.c.minor)
_MONTH = Interval(1, IntervalUnit.MONTH)


def month_ends(start: date, end: date) -> list[date]:
    """The day before `start` and the last days of months within `start`..`end`, both inclusive."""
    days = [start - timedelta(days=1)]
    first = start.replace(day=1)
    no = 1
    while (last := boundary(first, _MONTH, no) - timedelta(days=1)) <= end:
        days.append(last)
        no += 1
    return days


def standing_on(tx: Tx, on: date, amiss: Amiss) -> Iterator[AccountBalanceData]:
    """What every account comes to at the end of that day, its customers behind it; streamed.

    `amiss` is by how much a customer's account differs from the journal, by (debtor, currency).
    """
    collective = _collective(tx)
    for account, rows in groupby(_sums(tx, on), key=lambda row: row.account):
        for row in rows:
            yield _balance(on, row, None, row.minor)
        if account in collective:
            for row in _sums(tx, on, account):
                minor = row.minor + amiss.get((row.debtor, row.currency), 0)
                yield _balance(on, row, row.debtor, minor)


def _balance(on: date, row: Any, debtor: str | None, minor: int) -> AccountBalanceData:
    # PostgreSQL sums to NUMERIC.
    balance = Money(int(minor), row.currency).decimal
    return AccountBalanceData(
        on=on, account=row.account, currency=row.currency, balance=balance, debtor=debtor
    )


def _collective(tx: Tx) -> frozenset[str]:
    """The accounts that customers stand on."""
    query = select(leg.c.account).where(leg.c.tenant_id == tx.tenant_id, leg.c.debtor.is_not(None))
    return frozenset(tx.connection.execute(query.distinct()).scalars())


def _sums(tx: Tx, on: date, collective: str | None = None) -> Iterator[Any]:
    """The sums of all accounts by number, or of the customers on a collective one."""
    e, side = journal_entry.c, leg.c
    by = [side.account, e.currency]
    of = [e.tenant_id == tx.tenant_id, on >= BOOKED_ON]
    if collective is not None:
        by = [side.account, side.debtor, e.currency]
        of += [side.account == collective, side.debtor.is_not(None)]
    query = (
        select(*by, func.sum(_SIGNED).label("minor"))
        .select_from(journal_entry)
        .join(leg, (side.tenant_id == e.tenant_id) & (side.entry_seq == e.seq))
        .where(*of)
        .group_by(*by)
        .order_by(*by)
    )
    return streamed(tx, query)

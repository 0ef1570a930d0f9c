"""The batch as the steps of a set of books: what was carried in, entries, what must be the balance.

hledger and beancount differ in how they write this, not in what there is to write.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from faktura.kernel.errors import ExportRefused
from faktura.plugin import AccountBalanceData, ExportBatch, ExportSource, JournalEntryData
from faktura_journal.entries import checked_entries, signed

OPENING = "Opening balances"
LEFT_OUT = "Entries that this export leaves out"


class Place(NamedTuple):
    """Where an amount stands: an account, or a debtor's personal account below it."""

    account: str
    debtor: str | None = None


class Purse(NamedTuple):
    """A place in one currency."""

    place: Place
    currency: str


@dataclass(frozen=True, slots=True)
class Carried:
    """Amounts that no entry of the batch explains, at the end of day `on`; they sum to zero."""

    on: date
    reason: str
    amounts: Mapping[Purse, Decimal]


@dataclass(frozen=True, slots=True)
class Balanced:
    """What must be the balance of each place at the end of day `on`; an account includes its debtors."""

    on: date
    amounts: Mapping[Purse, Decimal]


Step = JournalEntryData | Carried | Balanced


def steps(batch: ExportBatch, source: ExportSource, *, debtors: bool) -> Iterator[Step]:
    """The steps in the order of days, streamed; `debtors`: balances of personal accounts too.

    Where the batch does not hold all entries (options, an earlier export), what is missing is
    carried at each month's end, so that the balances are those of the ledger. Raises ExportRefused
    as `checked_entries`, and where the debtors' accounts do not make up the collective account.
    """
    entries = checked_entries(batch, source)
    waiting = next(entries, None)
    ledger = _Ledger()
    rows = (row for row in source.balances() if debtors or row.debtor is None)
    for on, of_day in groupby(rows, key=lambda row: row.on):
        stated = _Stated(of_day)
        while waiting is not None and waiting.booked_on <= on:
            ledger.post(waiting)
            yield waiting
            waiting = next(entries, None)
        if missing := stated.beyond(ledger, on):
            ledger.carry(missing)
            yield Carried(on, OPENING if on < batch.start else LEFT_OUT, missing)
        yield Balanced(on, stated.amounts)
    if waiting is not None:
        yield waiting
        yield from entries


class _Ledger:
    """Running totals of the steps so far."""

    def __init__(self) -> None:
        self.parts: defaultdict[Purse, Decimal] = defaultdict(Decimal)
        self.totals: defaultdict[Purse, Decimal] = defaultdict(Decimal)

    def post(self, entry: JournalEntryData) -> None:
        """Take an entry in."""
        for leg in entry.legs:
            self._add(Purse(Place(leg.account, leg.debtor), entry.currency), signed(leg))

    def carry(self, amounts: Mapping[Purse, Decimal]) -> None:
        """Take amounts without an entry in."""
        for purse, amount in amounts.items():
            self._add(purse, amount)

    def _add(self, purse: Purse, amount: Decimal) -> None:
        self.parts[purse] += amount
        self.totals[_whole(purse)] += amount


class _Stated:
    """The balances of one day as the source states them."""

    def __init__(self, rows: Iterable[AccountBalanceData]) -> None:
        self.amounts = {
            Purse(Place(row.account, row.debtor), row.currency): row.balance for row in rows
        }
        self._divided = {_whole(purse) for purse in self.amounts if purse.place.debtor is not None}

    def beyond(self, ledger: _Ledger, on: date) -> dict[Purse, Decimal]:
        """What the ledger lacks, by place, without what is nothing."""
        lacking: dict[Purse, Decimal] = {}
        for purse, balance in self.amounts.items():
            if purse.place.debtor is None:
                self._check(purse, ledger, on)
            if purse in self._divided:
                continue
            found = ledger.parts if purse.place.debtor is not None else ledger.totals
            if difference := balance - found[purse]:
                lacking[purse] = difference
        return lacking

    def _check(self, whole: Purse, ledger: _Ledger, on: date) -> None:
        """Debtors that the source does not list are as the entries left them."""
        if whole not in self._divided:
            return
        listed = {p: a for p, a in self.amounts.items() if _whole(p) == whole and p != whole}
        others = (a for p, a in ledger.parts.items() if _whole(p) == whole and p not in listed)
        total = sum(listed.values()) + sum(others)
        if total != self.amounts[whole]:
            raise ExportRefused(
                f"the debtors' accounts come to {total:f} {whole.currency} on {on}, the journal "
                f"has {self.amounts[whole]:f} on their collective account",
                place=f"account {whole.place.account}",
                mend="Run faktura verify to see which debtor, or set assert_debtors off",
            )


def _whole(purse: Purse) -> Purse:
    return Purse(Place(purse.place.account), purse.currency)

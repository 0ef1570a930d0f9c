"""Journal entries for the exporters' kit: a month of a small company in SKR03, and a source of them."""

import weakref
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial

from typing_extensions import override

from faktura.kernel.terms import EntryKind, Side, Slot, TaxCase
from faktura.plugin import (
    AccountData,
    DebtorData,
    ExportBatch,
    JournalEntryData,
    LegData,
)
from faktura.testing.export_sources import GivenSource
from faktura.testing.kit.surroundings import KIT_NOW

START, END = date(2031, 2, 1), date(2031, 2, 28)
ACCOUNTS = tuple(
    AccountData(number=number, name=name)
    for number, name in (
        ("1200", "Bank"),
        ("1400", "Forderungen"),
        ("1771", "Umsatzsteuer 7 %"),
        ("1776", "Umsatzsteuer 19 %"),
        ("8300", "Erlöse 7 %"),
        ("8400", "Erlöse 19 %"),
    )
)
DEBTOR = DebtorData(
    account="10001", customer_number="K-1", company="Müller & Söhne GmbH", due_days=14
)

_RATES = {"19": ("8400", "1776"), "7": ("8300", "1771")}


def batch(**changes: object) -> ExportBatch:
    """February 2031 in SKR03, in euros, with `changes`."""
    fields: dict[str, object] = {
        "number": 3,
        "start": START,
        "end": END,
        "created_at": KIT_NOW,
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "chart": "SKR03",
        "company": "Wattwerk Beispiel GmbH",
    }
    return ExportBatch.model_validate(fields | changes)


def leg(account: str, slot: Slot, side: Side, amount: str, **more: object) -> LegData:
    """A leg; its number is given when the entry is made."""
    fields = {"no": 1, "account": account, "slot": slot, "side": side, "amount": amount}
    return LegData.model_validate(fields | more)


def entry(seq: int, legs: Iterable[LegData], **changes: object) -> JournalEntryData:
    """An entry of 10 February 2031 under the document number RE-<seq>, with `changes`."""
    on = changes.get("booked_on", date(2031, 2, 10))
    fields: dict[str, object] = {
        "seq": seq,
        "key": f"kit:{seq}",
        "kind": EntryKind.INVOICE,
        "value_date": on,
        "booked_on": on,
        "recorded_at": datetime(2031, 2, 28, 23, 30, tzinfo=UTC),
        "currency": "EUR",
        "text": f"Rechnung RE-{seq}",
        "document_number": f"RE-{seq}",
        "customer_number": DEBTOR.customer_number,
        "customer_name": DEBTOR.company,
        "legs": tuple(one.model_copy(update={"no": no}) for no, one in enumerate(legs, 1)),
    }
    return JournalEntryData.model_validate(fields | changes)


def sale(seq: int, net: str, vat: str, gross: str, **changes: object) -> JournalEntryData:
    """An invoice at `rate` per cent, 19 if not given; `side` is that of the receivable."""
    rate = str(changes.pop("rate", "19"))
    owed = Side(str(changes.pop("side", Side.DEBIT)))
    earned = Side.CREDIT if owed is Side.DEBIT else Side.DEBIT
    revenue, tax = _RATES[rate]
    taxed = partial(leg, tax_case=TaxCase.STANDARD, tax_rate=rate, tax_country="DE")
    legs = [
        leg("1400", Slot.RECEIVABLES, owed, gross, debtor=DEBTOR.account),
        taxed(revenue, Slot.REVENUE, earned, net),
        taxed(tax, Slot.VAT, earned, vat),
    ]
    return entry(seq, legs, **changes)


def money_in(seq: int, amount: str, **changes: object) -> JournalEntryData:
    """A payment on the bank; with `side` C one that went back."""
    paid = Side(str(changes.pop("side", Side.DEBIT)))
    settled = Side.CREDIT if paid is Side.DEBIT else Side.DEBIT
    legs = [
        leg("1200", Slot.BANK, paid, amount),
        leg("1400", Slot.RECEIVABLES, settled, amount, debtor=DEBTOR.account),
    ]
    return entry(seq, legs, **({"kind": EntryKind.PAYMENT, "text": "Zahlung"} | changes))


MONTH: Sequence[JournalEntryData] = (
    sale(1, "100.00", "19.00", "119.00", booked_on=START),
    money_in(2, "119.00", booked_on=START),
    sale(3, "0.03", "0.01", "0.04"),
    sale(4, "8000000.00", "1520000.00", "9520000.00"),
    sale(5, "1234.50", "86.42", "1320.92", rate="7"),
    money_in(6, "0.01"),
    money_in(7, "1320.92", side=Side.CREDIT, text="Rücklastschrift"),
    sale(8, "100.00", "19.00", "119.00", side=Side.CREDIT, text="Storno", reverses_key="kit:1"),
    sale(9, "49.90", "9.48", "59.38", booked_on=END, value_date=date(2031, 1, 15)),
    money_in(10, "59.38", booked_on=END),
)
"""Ten entries in the order of the journal: from the first day to the last, a cent to millions."""


def source_of(entries: Iterable[JournalEntryData]) -> GivenSource:
    """A source with these entries, the accounts and the customer of the month."""
    return GivenSource(entries, accounts=ACCOUNTS, debtors=[DEBTOR])


class CountingSource(GivenSource):
    """Makes entries one by one as they are asked for, and counts how many are held at once."""

    def __init__(self, count: int) -> None:
        super().__init__(accounts=ACCOUNTS, debtors=[DEBTOR])
        self._count = count
        self._alive = 0
        self.most_alive = 0

    @override
    def entries(self) -> Iterator[JournalEntryData]:
        """The entries, each made new; `most_alive` is known when the export is over."""
        for seq in range(1, self._count + 1):
            made = sale(seq, "100.00", "19.00", "119.00")
            weakref.finalize(made, self._gone).atexit = False
            self._alive += 1
            self.most_alive = max(self.most_alive, self._alive)
            yield made
            del made

    def _gone(self) -> None:
        self._alive -= 1

"""The journal as text for beancount: entries, and the balances that it must find in them."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from typing_extensions import override

from faktura.kernel.money import Money
from faktura.plugin import (
    ExportBatch,
    ExportSource,
    JournalEntryData,
    LegData,
)
from faktura_journal.book_text import BookExporter, BookText
from faktura_journal.books import LEFT_OUT, Balanced, Carried, Place
from faktura_journal.entries import signed
from faktura_journal.plain_text import one_line

_DAY = timedelta(days=1)
_LINK = re.compile(r"[A-Za-z0-9/._-]+")
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})


class _Text(BookText):
    """The file being written."""

    @override
    def head(self, batch: ExportBatch, source: ExportSource) -> bytes:
        """What is said once; everything is open from the day on which opening balances stand."""
        since = batch.start - _DAY
        company = self._quoted("company", batch.company)
        lines = [
            f"; Journal from {batch.start} to {batch.end}, export {batch.number}",
            f'option "title" {company}',
            f'option "operating_currency" "{batch.currency}"',
        ]
        lines += [f"{since} commodity {code}" for code in sorted(self._currencies)]
        for place, called in self._names.used(source):
            lines.append(f"{since} open {self._account(place)}")
            if called:
                quoted = self._quoted(f"account {self._names.of(place)}, name", called)
                lines.append(f"  name: {quoted}")
        return ("\n".join(lines) + "\n").encode()

    def _account(self, place: Place) -> str:
        return f"{self._names.root(place)}:{self._names.of(place)}"

    def _amount(self, money: Money) -> str:
        self._currencies.add(money.currency)
        return f"{money.decimal:f} {money.currency}"

    def _quoted(self, place: str, meant: str) -> str:
        return f'"{self.notes.written(place, meant, one_line(meant)).translate(_ESCAPED)}"'

    @override
    def _entry(self, entry: JournalEntryData) -> None:
        place = f"entry {entry.key}"
        number = entry.document_number
        payee = self._quoted(f"{place}, customer", entry.customer_name or "")
        text = self._quoted(f"{place}, text", entry.text)
        title = f"{entry.booked_on} * {payee} {text}"
        # The documents' number ties an invoice and its payments together.
        self._write(
            f"{title} ^{number}" if number and _LINK.fullmatch(number) else title,
            f"  seq: {entry.seq}",
            *self._metadata(entry),
            *(line for leg in entry.legs for line in self._posting(entry, leg)),
        )

    def _metadata(self, entry: JournalEntryData) -> Iterator[str]:
        late = entry.value_date != entry.booked_on
        said = {
            "key": entry.key,
            "kind": entry.kind,
            "document": entry.document_number,
            "customer": entry.customer_number,
            "value-date": entry.value_date if late else None,
            "service-month": f"{entry.service_month:%Y-%m}" if entry.service_month else None,
            "reverses": entry.reverses_key,
        }
        for name, value in said.items():
            if value:
                yield f"  {name}: {self._quoted(f'entry {entry.key}, {name}', str(value))}"

    def _posting(self, entry: JournalEntryData, leg: LegData) -> Iterator[str]:
        amount = self._amount(Money.from_decimal(signed(leg), entry.currency))
        yield f"  {self._account(Place(leg.account, leg.debtor))}  {amount}"
        said = {
            "kost1": leg.cost_centre,
            "kost2": leg.cost_object,
            "tax-case": leg.tax_case,
            "tax-rate": None if leg.tax_rate is None else f"{leg.tax_rate:f}",
            "tax-country": leg.tax_country,
        }
        place = f"entry {entry.key}, leg {leg.no}"
        for name, value in said.items():
            if value:
                yield f"    {name}: {self._quoted(f'{place}, {name}', value)}"

    @override
    def _carried(self, step: Carried) -> None:
        lines = [f'{step.on} * "{step.reason}"']
        for purse, value in step.amounts.items():
            amount = self._amount(Money.from_decimal(value, purse.currency))
            lines.append(f"  {self._account(purse.place)}  {amount}")
        self._write(*lines)
        if step.reason is LEFT_OUT:
            self.notes.add(f"{step.on}: {LEFT_OUT} come to {len(step.amounts)} amounts")

    @override
    def _balanced(self, step: Balanced) -> None:
        # A balance of beancount is that of the morning; an account includes the debtors below it.
        morning = step.on + _DAY
        lines = []
        for purse, value in step.amounts.items():
            money = Money.from_decimal(value, purse.currency)
            account, amount = self._account(purse.place), f"{money.decimal:f} ~ 0.00"
            self._currencies.add(purse.currency)
            lines.append(f"{morning} balance {account}  {amount} {purse.currency}")
        self._write(*lines)


class BeancountExporter(BookExporter):
    """Writes one file: a transaction for each entry, balances on the day after each month's end."""

    target: ClassVar[str] = "beancount"
    hands_over: ClassVar[bool] = False
    suffix: ClassVar[str] = "beancount"
    text: ClassVar[type[BookText]] = _Text

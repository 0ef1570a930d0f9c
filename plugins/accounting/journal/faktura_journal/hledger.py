"""The journal as text for hledger: entries, and the balances that it must find in them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

from typing_extensions import override

from faktura.kernel.money import Money, minor_digits
from faktura.plugin import (
    ExportBatch,
    ExportSource,
    JournalEntryData,
    LegData,
)
from faktura_journal.account_roots import Root
from faktura_journal.book_text import BookExporter, BookText
from faktura_journal.books import LEFT_OUT, Balanced, Carried, Place
from faktura_journal.entries import signed
from faktura_journal.plain_text import one_line

_TYPES = {
    Root.ASSETS: "A",
    Root.LIABILITIES: "L",
    Root.EQUITY: "E",
    Root.INCOME: "R",
    Root.EXPENSES: "X",
}
# A comma ends a tag's value; brackets in the comment of a posting may be its date.
_IN_TAGS = str.maketrans({",": ";", "[": "(", "]": ")"})
# A semicolon begins a comment, a bar divides payee and note.
_IN_DESCRIPTIONS = str.maketrans({";": ",", "|": "/"})


class _Text(BookText):
    """The file being written."""

    @override
    def head(self, batch: ExportBatch, source: ExportSource) -> bytes:
        """What is said once: the currencies and accounts that occur in the body."""
        lines = [
            f"; Journal from {batch.start} to {batch.end}, export {batch.number}",
            "decimal-mark .",
        ]
        lines += [
            f"commodity 1000.{'0' * minor_digits(currency)} {currency}"
            for currency in sorted(self._currencies)
        ]
        for place, called in self._names.used(source):
            name = self._names.of(place)
            lines.append(f"account {name}  ; type:{_TYPES[self._names.root(place)]}")
            if called:
                lines.append(f"    ; name:{self._tagged(f'account {name}, name', called)}")
        return ("\n".join(lines) + "\n").encode()

    @override
    def _entry(self, entry: JournalEntryData) -> None:
        self._currencies.add(entry.currency)
        tags = "".join(f"\n    ; {name}:{value}" for name, value in self._tags(entry))
        # The status and the code stand before the text, so that nothing in it is taken for them.
        title = f"{entry.booked_on} * ({entry.seq}) {self._description(entry)}"
        self._write(title.rstrip() + tags, *(self._posting(entry, leg) for leg in entry.legs))

    def _description(self, entry: JournalEntryData) -> str:
        parts = [one_line(part) for part in (entry.customer_name, entry.text) if part]
        meant = [part for part in (entry.customer_name, entry.text) if part]
        written = [part.translate(_IN_DESCRIPTIONS) for part in parts]
        place = f"entry {entry.key}, text"
        return self.notes.written(place, " | ".join(meant), " | ".join(written))

    def _tags(self, entry: JournalEntryData) -> Iterator[tuple[str, str]]:
        place = f"entry {entry.key}"
        said = {
            "key": entry.key,
            "kind": entry.kind,
            "document": entry.document_number,
            "customer": entry.customer_number,
            "value-date": entry.value_date if entry.value_date != entry.booked_on else None,
            "service-month": f"{entry.service_month:%Y-%m}" if entry.service_month else None,
            "reverses": entry.reverses_key,
        }
        for name, value in said.items():
            if value:
                yield name, self._tagged(f"{place}, {name}", str(value))

    def _posting(self, entry: JournalEntryData, leg: LegData) -> str:
        name = self._names.of(Place(leg.account, leg.debtor))
        line = f"    {name}  {_amount(Money.from_decimal(signed(leg), entry.currency))}"
        said = {
            "kost1": leg.cost_centre,
            "kost2": leg.cost_object,
            "tax": leg.tax_case
            and f"{leg.tax_case} {leg.tax_rate or Decimal(0):f} {leg.tax_country or ''}",
        }
        place = f"entry {entry.key}, leg {leg.no}"
        tags = ", ".join(
            f"{tag}:{self._tagged(f'{place}, {tag}', value.strip())}"
            for tag, value in said.items()
            if value
        )
        return f"{line}  ; {tags}" if tags else line

    def _tagged(self, place: str, meant: str) -> str:
        return self.notes.written(place, meant, one_line(meant).translate(_IN_TAGS))

    @override
    def _carried(self, step: Carried) -> None:
        lines = [f"{step.on} * {step.reason}"]
        for purse, value in step.amounts.items():
            self._currencies.add(purse.currency)
            amount = _amount(Money.from_decimal(value, purse.currency))
            lines.append(f"    {self._names.of(purse.place)}  {amount}")
        self._write(*lines)
        if step.reason is LEFT_OUT:
            self.notes.add(f"{step.on}: {LEFT_OUT} come to {len(step.amounts)} amounts")

    @override
    def _balanced(self, step: Balanced) -> None:
        lines = [f"{step.on} * Balances"]
        for purse, value in step.amounts.items():
            self._currencies.add(purse.currency)
            zero = _amount(Money.zero(purse.currency))
            amount = _amount(Money.from_decimal(value, purse.currency))
            # `=*` includes the debtors below an account.
            lines.append(f"    {self._names.of(purse.place)}  {zero} =* {amount}")
        self._write(*lines)


def _amount(money: Money) -> str:
    return f"{money.decimal:f} {money.currency}"


class HledgerExporter(BookExporter):
    """Writes one file: a transaction for each entry, balance assertions at each month's end."""

    target: ClassVar[str] = "hledger"
    hands_over: ClassVar[bool] = False
    suffix: ClassVar[str] = "journal"
    text: ClassVar[type[BookText]] = _Text

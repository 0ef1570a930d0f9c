"""The exporter `ref-accounting`: one CSV file, a row for each leg."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, cast

from faktura.kernel.errors import ExportRefused
from faktura.kernel.terms import Side
from faktura.plugin import (
    AccountingExporter,
    AdapterSettings,
    ExportBatch,
    ExportFile,
    ExportSource,
    JournalEntryData,
    LegData,
)
from typing_extensions import override

from faktura_ref_accounting.cells import amount_cell, day_cell, safe_text, text_cell, unseen
from faktura_ref_accounting.settings import RefAccountingSettings

COLUMNS = ("key", "day", "account", "amount", "currency", "text", "customer")
_LINE_END = "\r\n"
_ACCOUNT = re.compile(r"[0-9]{4,9}")


class RefAccountingExporter(AccountingExporter):
    """Writes the entries as they come; what has to be written otherwise is noted."""

    target = "ref-accounting"
    Settings: ClassVar[type[AdapterSettings]] = RefAccountingSettings

    @override
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        """Yield one file; no entries give none. Raises ExportRefused with the entry."""
        content, rows = bytearray(), 0
        keys: list[str] = []
        notes: list[str] = []
        for entry in source.entries():
            _check(entry, batch)
            for row in self._rows(entry, notes):
                content += row.encode()
                rows += 1
            keys.append(entry.key)
        if keys:
            yield ExportFile(
                name=f"journal-{batch.start:%Y%m%d}.csv",
                media_type="text/csv; charset=utf-8",
                content=self._line(COLUMNS).encode() + bytes(content),
                rows=rows,
                entry_keys=tuple(keys),
                notes=tuple(notes),
            )

    def _rows(self, entry: JournalEntryData, notes: list[str]) -> Iterator[str]:
        said = [self._text(text, entry, notes) for text in (entry.text, entry.customer_name or "")]
        for leg in entry.legs:
            name = text_cell(entry.key), day_cell(entry.booked_on), leg.debtor or leg.account
            amount = amount_cell(_signed(leg), entry.currency), entry.currency
            yield self._line((*name, *amount, *said))

    def _text(self, text: str, entry: JournalEntryData, notes: list[str]) -> str:
        written = safe_text(text)
        if written != text:
            notes.append(f"entry {entry.key}: “{text}” is written as “{written}”")
        return text_cell(written)

    def _line(self, cells: tuple[str, ...]) -> str:
        return cast("RefAccountingSettings", self.settings).delimiter.join(cells) + _LINE_END


def _check(entry: JournalEntryData, batch: ExportBatch) -> None:
    """Raise ExportRefused for what would not be right in the books."""
    place = f"entry {entry.key}"
    if unseen(entry.text) or unseen(entry.customer_name or ""):
        raise ExportRefused("a text has signs that nobody sees", place=place)
    if not batch.start <= entry.booked_on <= batch.end:
        raise ExportRefused(f"{entry.booked_on} lies outside the batch", place=place)
    if sum(map(_signed, entry.legs)):
        raise ExportRefused("debits and credits differ", place=place)
    for leg in entry.legs:
        _check_leg(leg, place)


def _signed(leg: LegData) -> Decimal:
    return leg.amount if leg.side is Side.DEBIT else -leg.amount


def _check_leg(leg: LegData, place: str) -> None:
    for account in (leg.account, leg.debtor or leg.account):
        if not _ACCOUNT.fullmatch(account):
            raise ExportRefused(f"“{account}” is no account of ours", place=place)

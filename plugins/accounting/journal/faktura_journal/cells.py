"""Cells of a CSV file: text in quotes, everything else bare."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from faktura.kernel.errors import ExportRefused
from faktura.kernel.money import Money
from faktura_journal.columns import COLUMNS, Column, Kind, Row, Value
from faktura_journal.plain_text import Notes, as_cp1252, one_line
from faktura_journal.settings import Encoding, JournalCsvSettings

_FORMULA_SIGNS = ("=", "+", "-", "@")
_GUARD = "'"


class Cells:
    """Writes values as the settings say; what it changes is noted with entry and column."""

    def __init__(self, settings: JournalCsvSettings, zone: ZoneInfo, notes: Notes) -> None:
        self._settings = settings
        self._zone = zone
        self._notes = notes
        self._columns = [(name, COLUMNS[name]) for name in settings.columns]
        self._of_leg = [one for one in enumerate(self._columns) if one[1][1].of_leg]
        self._entry_key: str | None = None
        self._cells: list[str] = []
        self._narrow = settings.encoding is Encoding.CP1252
        self.encoding = "cp1252" if self._narrow else "utf-8"

    def of(self, row: Row) -> list[str]:
        """The cells of a row; raises ExportRefused for a code that the character set lacks.

        What all legs of an entry share is written, and noted, once.
        """
        if row.entry.key != self._entry_key:
            self._entry_key = row.entry.key
            self._cells = [self._cell(name, column, row) for name, column in self._columns]
        else:
            for index, (name, column) in self._of_leg:
                self._cells[index] = self._cell(name, column, row)
        return self._cells

    def _cell(self, name: str, column: Column, row: Row) -> str:
        value = column.value(row)
        if value is None:
            return ""
        if column.kind in (Kind.CODE, Kind.FREE_TEXT):
            return self._text(f"entry {row.entry.key}, column {name}", str(value), column.kind)
        return self._bare(value, column.kind, row.entry.currency)

    def _text(self, place: str, meant: str, kind: Kind) -> str:
        written = one_line(meant)
        if self._narrow and as_cp1252(written) != written:
            if kind is Kind.CODE:
                raise ExportRefused(
                    f"“{written}” does not exist in Windows-1252",
                    place=place,
                    mend="Only free text is transliterated: correct it, or choose UTF-8",
                )
            written = as_cp1252(written)
        if self._settings.guard_formulas and written.startswith(_FORMULA_SIGNS):
            written = _GUARD + written
        return _quoted(self._notes.written(place, meant, written))

    def _bare(self, value: Value, kind: Kind, currency: str) -> str:
        if isinstance(value, datetime):
            return value.astimezone(self._zone).isoformat()
        if isinstance(value, date):
            return value.strftime(self._settings.date_format)
        if isinstance(value, Decimal):
            exact = Money.from_decimal(value, currency).decimal if kind is Kind.AMOUNT else value
            text = f"{exact:f}".replace(".", self._settings.decimal_mark)
            return _quoted(text) if self._settings.delimiter in text else text
        return str(value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'

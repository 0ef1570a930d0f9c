"""The journal as a data carrier for a tax audit (Z3): tables as CSV, described by index.xml."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar

from typing_extensions import override

from faktura.plugin import (
    AccountingExporter,
    AdapterSettings,
    ExportBatch,
    ExportFile,
    ExportSource,
    Runtime,
)
from faktura_journal.gobd_index import DATE_FORMAT, DELIMITER, ENCAPSULATOR, LINE_END, index_xml
from faktura_journal.gobd_tables import TABLES, Carrier, Cell, Table
from faktura_journal.plain_text import Notes, one_line
from faktura_journal.settings import GobdSettings, own_settings

_JOURNAL = TABLES[0]


class GobdExporter(AccountingExporter):
    """Writes a file a table and index.xml last; tables without rows are left out."""

    target: ClassVar[str] = "gobd"
    hands_over: ClassVar[bool] = False
    Settings: ClassVar[type[AdapterSettings]] = GobdSettings

    def __init__(self, settings: AdapterSettings, runtime: Runtime) -> None:
        super().__init__(settings, runtime)
        self._own = own_settings(settings, GobdSettings)

    @override
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        """Yield the files; no entries give none. The entries are those of the table Journal.

        The official DTD that index.xml names is not among them: it belongs to its publisher.
        """
        carrier = Carrier(batch, source)
        measured: list[Measured] = []
        for table in TABLES:
            one = Measured(table)
            content, notes = _content(one, carrier)
            if not one.rows and table is _JOURNAL:
                return
            if not one.rows:
                continue
            measured.append(one)
            yield ExportFile(
                name=table.url,
                media_type="text/csv; charset=utf-8",
                content=content,
                rows=one.rows,
                entry_keys=tuple(carrier.keys) if table is _JOURNAL else (),
                notes=notes,
            )
        yield ExportFile(
            name="index.xml",
            media_type="application/xml",
            content=index_xml(batch, self._own.location, measured),
            rows=len(measured),
            entry_keys=(),
        )


@dataclass
class Measured:
    """A table and what its rows came to: how long texts are and how many decimals numbers have."""

    table: Table
    rows: int = 0
    widths: list[int] = field(init=False)
    """Of each column: the longest text, or the most decimals."""

    def __post_init__(self) -> None:
        self.widths = [0] * len(self.table.fields)

    def seen(self, column: int, width: int) -> None:
        """A cell of that width."""
        self.widths[column] = max(self.widths[column], width)


def _content(measured: Measured, carrier: Carrier) -> tuple[bytes, tuple[str, ...]]:
    table, notes = measured.table, Notes()
    content = bytearray()
    for row in table.rows(carrier):
        measured.rows += 1
        place = f"{table.url}, row {measured.rows}"
        cells = []
        for column, cell in enumerate(row):
            text, width = _cell(cell, f"{place}, {table.fields[column].name}", notes)
            measured.seen(column, width)
            cells.append(text)
        content += (DELIMITER.join(cells) + LINE_END).encode()
    return bytes(content), notes.all()


def _cell(cell: Cell, place: str, notes: Notes) -> tuple[str, int]:
    if cell is None:
        return "", 0
    if isinstance(cell, str):
        text = notes.written(place, cell, one_line(cell))
        inner = text.replace(ENCAPSULATOR, ENCAPSULATOR * 2)
        return f"{ENCAPSULATOR}{inner}{ENCAPSULATOR}", len(text)
    if isinstance(cell, date):
        return cell.strftime(DATE_FORMAT.pattern), 0
    if isinstance(cell, Decimal):
        exponent = cell.as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
        return f"{cell:f}".replace(".", ","), decimals
    return str(cell), 0

"""The journal as CSV: one row a leg, the columns that people chose."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import ClassVar

from typing_extensions import override

from faktura.kernel.clock import zone
from faktura.plugin import (
    AccountingExporter,
    AdapterSettings,
    ExportBatch,
    ExportFile,
    ExportSource,
    JournalEntryData,
    Runtime,
)
from faktura_journal.cells import Cells
from faktura_journal.columns import Row
from faktura_journal.entries import checked_entries
from faktura_journal.plain_text import Notes
from faktura_journal.settings import Encoding, FilePer, JournalCsvSettings, own_settings

_LINE_END = "\r\n"
_CHARSETS = {Encoding.CP1252: "windows-1252"}


class JournalCsvExporter(AccountingExporter):
    """Writes one file, or one a month; every leg is a row, in the order of the journal."""

    target: ClassVar[str] = "journal-csv"
    Settings: ClassVar[type[AdapterSettings]] = JournalCsvSettings

    def __init__(self, settings: AdapterSettings, runtime: Runtime) -> None:
        super().__init__(settings, runtime)
        self._own = own_settings(settings, JournalCsvSettings)

    @override
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        """Yield the files; no entries give none.

        Raises ExportRefused for a code that the character set lacks, and as `checked_entries`.
        """
        names = {account.number: account.name for account in source.accounts()}
        entries = checked_entries(batch, source)
        by_month = self._own.file_per is FilePer.MONTH
        period = f"{batch.start:%Y%m%d}-{batch.end:%Y%m%d}"
        for part, of_part in groupby(
            entries, key=lambda entry: f"{entry.booked_on:%Y%m}" if by_month else period
        ):
            yield self._file(f"journal_{part}.csv", of_part, batch, names)

    def _file(
        self,
        name: str,
        entries: Iterable[JournalEntryData],
        batch: ExportBatch,
        names: dict[str, str],
    ) -> ExportFile:
        notes = Notes()
        cells = Cells(self._own, zone(batch.time_zone), notes)
        delimiter = self._own.delimiter
        content = bytearray(delimiter.join(self._own.columns).encode(self._own.encoding))
        content += _LINE_END.encode()
        keys: list[str] = []
        rows = 0
        for entry in entries:
            keys.append(entry.key)
            for leg in entry.legs:
                line = delimiter.join(cells.of(Row(entry, leg, names.get(leg.account, ""))))
                content += (line + _LINE_END).encode(cells.encoding)
                rows += 1
        charset = _CHARSETS.get(self._own.encoding, "utf-8")
        return ExportFile(
            name=name,
            media_type=f"text/csv; charset={charset}",
            content=bytes(content),
            rows=rows,
            entry_keys=tuple(keys),
            notes=notes.all(),
        )

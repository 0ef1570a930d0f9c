"""One file being filled: whole entries up to DATEV's limits, then the bytes with their proof."""

from dataclasses import dataclass

from faktura.kernel.errors import ExportRefused
from faktura.plugin import ExportFile, JournalEntryData
from faktura_datev.client import Client
from faktura_datev.columns import HEADINGS
from faktura_datev.header import Header
from faktura_datev.proof import Posted, prove
from faktura_datev.reader import LINE_END, MAX_BYTES, MAX_ROWS
from faktura_datev.record import cells_of, line_of, voucher_cells
from faktura_datev.rows import rows_of, voucher_text
from faktura_datev.text import ENCODING

MEDIA_TYPE = "text/csv; charset=windows-1252"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold; an entry is never split over two files."""

    rows: int = MAX_ROWS
    size: int = MAX_BYTES


class BatchFile:
    """Entries and their lines on disk under one header."""

    def __init__(self, header: Header, client: Client, limits: Limits) -> None:
        self._client = client
        self._limits = limits
        self._lock = header.lock
        self._rows = 0
        self._content = bytearray()
        for line in (header.line(), HEADINGS):
            self._content += line.encode(ENCODING) + LINE_END
        self._posted: list[Posted] = []
        self._notes: list[str] = []

    def add(self, entry: JournalEntryData) -> bool:
        """Write an entry's rows; False, and nothing written, if they do not fit any more.

        Raises ExportRefused where no right rows exist. The first entry of a file always fits.
        """
        rows = rows_of(entry, self._client.functions)
        shared = voucher_cells(rows[0].voucher, lock=self._lock)
        block = b"".join(_encoded(line_of(cells_of(row, shared)), entry) + LINE_END for row in rows)
        full = (
            self._rows + len(rows) > self._limits.rows
            or len(self._content) + len(block) > self._limits.size
        )
        if full and self._posted:
            return False
        self._content += block
        self._rows += len(rows)
        self._posted.append((entry, rows))
        written, meant = rows[0].voucher.text, voucher_text(entry)
        if written != meant:
            self._notes.append(f"entry {entry.key}: “{meant}” is written as “{written}”")
        return True

    def finished(self, name: str) -> ExportFile:
        """The file, after its bytes have been read back and compared with the journal."""
        content = bytes(self._content)
        prove(content, self._posted, self._client, lock=self._lock)
        return ExportFile(
            name=name,
            media_type=MEDIA_TYPE,
            content=content,
            rows=self._rows,
            entry_keys=tuple(entry.key for entry, _ in self._posted),
            notes=tuple(self._notes),
        )


def _encoded(line: str, entry: JournalEntryData) -> bytes:
    try:
        return line.encode(ENCODING)
    except UnicodeEncodeError as error:
        raise ExportRefused(
            f"“{error.object[error.start : error.end]}” does not exist in Windows-1252",
            place=f"entry {entry.key}",
            mend="Only the text is transliterated: correct the number, key or cost centre",
        ) from None

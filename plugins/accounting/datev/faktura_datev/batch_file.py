"""One file being filled: whole entries up to DATEV's limits, then the bytes with their proof."""

from dataclasses import dataclass

from faktura.kernel.errors import ExportRefused
from faktura.plugin import ExportFile, JournalEntryData
from faktura_datev.client import Client
from faktura_datev.header import Header
from faktura_datev.layouts import POSTINGS
from faktura_datev.proof import Posted, posted, prove
from faktura_datev.reader import LINE_END, MAX_BYTES, MAX_ROWS
from faktura_datev.record import lines_of
from faktura_datev.rows import rows_of
from faktura_datev.text import ENCODING
from faktura_datev.voucher import meant_text

MEDIA_TYPE = "text/csv; charset=windows-1252"
_END = LINE_END.decode()
# So many entries are read back at a time: what was meant is then forgotten, only bytes remain.
_STRETCH = 500


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold; an entry is never split over two files."""

    rows: int = MAX_ROWS
    size: int = MAX_BYTES


class BatchFile:
    """Entries and their lines on disk under one header of a period."""

    def __init__(self, header: Header, client: Client, limits: Limits) -> None:
        self._client = client
        self._limits = limits
        self._lock = header.period is not None and header.period.lock
        self._rows = 0
        self._head = f"{header.line()}{_END}{POSTINGS.headings}{_END}".encode(ENCODING)
        self._size = len(self._head)
        self._keys: list[str] = []
        self._proven: list[bytes] = [self._head]
        self._unproven: list[bytes] = []
        self._posted: list[Posted] = []
        self._notes: list[str] = []

    def add(self, entry: JournalEntryData) -> bool:
        """Write an entry's rows; False, and nothing written, if they do not fit any more.

        Raises ExportRefused where no right rows exist. The first entry of a file always fits.
        """
        client = self._client
        rows = rows_of(entry, client.functions, general_reversal=client.general_reversal)
        block = encoded("".join(f"{line}{_END}" for line in lines_of(rows, lock=self._lock)), entry)
        full = (
            self._rows + len(rows) > self._limits.rows
            or self._size + len(block) > self._limits.size
        )
        if full and self._keys:
            return False
        self._unproven.append(block)
        self._posted.append(posted(entry, rows, client.functions))
        self._size += len(block)
        self._rows += len(rows)
        self._keys.append(entry.key)
        written, meant = rows[0].voucher.text, meant_text(entry)
        if written != meant:
            self._notes.append(f"entry {entry.key}: “{meant}” is written as “{written}”")
        if len(self._posted) >= _STRETCH:
            self._prove()
        return True

    def _prove(self) -> None:
        """Read back what is not proven yet, under the file's own header."""
        stretch = b"".join(self._unproven)
        before = self._rows - sum(len(each.rows) for each in self._posted)
        content = self._head + stretch
        prove(content, self._posted, self._client, lock=self._lock, before=before)
        self._proven.append(stretch)
        self._unproven, self._posted = [], []

    def finished(self, name: str) -> ExportFile:
        """The file, each row of which has been read back and compared with the journal."""
        if self._posted:
            self._prove()
        return ExportFile(
            name=name,
            media_type=MEDIA_TYPE,
            content=b"".join(self._proven),
            rows=self._rows,
            entry_keys=tuple(self._keys),
            notes=tuple(self._notes),
        )


def encoded(text: str, entry: JournalEntryData) -> bytes:
    """The text in Windows-1252; ExportRefused names what the set lacks."""
    try:
        return text.encode(ENCODING)
    except UnicodeEncodeError as error:
        raise ExportRefused(
            f"“{error.object[error.start : error.end]}” does not exist in Windows-1252",
            place=f"entry {entry.key}",
            mend="Only the text is transliterated: correct the number, key or cost centre",
        ) from None

"""What the texts of all plain-text programs share: one file of entries, balances and what is left out."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from typing_extensions import override

from faktura.kernel.errors import ExportRefused
from faktura.plugin import (
    AccountingExporter,
    AdapterSettings,
    ExportBatch,
    ExportFile,
    ExportSource,
    JournalEntryData,
    Runtime,
)
from faktura_journal.books import Balanced, Carried, Step, steps
from faktura_journal.names import Names
from faktura_journal.plain_text import Notes
from faktura_journal.settings import BooksSettings, own_settings


class BookText(ABC):
    """The file being written; `keys` are those of its entries."""

    def __init__(self, names: Names) -> None:
        self.body = bytearray()
        self.keys: list[str] = []
        self.notes = Notes()
        self._names = names
        self._currencies: set[str] = set()

    @abstractmethod
    def head(self, batch: ExportBatch, source: ExportSource) -> bytes:
        """What is said once, about what occurs in the body."""

    def add(self, step: Step) -> None:
        """Write a step; raises ExportRefused with the entry that it is about."""
        if isinstance(step, Balanced):
            self._balanced(step)
        elif isinstance(step, Carried):
            self._carried(step)
        else:
            self.keys.append(step.key)
            try:
                self._entry(step)
            except ExportRefused as refused:
                raise refused.at(f"entry {step.key}") from None

    @abstractmethod
    def _entry(self, entry: JournalEntryData) -> None:
        """Write an entry."""

    @abstractmethod
    def _carried(self, step: Carried) -> None:
        """Write what stands before the batch or is left out of it."""

    @abstractmethod
    def _balanced(self, step: Balanced) -> None:
        """Write the balances that must be found."""

    def _write(self, *lines: str) -> None:
        self.body += ("\n" + "\n".join(lines) + "\n").encode()


class BookExporter(AccountingExporter, ABC):
    """Writes one text file with all entries of the batch."""

    suffix: ClassVar[str]
    text: ClassVar[type[BookText]]
    Settings: ClassVar[type[AdapterSettings]] = BooksSettings

    def __init__(self, settings: AdapterSettings, runtime: Runtime) -> None:
        super().__init__(settings, runtime)
        self._own = own_settings(settings, BooksSettings)

    @override
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        """Yield the file; no entries give none. Raises ExportRefused as `steps` and `Names`."""
        text = self.text(Names(batch, self._own.account_roots))
        for step in steps(batch, source, debtors=self._own.assert_debtors):
            text.add(step)
        if text.keys:
            yield ExportFile(
                name=f"journal_{batch.start:%Y%m%d}-{batch.end:%Y%m%d}.{self.suffix}",
                media_type="text/plain; charset=utf-8",
                content=text.head(batch, source) + bytes(text.body),
                rows=len(text.keys),
                entry_keys=tuple(text.keys),
                notes=text.notes.all(),
            )

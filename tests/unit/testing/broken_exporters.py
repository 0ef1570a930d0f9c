"""Accounting exporters that are each broken in one way; another process loads them, too."""

import time
from collections.abc import Iterator, Sequence
from decimal import Decimal

from typing_extensions import override

from faktura.plugin import ExportBatch, ExportFile, ExportSource, JournalEntryData
from faktura.testing.export_sources import GivenSource
from faktura_ref_accounting.exporter import RefAccountingExporter


class Changed(RefAccountingExporter):
    """The exporter over other entries than it was given, and with other bytes."""

    def entries(
        self, given: Iterator[JournalEntryData], batch: ExportBatch
    ) -> Sequence[JournalEntryData]:
        return list(given)

    def bytes_of(self, content: bytes) -> bytes:
        return content

    @override
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        entries = self.entries(source.entries(), batch)
        for file in super().export(batch, InOrder(entries)):
            yield file.model_copy(update={"content": self.bytes_of(file.content)})


class InOrder(GivenSource):
    """Entries as they come."""

    @override
    def entries(self) -> Iterator[JournalEntryData]:
        return iter(self._given)

    def __init__(self, given: Sequence[JournalEntryData]) -> None:
        super().__init__()
        self._given = given


class WritesTwice(Changed):
    @override
    def entries(
        self, given: Iterator[JournalEntryData], batch: ExportBatch
    ) -> Sequence[JournalEntryData]:
        listed = list(given)
        return [*listed, *listed[-1:]]


class SkipsCents(Changed):
    @override
    def entries(
        self, given: Iterator[JournalEntryData], batch: ExportBatch
    ) -> Sequence[JournalEntryData]:
        return [one for one in given if one.legs[0].amount != Decimal("0.01")]


class SkipsOtherDays(Changed):
    @override
    def entries(
        self, given: Iterator[JournalEntryData], batch: ExportBatch
    ) -> Sequence[JournalEntryData]:
        return [one for one in given if batch.start <= one.booked_on <= batch.end]


class LosesTheLastDay(Changed):
    @override
    def entries(
        self, given: Iterator[JournalEntryData], batch: ExportBatch
    ) -> Sequence[JournalEntryData]:
        return [one for one in given if one.booked_on < batch.end]


class SortsByAmount(Changed):
    @override
    def entries(
        self, given: Iterator[JournalEntryData], batch: ExportBatch
    ) -> Sequence[JournalEntryData]:
        return sorted(given, key=lambda one: (one.booked_on, one.legs[0].amount))


class HoldsAll(Changed):
    """As it is."""


class CutsSilently(Changed):
    @override
    def entries(
        self, given: Iterator[JournalEntryData], batch: ExportBatch
    ) -> Sequence[JournalEntryData]:
        return [one.model_copy(update={"text": one.text[:60]}) for one in given]


class CallsAllEuros(Changed):
    @override
    def entries(
        self, given: Iterator[JournalEntryData], batch: ExportBatch
    ) -> Sequence[JournalEntryData]:
        return [one.model_copy(update={"currency": "EUR"}) for one in given]


class TakesUnbalanced(Changed):
    @override
    def entries(
        self, given: Iterator[JournalEntryData], batch: ExportBatch
    ) -> Sequence[JournalEntryData]:
        return [one for one in given if len(one.legs) > 1]


class LeavesFormulas(Changed):
    @override
    def bytes_of(self, content: bytes) -> bytes:
        return content.replace(b"\"'", b'"')


class SplitsCells(Changed):
    @override
    def bytes_of(self, content: bytes) -> bytes:
        return content.replace(b'""', b'"')


class LosesLetters(Changed):
    @override
    def bytes_of(self, content: bytes) -> bytes:
        return content.decode().encode("cp1252", errors="ignore").decode("cp1252").encode()


class TellsTheTime(Changed):
    @override
    def bytes_of(self, content: bytes) -> bytes:
        return content.replace(b"customer", f"customer{self.runtime.clock.now():%H}".encode(), 1)


class KnowsTheTimeZone(Changed):
    @override
    def bytes_of(self, content: bytes) -> bytes:
        return content.replace(b"customer", f"customer{time.localtime(0).tm_hour}".encode(), 1)


class CountsItsWork(Changed):
    count = 0

    @override
    def bytes_of(self, content: bytes) -> bytes:
        self.count += 1
        return content.replace(b"key", f"key{self.count}".encode(), 1)


class DependsOnHashes(Changed):
    @override
    def bytes_of(self, content: bytes) -> bytes:
        return b";".join({b"%d" % number for number in range(40)}) + content

"""Journal entries as DATEV booking batches (EXTF): one file a month, proven before it is handed over."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import ClassVar

from typing_extensions import override

from faktura.kernel.clock import zone
from faktura.kernel.errors import ExportRefused, SettingMissing
from faktura.plugin import (
    AccountingExporter,
    AdapterSettings,
    ExportBatch,
    ExportFile,
    JournalEntryData,
    Runtime,
)
from faktura_datev.batch_file import BatchFile, Limits
from faktura_datev.header import Header, fiscal_year_start
from faktura_datev.settings import DatevSettings

_CURRENCY = "EUR"


class DatevFileExporter(AccountingExporter):
    """Writes files for import into DATEV Rechnungswesen; nothing is skipped or cut silently."""

    target: ClassVar[str] = "datev"
    Settings: ClassVar[type[AdapterSettings]] = DatevSettings
    limits: ClassVar[Limits] = Limits()
    """What one file may hold; DATEV's own limits."""

    def __init__(self, settings: AdapterSettings, runtime: Runtime) -> None:
        super().__init__(settings, runtime)
        if not isinstance(settings, DatevSettings):
            raise SettingMissing(
                "the DATEV export needs settings of its own", mend="Set `consultant` and `client`"
            )
        self._own = settings

    @override
    def export(
        self, batch: ExportBatch, entries: Sequence[JournalEntryData]
    ) -> Iterator[ExportFile]:
        """Yield one file a month (and fiscal year), more if a month exceeds DATEV's limits.

        Months without entries yield nothing. Raises ExportRefused with entry and account.
        """
        _check_batch(batch)
        for entry in entries:
            _check_entry(entry, batch)
        in_order = sorted(entries, key=lambda entry: (entry.value_date, entry.seq))
        for first, of_month in groupby(in_order, key=lambda entry: entry.value_date.replace(day=1)):
            yield from _named(self._files(batch, first, of_month), f"{first:%Y%m}")

    def _files(
        self, batch: ExportBatch, first: date, entries: Iterable[JournalEntryData]
    ) -> Iterator[BatchFile]:
        header, client = self._header(batch, first), self._own.client_with(batch.chart)
        file = BatchFile(header, client, self.limits)
        for entry in entries:
            if not file.add(entry):
                yield file
                file = BatchFile(header, client, self.limits)
                file.add(entry)
        yield file

    def _header(self, batch: ExportBatch, first: date) -> Header:
        last = first.replace(day=monthrange(first.year, first.month)[1])
        return Header(
            created=batch.created_at.astimezone(zone(batch.time_zone)),
            origin=self._own.origin,
            exported_by=self._own.exported_by,
            consultant=self._own.consultant,
            client=self._own.client,
            fiscal_year=fiscal_year_start(first, batch.fiscal_year_month),
            account_length=self._own.account_length,
            start=max(first, batch.start),
            end=min(last, batch.end),
            title=f"faktura {first:%Y%m}",
            lock=self._own.lock,
            currency=batch.currency,
            chart=batch.chart,
            batch=str(batch.number),
        )


def _named(files: Iterator[BatchFile], month: str) -> Iterator[ExportFile]:
    """The files of a month; numbered from 1 only where there is more than one."""
    name = f"EXTF_Buchungsstapel_{month}"
    file = next(files)
    number = 0
    for following in files:
        number += 1
        yield file.finished(f"{name}_{number}.csv")
        file = following
    yield file.finished(f"{name}_{number + 1}.csv" if number else f"{name}.csv")


def _check_batch(batch: ExportBatch) -> None:
    if batch.currency != _CURRENCY:
        raise ExportRefused(
            f"a ledger in {batch.currency} cannot be exported to DATEV yet",
            mend=f"Export ledgers in {_CURRENCY}",
        )
    if batch.created_at.tzinfo is None:
        raise ExportRefused(
            "the batch's creation time has no time zone", mend="Freeze it as a moment in UTC"
        )


def _check_entry(entry: JournalEntryData, batch: ExportBatch) -> None:
    place = f"entry {entry.key}, account {entry.legs[0].account if entry.legs else '-'}"
    if entry.currency != batch.currency:
        raise ExportRefused(
            f"an entry in {entry.currency} in a batch in {batch.currency}",
            place=place,
            mend="Foreign currency is not exported yet",
        )
    if not batch.start <= entry.value_date <= batch.end:
        raise ExportRefused(
            f"value date {entry.value_date} lies outside {batch.start} to {batch.end}",
            place=place,
            mend="Make the batch of the period the entry lies in",
        )

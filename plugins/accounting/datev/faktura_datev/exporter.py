"""Journal entries as files of DATEV (EXTF): one a month, proven before they are handed over."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
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
    ExportSource,
    JournalEntryData,
    Runtime,
)
from faktura_datev.batch_file import BatchFile, Limits
from faktura_datev.debtor_file import debtor_files
from faktura_datev.header import Header, Period, fiscal_year_start
from faktura_datev.layouts import DEBTORS, POSTINGS, Layout
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
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        """Yield the customers first, so that DATEV knows them, then one file of postings a month.

        A month lies in one fiscal year; one beyond DATEV's limits is several files. Months without
        entries yield nothing. Raises ExportRefused with entry and account.
        """
        _check_batch(batch)
        if batch.options.debtors:
            header, client = self._header(batch, DEBTORS), self._own.client_with(batch.chart)
            debtors = debtor_files(source.debtors(), header, client, self.limits)
            yield from _numbered(map(_renamed, debtors), f"EXTF_Debitoren_{batch.start:%Y%m}")
        entries = _checked(source.entries(), batch)
        for first, of_month in groupby(entries, key=lambda entry: entry.booked_on.replace(day=1)):
            files = (file.finished for file in self._files(batch, first, of_month))
            yield from _numbered(files, f"EXTF_Buchungsstapel_{first:%Y%m}")

    def _files(
        self, batch: ExportBatch, first: date, entries: Iterable[JournalEntryData]
    ) -> Iterator[BatchFile]:
        last = first.replace(day=monthrange(first.year, first.month)[1])
        period = Period(
            start=max(first, batch.start),
            end=min(last, batch.end),
            title=f"faktura {first:%Y%m}",
            lock=self._own.lock,
            currency=batch.currency,
        )
        header = self._header(batch, POSTINGS, period)
        client = self._own.client_with(batch.chart)
        file = BatchFile(header, client, self.limits)
        for entry in entries:
            if not file.add(entry):
                yield file
                file = BatchFile(header, client, self.limits)
                file.add(entry)
        yield file

    def _header(self, batch: ExportBatch, layout: Layout, period: Period | None = None) -> Header:
        day = period.start if period else batch.start
        return Header(
            layout=layout,
            created=batch.created_at.astimezone(zone(batch.time_zone)),
            origin=self._own.origin,
            exported_by=self._own.exported_by,
            consultant=self._own.consultant,
            client=self._own.client,
            fiscal_year=fiscal_year_start(day, batch.fiscal_year_month),
            account_length=self._own.account_length,
            chart=batch.chart,
            batch=str(batch.number),
            period=period,
        )


def _numbered(files: Iterator[Callable[[str], ExportFile]], name: str) -> Iterator[ExportFile]:
    """The files under their names; numbered from 1 only where there is more than one."""
    finish = next(files, None)
    number = 0
    for following in files:
        number += 1
        if finish:
            yield finish(f"{name}_{number}.csv")
        finish = following
    if finish:
        yield finish(f"{name}_{number + 1}.csv" if number else f"{name}.csv")


def _renamed(file: ExportFile) -> Callable[[str], ExportFile]:
    return lambda name: file.model_copy(update={"name": name})


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


def _checked(entries: Iterable[JournalEntryData], batch: ExportBatch) -> Iterator[JournalEntryData]:
    last = (batch.start, 0)
    for entry in entries:
        _check_entry(entry, batch)
        if (entry.booked_on, entry.seq) < last:
            raise ExportRefused(
                "the entries do not come by accounting date and number",
                place=f"entry {entry.key}",
                mend="This is a fault of the program that gave them; nothing was written",
            )
        last = (entry.booked_on, entry.seq)
        yield entry


def _check_entry(entry: JournalEntryData, batch: ExportBatch) -> None:
    place = f"entry {entry.key}, account {entry.legs[0].account if entry.legs else '-'}"
    if entry.currency != batch.currency:
        # Half of DATEV's currency columns would be wrong: the journal has no rate.
        raise ExportRefused(
            f"an entry in {entry.currency} in a batch in {batch.currency}",
            place=place,
            mend="Foreign currency is not exported yet",
        )
    if not batch.start <= entry.booked_on <= batch.end:
        raise ExportRefused(
            f"accounting date {entry.booked_on} lies outside {batch.start} to {batch.end}",
            place=place,
            mend="Make the batch of the period the entry lies in",
        )

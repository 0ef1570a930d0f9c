"""Export batches: numbered, complete, frozen, repeatable byte for byte (O20)."""

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256

import pytest
from tests.services.company import NoState, bill, fill, settle
from tests.services.verify.books import proved
from typing_extensions import override

from faktura.flows.exports import export_entries, find_batch, write_batch_files
from faktura.flows.files import write_whole
from faktura.kernel.errors import (
    Conflict,
    ExportRefused,
    FieldInvalid,
    FileUnwritable,
    NotFound,
    PluginBroken,
)
from faktura.plugin import ExportBatch, ExportFile, JournalEntryData, Runtime
from faktura.services.exports import record_batch
from faktura.store.exports import next_batch_number
from faktura_datev.exporter import DatevFileExporter
from faktura_datev.settings import DatevSettings

OCTOBER = date(2026, 10, 1), date(2026, 10, 31)
NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)
DECEMBER = date(2026, 12, 1), date(2026, 12, 31)
YEAR = date(2026, 10, 1), date(2027, 9, 30)


@pytest.fixture
def tenant(company):
    """Nine invoices and a payment."""
    fill(company)
    bill(company.database, company.tenant)
    settle(company.database, company.tenant, "RE-000001", 7140)
    return company.tenant


@pytest.fixture
def datev(database):
    """The exporter with the settings of a client."""
    runtime = Runtime(database.clock, logging.getLogger("test"), NoState())
    return DatevFileExporter(DatevSettings(consultant=1001, client=1), runtime)


def test_a_batch_holds_every_entry_once_and_is_recorded(database, company, tenant, contents, datev):
    """Number, days, hash and size of each file; the bytes lie in the content store."""
    receipt = export_entries(database, contents, tenant, datev, *OCTOBER)

    batch = receipt.batch
    assert batch is not None
    (file,) = batch.files
    content = contents.get(tenant.id, file.digest)
    assert (batch.target, batch.number, batch.start, batch.end) == ("datev", 1, *OCTOBER)
    assert (receipt.entries, receipt.drafts) == (10, 0)
    assert file.name == "EXTF_Buchungsstapel_202610.csv"
    assert file.sha256 == sha256(content).hexdigest()
    assert file.size == len(content)
    assert content.count(b"RE-0000") >= 10
    with database.read(tenant.id) as tx:
        assert next_batch_number(tx, "datev") == 2
    assert proved(database, tenant, contents) == []


def test_what_was_exported_is_not_exported_again(database, tenant, contents, datev):
    """An entry goes out once per target; what is posted later goes with the next batch."""
    export_entries(database, contents, tenant, datev, *OCTOBER)
    settle(database, tenant, "RE-000003", 3000)

    second = export_entries(database, contents, tenant, datev, *OCTOBER)
    third = export_entries(database, contents, tenant, datev, *OCTOBER)

    assert second.batch is not None
    assert (second.batch.number, second.entries) == (2, 1)
    assert (third.batch, third.entries) == (None, 0)


def test_what_is_posted_late_into_an_exported_month_is_counted_until_it_goes_out(
    database, tenant, contents, datev
):
    """A payment with a value date of October that came in after October's batch."""
    export_entries(database, contents, tenant, datev, *OCTOBER)
    settle(database, tenant, "RE-000003", 3000)

    november = export_entries(database, contents, tenant, datev, *NOVEMBER)
    again = export_entries(database, contents, tenant, datev, *OCTOBER)
    december = export_entries(database, contents, tenant, datev, *DECEMBER)

    assert (november.batch, november.late) == (None, 1)
    assert (again.entries, again.late, december.late) == (1, 0, 0)


def test_a_batch_is_repeated_byte_for_byte(database, tenant, contents, datev, tmp_path):
    """From the stored bytes, whatever has changed since; each batch in a folder of its own."""
    receipt = export_entries(database, contents, tenant, datev, *OCTOBER)
    assert receipt.batch is not None
    (first,) = write_batch_files(contents, tenant.id, receipt.batch, tmp_path / "out")
    settle(database, tenant, "RE-000003", 3000)

    again = find_batch(database, tenant.id, "datev", 1)
    (second,) = write_batch_files(contents, tenant.id, again, tmp_path / "again")

    assert again == receipt.batch
    assert first.relative_to(tmp_path / "out").parts == (
        "datev-0001",
        "EXTF_Buchungsstapel_202610.csv",
    )
    assert first.read_bytes() == second.read_bytes()
    with pytest.raises(NotFound, match="there is no batch 7 for datev"):
        find_batch(database, tenant.id, "datev", 7)


def test_entries_that_wait_for_an_account_stay_out_and_are_counted(company, contents, datev):
    """F106: only complete bookings can be exported."""
    company.contract(company.customer(), "A-6")
    company.contract(company.customer(), "A-1")
    bill(company.database, company.tenant)

    receipt = export_entries(company.database, contents, company.tenant, datev, *OCTOBER)

    assert (receipt.entries, receipt.drafts) == (1, 1)


class Refusing(DatevFileExporter):
    """An exporter that finds something wrong after its first file."""

    @override
    def export(
        self, batch: ExportBatch, entries: Sequence[JournalEntryData]
    ) -> Iterator[ExportFile]:
        """One file, then a refusal."""
        yield from super().export(batch, entries)
        raise ExportRefused("an entry cannot be written")


def test_a_refusal_leaves_no_batch(database, tenant, contents, datev):
    """Nothing is handed over, nothing is marked as exported."""
    refusing = Refusing(datev.settings, datev.runtime)
    with pytest.raises(ExportRefused):
        export_entries(database, contents, tenant, refusing, *OCTOBER)

    receipt = export_entries(database, contents, tenant, datev, *OCTOBER)

    assert receipt.batch is not None
    assert (receipt.batch.number, receipt.entries) == (1, 10)


class Losing(DatevFileExporter):
    """An exporter that loses an entry."""

    @override
    def export(
        self, batch: ExportBatch, entries: Sequence[JournalEntryData]
    ) -> Iterator[ExportFile]:
        """All but the last."""
        return super().export(batch, entries[:-1])


class Doubling(DatevFileExporter):
    """An exporter that writes everything twice."""

    @override
    def export(
        self, batch: ExportBatch, entries: Sequence[JournalEntryData]
    ) -> Iterator[ExportFile]:
        """Twice."""
        yield from super().export(batch, entries)
        yield from super().export(batch, entries)


@pytest.mark.parametrize("broken", [Losing, Doubling])
def test_an_exporter_that_loses_or_doubles_an_entry_is_refused(
    database, tenant, contents, datev, broken
):
    """The core counts; it does not trust."""
    with pytest.raises(PluginBroken, match="do not hold every entry exactly once"):
        export_entries(database, contents, tenant, broken(datev.settings, datev.runtime), *OCTOBER)


def test_two_exports_at_once_make_one_batch(database, tenant, contents, datev):
    """The slower one is refused; what it took is in the other's batch."""
    receipt = export_entries(database, contents, tenant, datev, *OCTOBER)
    assert receipt.batch is not None

    with pytest.raises(Conflict, match="another export to datev"), database.write(tenant.id) as tx:
        record_batch(tx, receipt.batch, [])


def test_days_in_the_wrong_order_are_refused(database, tenant, contents, datev):
    """Before anything is read."""
    with pytest.raises(FieldInvalid, match="2026-10-01 lies before 2026-10-31"):
        export_entries(database, contents, tenant, datev, *reversed(OCTOBER))


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    """No half file stays behind."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(FileUnwritable, match="cannot be written"):
        write_whole(tmp_path / "taken" / "x.csv", b"x")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(FileUnwritable):
        write_whole(tmp_path / "folder.csv", b"x")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.csv", "taken"]

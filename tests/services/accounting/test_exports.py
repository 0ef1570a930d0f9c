"""Export batches: numbered, complete, frozen, repeatable byte for byte (O20)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from threading import Barrier, Thread

import pytest
from tests.services.accounting.paper import Paper, keys_of, paper
from tests.services.company import bill, fill, settle
from tests.services.verify.books import proved
from typing_extensions import override

from faktura.flows.export_checks import check_export
from faktura.flows.exports import ExportReceipt, export_entries, find_batch, write_batch_files
from faktura.flows.files import write_whole
from faktura.kernel.errors import (
    Conflict,
    ExportRefused,
    FieldInvalid,
    FileUnwritable,
    NotFound,
    TransitionRefused,
)
from faktura.plugin import ExportBatch, ExportFile, ExportSource
from faktura.services.export_batches import Voiding, void_batch
from faktura.services.exports import ExportRequest, record_batch
from faktura.services.posting import set_account
from faktura.store.exports import next_batch_number

OCTOBER = ExportRequest(date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = ExportRequest(date(2026, 11, 1), date(2026, 11, 30))
DECEMBER = ExportRequest(date(2026, 12, 1), date(2026, 12, 31))


@pytest.fixture
def tenant(company):
    """Nine invoices and a payment."""
    fill(company)
    bill(company.database, company.tenant)
    settle(company.database, company.tenant, "RE-000001", 7140)
    return company.tenant


@pytest.fixture
def exporter(database):
    """An exporter without settings."""
    return paper(database)


def test_a_batch_holds_every_entry_once_and_is_recorded(
    database, company, tenant, contents, exporter
):
    """Number, days, hash and size of each file; the bytes lie in the content store."""
    receipt = export_entries(database, contents, tenant, exporter, OCTOBER)

    batch = receipt.batch
    assert batch is not None
    debtors, file = batch.files
    content = contents.get(tenant.id, file.digest)
    assert (batch.target, batch.number) == ("paper", 1)
    assert (batch.start, batch.end) == (date(2026, 10, 1), date(2026, 10, 31))
    assert (receipt.entries, receipt.waiting.drafts) == (10, 0)
    assert (debtors.name, debtors.rows, debtors.entries) == ("debtors.txt", 9, ())
    assert (file.name, file.rows, file.entries) == ("202610.txt", 10, ((1, 10),))
    assert file.sha256 == sha256(content).hexdigest()
    assert file.size == len(content)
    assert content.startswith(b"1 inv:RE-000001 ")
    with database.read(tenant.id) as tx:
        assert next_batch_number(tx, "paper") == 2
    assert find_batch(database, tenant.id, "paper", 1) == batch
    assert proved(database, tenant, contents) == []


def test_what_was_exported_is_not_exported_again(database, tenant, contents, exporter):
    """An entry goes out once per target; what is posted later goes with the next batch."""
    export_entries(database, contents, tenant, exporter, OCTOBER)
    settle(database, tenant, "RE-000003", 3000)

    second = export_entries(database, contents, tenant, exporter, OCTOBER)
    third = export_entries(database, contents, tenant, exporter, OCTOBER)

    assert second.batch is not None
    assert (second.batch.number, second.entries) == (2, 1)
    assert (third.batch, third.entries) == (None, 0)


def test_what_is_posted_late_into_an_exported_month_is_counted_until_it_goes_out(
    database, tenant, contents, exporter
):
    """A payment with a value date of October that came in after October's batch."""
    export_entries(database, contents, tenant, exporter, OCTOBER)
    settle(database, tenant, "RE-000003", 3000)

    november = export_entries(database, contents, tenant, exporter, NOVEMBER)
    again = export_entries(database, contents, tenant, exporter, OCTOBER)
    december = export_entries(database, contents, tenant, exporter, DECEMBER)

    assert (november.batch, november.waiting.late) == (None, 1)
    assert (again.entries, again.waiting.late, december.waiting.late) == (1, 0, 0)


def test_a_batch_is_repeated_byte_for_byte(database, tenant, contents, exporter, tmp_path):
    """From the stored bytes, whatever has changed since; each batch in a folder of its own."""
    receipt = export_entries(database, contents, tenant, exporter, OCTOBER)
    assert receipt.batch is not None
    _, first = write_batch_files(contents, tenant.id, receipt.batch, tmp_path / "out")
    settle(database, tenant, "RE-000003", 3000)

    again = find_batch(database, tenant.id, "paper", 1)
    _, second = write_batch_files(contents, tenant.id, again, tmp_path / "again")

    assert again == receipt.batch
    assert first.relative_to(tmp_path / "out").parts == (
        "paper-0001",
        "202610.txt",
    )
    assert first.read_bytes() == second.read_bytes()
    with pytest.raises(NotFound, match="there is no batch 7 for paper"):
        find_batch(database, tenant.id, "paper", 7)


def test_days_with_entries_that_wait_for_an_account_are_refused(company, contents, exporter):
    """F106: only complete bookings can be exported; the accounts that nobody set are named."""
    company.contract(company.customer(), "A-6")
    company.contract(company.customer(), "A-6")
    company.contract(company.customer(), "A-1")
    bill(company.database, company.tenant)

    with pytest.raises(ExportRefused) as refused:
        export_entries(company.database, contents, company.tenant, exporter, OCTOBER)

    assert refused.value.problem == (
        "2 entries wait for an account that nobody set: REVENUE:STANDARD:16 (2), VAT:STANDARD:16 (2)"
    )
    assert refused.value.place == "2026-10-01 to 2026-10-31"
    november = export_entries(company.database, contents, company.tenant, exporter, NOVEMBER)
    assert (november.batch, november.waiting.drafts) == (None, 0)


def test_entries_that_wait_for_an_account_stay_out_when_told_so_and_come_later(
    company, contents, exporter
):
    """The receipt says how many, and which accounts they miss."""
    company.contract(company.customer(), "A-6")
    company.contract(company.customer(), "A-1")
    bill(company.database, company.tenant)
    told = replace(OCTOBER, without_drafts=True)

    first = export_entries(company.database, contents, company.tenant, exporter, told)
    with company.database.write(company.tenant.id) as tx:
        set_account(tx, "REVENUE:STANDARD:16", "8340")
        set_account(tx, "VAT:STANDARD:16", "1775")
    second = export_entries(company.database, contents, company.tenant, exporter, OCTOBER)

    assert (first.entries, first.waiting.drafts) == (1, 1)
    assert first.waiting.missing == (("REVENUE:STANDARD:16", 1), ("VAT:STANDARD:16", 1))
    assert keys_of(contents, company.tenant.id, first) == ["inv:RE-000002"]
    assert keys_of(contents, company.tenant.id, second) == ["inv:RE-000001"]
    assert second.waiting.drafts == 0


class Shouting(Paper):
    """A later version of the exporter, which writes the same entries otherwise."""

    @override
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        """In capitals, and one file more."""
        for file in super().export(batch, source):
            yield file.model_copy(update={"content": file.content.upper()})
        yield ExportFile(
            name="new.txt", media_type="text/plain", content=b"", rows=0, entry_keys=()
        )


def test_the_files_of_a_batch_are_made_again_and_compared(database, tenant, contents, exporter):
    """From the journal, which never changes; whatever was posted since is in none of them."""
    export_entries(database, contents, tenant, exporter, OCTOBER)
    settle(database, tenant, "RE-000003", 3000)

    same = check_export(database, tenant, exporter, 1)
    other = check_export(database, tenant, paper(database, Shouting), 1)

    assert [(one.name, one.is_same) for one in same] == [
        ("debtors.txt", None),
        ("202610.txt", True),
    ]
    assert [(one.name, one.is_same) for one in other] == [
        ("debtors.txt", None),
        ("202610.txt", False),
        ("new.txt", False),
    ]
    with database.write(tenant.id) as tx:
        void_batch(tx, "paper", 1, Voiding("Irrtum", "Eva"))
    with pytest.raises(TransitionRefused, match="it holds its entries no more"):
        check_export(database, tenant, exporter, 1)


class Copy(Paper):
    """Hands nothing over: a copy of the books for a reader."""

    hands_over = False


def test_a_copy_of_the_books_holds_all_of_its_days_each_time(database, tenant, contents):
    """Whatever went out before; an auditor asks for the year, not for what is new of it."""
    exporter = paper(database, Copy)
    first = export_entries(database, contents, tenant, exporter, OCTOBER)
    settle(database, tenant, "RE-000003", 3000)
    second = export_entries(database, contents, tenant, exporter, OCTOBER)

    assert (first.entries, second.entries) == (10, 11)
    assert second.waiting.late == 0
    assert first.batch is not None
    assert second.batch is not None
    assert [one.number for one in (first.batch, second.batch)] == [1, 2]
    assert second.batch.files[1].rows == 11


def test_a_copy_is_made_again_without_what_came_later(database, tenant, contents):
    """Numbers in the journal follow the commits: those of the batch end where it ended."""
    exporter = paper(database, Copy)
    whole = ExportRequest(date(2026, 10, 1), date(2026, 11, 30))
    export_entries(database, contents, tenant, exporter, whole)
    settle(database, tenant, "RE-000003", 3000)

    made = check_export(database, tenant, exporter, 1)

    assert [one.is_same for one in made if one.is_same is not None] == [True]


def test_two_exports_at_once_make_one_batch(database, tenant, contents):
    """Both read the same entries; the slower one is refused, what it took is in the other's batch."""
    both_have_read = Barrier(2, timeout=20)

    class Waiting(Paper):
        @override
        def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
            yield from super().export(batch, source)
            both_have_read.wait()

    came: list[ExportReceipt | Conflict] = []

    def make() -> None:
        try:
            came.append(
                export_entries(database, contents, tenant, paper(database, Waiting), OCTOBER)
            )
        except Conflict as refused:
            came.append(refused)

    threads = [Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (made,) = [one for one in came if isinstance(one, ExportReceipt)]
    (refused,) = [one for one in came if isinstance(one, Conflict)]
    assert made.entries == 10
    assert refused.problem == "another export to paper was made at this moment"
    assert export_entries(database, contents, tenant, paper(database), OCTOBER).batch is None


def test_a_batch_of_a_number_that_exists_is_refused(database, tenant, contents, exporter):
    """The number alone is enough."""
    receipt = export_entries(database, contents, tenant, exporter, OCTOBER)
    assert receipt.batch is not None

    with pytest.raises(Conflict, match="another export to paper"), database.write(tenant.id) as tx:
        record_batch(tx, receipt.batch, [])


def test_days_in_the_wrong_order_are_refused(database, tenant, contents, exporter):
    """Before anything is read."""
    with pytest.raises(FieldInvalid, match="2026-10-01 lies before 2026-10-31"):
        export_entries(
            database, contents, tenant, exporter, ExportRequest(OCTOBER.end, OCTOBER.start)
        )


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    """No half file stays behind."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(FileUnwritable, match="cannot be written"):
        write_whole(tmp_path / "taken" / "x.csv", b"x")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(FileUnwritable):
        write_whole(tmp_path / "folder.csv", b"x")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.csv", "taken"]

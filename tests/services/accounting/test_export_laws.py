"""Laws of exports: whatever is exported and voided, an entry is in at most one live batch."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.services.accounting.paper import Paper, keys_of, paper
from tests.services.company import XRechnung, bill, settle

from faktura.domain.line_parts import LinePart
from faktura.flows.exports import ExportReceipt, export_entries, find_batch
from faktura.kernel.periods import last_of_month
from faktura.plugin import ExportOptions
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.export_batches import Voiding, void_batch
from faktura.services.exports import ExportRequest
from faktura.services.issuing import Desk
from faktura.store.tables import journal_entry

MONTHS = [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)]
YEAR = ExportRequest(date(2026, 1, 1), date(2026, 12, 31))
DAYS = st.dates(date(2026, 9, 25), date(2027, 1, 5))
OPTIONS = st.builds(
    ExportOptions,
    payments=st.booleans(),
    corrections=st.booleans(),
    deferrals=st.booleans(),
    debtors=st.booleans(),
)


@dataclass(frozen=True)
class Export:
    """Ask for these days with these options."""

    days: tuple[date, date]
    options: ExportOptions


@dataclass(frozen=True)
class Void:
    """Void the live batch at that place, if there is one."""

    place: int


STEPS = st.lists(
    st.builds(Export, st.tuples(DAYS, DAYS).map(lambda two: (min(two), max(two))), OPTIONS)
    | st.builds(Void, st.integers(0, 5)),
    max_size=8,
)


@pytest.fixture
def tenant(company):
    """Three months of two contracts, payments in parts, a correction: ten entries."""
    database = company.database
    for _ in range(2):
        company.contract(company.customer(), "A-1")
    for month in MONTHS:
        bill(database, company.tenant, month)
    for number in ("RE-000001", "RE-000003", "RE-000001"):
        settle(database, company.tenant, number, 700)
    with database.write(company.tenant.id) as tx:
        part = Correcting((LinePart(1, percent=Decimal(50)),), "Kulanz")
        correct_invoice(tx, Desk(company.tenant, XRechnung()), "RE-000002", part)
    return company.tenant


class Books:
    """Exports of one target, which nothing was exported to before."""

    made = 0

    def __init__(self, database, contents, tenant) -> None:
        Books.made += 1
        self.database, self.contents, self.tenant = database, contents, tenant
        # A target of its own instead of a database of its own: that would take a second.
        target = {"target": f"{Paper.target}-{Books.made}"}
        self.exporter = paper(database, type("OwnPaper", (Paper,), target))
        self.live: dict[int, list[str]] = {}

    def export(self, request) -> ExportReceipt:
        """Export, and note which entries the batch holds."""
        receipt = export_entries(self.database, self.contents, self.tenant, self.exporter, request)
        if receipt.batch is not None:
            self.live[receipt.batch.number] = keys_of(self.contents, self.tenant.id, receipt)
        return receipt

    def void(self, number) -> None:
        """Take a batch back."""
        with self.database.write(self.tenant.id) as tx:
            done = void_batch(tx, self.exporter.target, number, Voiding("Irrtum", "Eva"))
        assert done.freed == len(self.live.pop(number))

    @property
    def held(self) -> list[str]:
        """The keys in live batches."""
        return sorted(key for keys in self.live.values() for key in keys)


def posted(database, tenant) -> list[str]:
    """The keys of all entries."""
    with database.read(tenant.id) as tx:
        keys = tx.connection.execute(
            select(journal_entry.c.entry_key).where(journal_entry.c.tenant_id == tx.tenant_id)
        )
        return sorted(keys.scalars())


def test_an_entry_is_in_one_live_batch_whatever_was_exported_and_voided(database, contents, tenant):
    """Invariant 13: at most one live batch an entry; what is left goes with the next; no gap."""
    everything = posted(database, tenant)
    assert len(everything) == 10

    @settings(max_examples=max(1, settings().max_examples // 5))
    @given(STEPS)
    def law(steps: list[Export | Void]) -> None:
        books = Books(database, contents, tenant)
        numbers: list[int] = []
        for step in steps:
            if isinstance(step, Export):
                made = books.export(ExportRequest(*step.days, step.options)).batch
                numbers += [made.number] if made else []
            elif step.place < len(books.live):
                books.void(sorted(books.live)[step.place])
            assert len(set(books.held)) == len(books.held)

        books.export(YEAR)

        assert numbers == list(range(1, len(numbers) + 1))
        assert books.held == everything
        assert books.export(YEAR).batch is None

    law()


def test_a_year_is_the_union_of_its_months_and_a_repeat_is_identical(database, contents, tenant):
    """Invariant 13: the same entries in the same order, file by file, hash by hash."""
    whole, monthly = Books(database, contents, tenant), Books(database, contents, tenant)

    receipt = whole.export(YEAR)
    months = [monthly.export(ExportRequest(month, last_of_month(month))).batch for month in MONTHS]

    assert receipt.batch is not None
    assert whole.held == monthly.held == posted(database, tenant)
    of_year = {file.name: file.sha256 for file in receipt.batch.files if file.entries}
    of_months = {
        file.name: file.sha256 for batch in months if batch for file in batch.files if file.entries
    }
    assert of_months == of_year
    assert find_batch(database, tenant.id, whole.exporter.target, 1) == receipt.batch
    whole.void(1)
    again = whole.export(YEAR).batch
    assert again is not None
    assert again.files == receipt.batch.files

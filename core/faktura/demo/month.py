"""A month of the sample company: bill, render, book, match the bank, defer, export, verify.

Every step goes through the flow that its own command calls. Running the month again changes
nothing: each step finds its work done.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

from faktura.bootstrap import App
from faktura.demo.company import data_file
from faktura.domain.tenants import Tenant
from faktura.flows.accounting_day import release_deferrals
from faktura.flows.billing import run_billing
from faktura.flows.documents import Documents, RenderedFile, render_documents
from faktura.flows.exports import export_entries, find_batch, write_batch_files
from faktura.flows.files import write_whole
from faktura.flows.statements import Bank, import_statements
from faktura.flows.verification import verify
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import IntegrityBroken
from faktura.kernel.money import Money, total
from faktura.services.balances import trial_balances
from faktura.services.deferral_reports import ReportQuery, open_deferrals
from faktura.services.documents import Selection
from faktura.services.exports import ExportRequest
from faktura.store.accounts import read_open_items
from faktura.store.catalogue import read_catalogue
from faktura.store.contract_overview import count_contracts
from faktura.store.customers import count_customers
from faktura.store.documents import count_documents

RUN_DATE = date(2026, 10, 1)
_STATEMENT = "statement.xml"
_TARGET = "datev"
_MORNING_OF_THE_STATEMENT = datetime(2026, 10, 16, 6, tzinfo=UTC)
_END_OF_THE_MONTH = datetime(2026, 10, 31, 18, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what was done, what came of it, and where its files lie ("" = the database)."""

    name: str
    result: str
    place: str = ""


def live(app: App, tenant: Tenant, clock: FixedClock, folder: Path) -> Iterator[Step]:
    """The steps of October 2026, each yielded when it is done; files go below `folder`.

    Raises IntegrityBroken when the books do not verify at the end.
    """
    yield _company(app, tenant)
    yield _billing(app, tenant)
    yield _invoices(app, tenant, folder / "invoices")
    yield _journal(app, tenant)
    clock.advance(_MORNING_OF_THE_STATEMENT - clock.now())
    yield _bank(app, tenant, folder)
    yield _open_items(app, tenant)
    clock.advance(_END_OF_THE_MONTH - clock.now())
    yield _deferrals(app, tenant)
    yield _export(app, tenant, folder)
    yield _proof(app, tenant)


def _company(app: App, tenant: Tenant) -> Step:
    with app.database.read(tenant.id) as tx:
        customers = count_customers(tx)
        contracts = count_contracts(tx)
        articles = len(read_catalogue(tx).articles)
    name = tenant.seller.legal_name
    return Step(name, f"{customers} customers, {contracts} contracts, {articles} articles")


def _billing(app: App, tenant: Tenant) -> Step:
    formats = app.adapters.formats(tenant.id)
    receipt = run_billing(app.database, tenant, formats, RUN_DATE)
    with app.database.read(tenant.id) as tx:
        issued = count_documents(tx)
    quarantined = receipt.totals.quarantined
    return Step(f"Billing run of {RUN_DATE}", f"{issued} invoices, {quarantined} in quarantine")


def _invoices(app: App, tenant: Tenant, folder: Path) -> Step:
    """Each document in the format of its customer (`domain/format_choice.py`)."""
    written: Counter[str] = Counter()

    def deliver(file: RenderedFile) -> None:
        write_whole(folder / file.name, file.content)
        written[file.format] += 1

    formats = app.adapters.formats(tenant.id)
    documents = Documents(app.database, app.content, formats, tenant)
    receipt = render_documents(documents, Selection(), deliver=deliver)
    if receipt.refused:
        raise receipt.refused[0]
    by_format = ", ".join(f"{count} {format_id}" for format_id, count in sorted(written.items()))
    return Step("E-invoices", by_format, str(folder))


def _journal(app: App, tenant: Tenant) -> Step:
    with app.database.read(tenant.id) as tx:
        balances = trial_balances(tx)
    sums = ", ".join(f"debits {one.debit} = credits {one.credit}" for one in balances)
    return Step("Journal", sums)


def _bank(app: App, tenant: Tenant, folder: Path) -> Step:
    content = data_file(_STATEMENT)
    write_whole(folder / _STATEMENT, content)
    bank = Bank(app.database, app.content, app.adapters, tenant)
    report = import_statements(bank, BytesIO(content), _STATEMENT, tenant.seller.iban)
    matched = report.matched
    return Step(
        "Bank statement",
        f"{report.imported.new} movements: {matched.booked} paid what they name, "
        f"{matched.returned} returned debit with its fee, {matched.open} wait for a person",
        str(folder / _STATEMENT),
    )


def _open_items(app: App, tenant: Tenant) -> Step:
    with app.database.read(tenant.id) as tx:
        items = read_open_items(tx)
    owed: Money = total([item.open for item in items], tenant.currency)
    return Step("Open items", f"{len(items)} invoices, {owed}")


def _deferrals(app: App, tenant: Tenant) -> Step:
    release_deferrals(app.database, tenant, RUN_DATE)
    with app.database.read(tenant.id) as tx:
        found = list(open_deferrals(tx, ReportQuery(_END_OF_THE_MONTH.date())))
    deferred: Money = total([one.open for one in found], tenant.currency)
    return Step("Deferred revenue", f"{len(found)} invoices, {deferred}")


def _export(app: App, tenant: Tenant, folder: Path) -> Step:
    exporter = app.adapters.exporter(tenant.id, _TARGET)
    october = ExportRequest(RUN_DATE, date(2026, 10, 31))
    receipt = export_entries(app.database, app.content, tenant, exporter, october)
    batch = receipt.batch or find_batch(app.database, tenant.id, _TARGET, 1)
    written = write_batch_files(app.content, tenant.id, batch, folder)
    # The other file is the customers' master data.
    rows = sum(file.rows for file in batch.files if file.entries)
    return Step("DATEV export of October", f"{rows} rows", ", ".join(str(path) for path in written))


def _proof(app: App, tenant: Tenant) -> Step:
    violations = list(verify(app.database, app.content, tenant.id))
    if violations:
        raise IntegrityBroken(violations[0].problem, place=violations[0].place)
    return Step("faktura verify", "ledger, accounts, numbers, periods, seals and files hold")

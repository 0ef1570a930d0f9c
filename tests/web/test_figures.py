"""What the store reads for the pages, on both databases."""

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from tests.web.company import HOSTILE, company_app
from tests.web.visits import visiting

from faktura.bootstrap import App
from faktura.domain.jobs import JobState
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact
from faktura.store.document_lists import Wanted, list_documents
from faktura.store.documents import read_document
from faktura.store.overview import MonthRevenue, OpenTotal, read_overview, read_revenue
from faktura.store.settlements import read_settled
from faktura.store.tenants import find_tenant_id

TODAY = date(2026, 10, 31)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def company(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[App]:
    """The company, once for each database: nothing here writes."""
    folder = tmp_path_factory.mktemp("figures")
    url = f"sqlite:///{folder / 'faktura.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("SET client_min_messages = warning")
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    opened = company_app(url, folder)
    yield opened
    opened.close()


def test_the_figures_of_a_tenant_are_its_own(company):
    """One snapshot of one tenant: the other one's customers, documents and items do not count."""
    with company.database.read(company.tenant_id("nord")) as tx:
        nord = read_overview(tx, TODAY, rows=10)
    with company.database.read(company.tenant_id("sued")) as tx:
        sued = read_overview(tx, TODAY, rows=10)

    assert (nord.customers, nord.active_contracts, nord.documents) == (5, 5, 3)
    # 71.40 unpaid and overdue since the 15th; 35.70 − 10.00 due in sixty days.
    assert nord.open_totals == [OpenTotal(2, Money(9_710, "EUR"), 1, Money(7_140, "EUR"))]
    assert nord.waiting_movements == 1
    assert (sued.customers, sued.documents, sued.waiting_movements) == (1, 1, 0)
    assert sued.open_totals == [OpenTotal(1, Money(29_750, "EUR"), 1, Money(29_750, "EUR"))]
    assert sued.quarantined == []


def test_the_last_run_tells_what_was_planned_done_and_left(company):
    """Four contracts were due, one lacked its city."""
    with company.database.read(company.tenant_id("nord")) as tx:
        overview = read_overview(tx, TODAY, rows=10)

    run = overview.last_run
    assert run is not None
    assert (run.run_date, run.planned_contracts) == (date(2026, 10, 1), 4)
    assert (run.totals.documents, run.totals.quarantined) == (3, 1)
    assert run.finished_at is not None
    assert overview.quarantined_contracts == 1
    assert [held.contract_number for held in overview.quarantined] == ["V-4"]
    assert "city" in overview.quarantined[0].problem


def test_jobs_are_counted_by_state(company):
    """A state without jobs is there with nothing; each seal has put in its fan-out."""
    with company.database.read(company.tenant_id("nord")) as tx:
        jobs = read_overview(tx, TODAY, rows=10).jobs

    assert list(jobs) == list(JobState)
    assert jobs[JobState.READY] >= 1
    assert jobs[JobState.QUARANTINED] == 0


def test_revenue_is_net_by_month_of_issue(company):
    """60.00 + 30.00 + 9.90 in October; the months before are there with nothing."""
    with company.database.read(company.tenant_id("nord")) as tx:
        revenue = read_revenue(tx, TODAY, 3)

    assert revenue == {
        "EUR": [
            MonthRevenue(date(2026, 8, 1), Money(0, "EUR")),
            MonthRevenue(date(2026, 9, 1), Money(0, "EUR")),
            MonthRevenue(date(2026, 10, 1), Money(9_990, "EUR")),
        ]
    }


def test_revenue_ends_with_the_newest_document(company):
    """A clock that stands before the last invoice does not hide it."""
    with company.database.read(company.tenant_id("nord")) as tx:
        revenue = read_revenue(tx, date(2026, 3, 31), 2)

    assert [month.month for month in revenue["EUR"]] == [date(2026, 9, 1), date(2026, 10, 1)]


def test_a_tenant_without_documents_has_no_revenue(company):
    """No currency is guessed."""
    with company.database.read(99) as tx:
        assert read_revenue(tx, TODAY, 12) == {}
        assert read_overview(tx, TODAY, rows=1).last_run is None


def test_a_document_shows_what_settles_it_and_nothing_else(company):
    """The invoice's own transaction and the payment that its allocation names, in order."""
    with company.database.read(company.tenant_id("nord")) as tx:
        settled = read_settled(tx, read_document(tx, "RE-000002"))
        paid = read_settled(tx, read_document(tx, "RE-000003"))

    assert settled.open == Money(2_570, "EUR")
    assert [(posted.fact, posted.amount) for posted in settled.transactions] == [
        (AccountFact.INVOICE, Money(3_570, "EUR")),
        (AccountFact.PAYMENT, Money(-1_000, "EUR")),
    ]
    assert [(part.no, part.amount) for part in settled.allocations] == [(1, Money(1_000, "EUR"))]
    assert paid.open == Money(0, "EUR")


def test_a_search_finds_parts_of_numbers_and_names(company):
    """In capitals or not; a percent sign is a percent sign."""
    with company.database.read(company.tenant_id("nord")) as tx:

        def found(text: str) -> list[str]:
            return [row.number for row in list_documents(tx, Wanted(search=text))]

        assert found("zahlt") == ["RE-000003", "RE-000002"]
        assert found("0001") == ["RE-000001"]
        assert found("k-3") == ["RE-000003"]
        assert found(HOSTILE) == ["RE-000001"]
        assert found("%") == []
        assert found("Südkunde") == []


def test_a_key_leads_to_one_tenant(company):
    """An unknown key leads nowhere."""
    with company.database.read(0) as tx:
        assert find_tenant_id(tx, "nord") != find_tenant_id(tx, "sued")
        assert find_tenant_id(tx, "nord ") is None


async def test_the_pages_answer_on_both_databases(company):
    """A snapshot that only reads, whatever the database is."""
    nord = "/admin/t/nord"
    pages = ("/", "/admin", f"{nord}/status", f"{nord}/invoices", f"{nord}/invoices?q=zahlt",
             f"{nord}/invoices?q=%00&after=%00", f"{nord}/invoices/RE-000002",
             f"{nord}/invoices/RE-000001/file")  # fmt: skip

    async with visiting(company) as browser:
        answers = {path: (await browser.get(path)).status for path in pages}

    assert answers == dict.fromkeys(pages, 200)

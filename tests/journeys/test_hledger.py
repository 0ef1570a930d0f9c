"""hledger, which is not ours, reads our journal of a year and finds our balances."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.journeys.bookkeeping_year import FIRST, LAST, BookkeepingYear
from tests.journeys.hledger_program import RUNTIME, balances, refused, rows

from faktura.flows.exports import export_entries
from faktura.kernel.terms import Chart
from faktura.plugin import ExportOptions
from faktura.services.balances import trial_balances
from faktura.services.exports import ExportRequest
from faktura.store.accounts import read_account
from faktura.store.customers import read_customers_by_number
from faktura_journal.hledger import HledgerExporter
from faktura_journal.settings import BooksSettings


@dataclass(frozen=True)
class Accounts:
    """The accounts of a chart that the year touches."""

    deferred: str
    bank: str
    receivables: str
    vat: str
    fees: str
    revenue: str


ACCOUNTS = {
    Chart.SKR03: Accounts("0990", "1200", "1400", "1776", "4970", "8400"),
    Chart.SKR04: Accounts("3900", "1800", "1200", "3806", "6855", "4400"),
}


@pytest.fixture(scope="module", params=list(ACCOUNTS), ids=str)
def year(request, tmp_path_factory) -> Iterator[BookkeepingYear]:
    """The year in each chart."""
    made = BookkeepingYear(tmp_path_factory.mktemp("books"), request.param)
    yield made
    made.close()


@pytest.fixture(scope="module")
def accounts(year: BookkeepingYear) -> Accounts:
    """The chart's accounts."""
    return ACCOUNTS[year.world.tenant.chart]


@pytest.fixture(scope="module")
def journal(year: BookkeepingYear, tmp_path_factory) -> Path:
    """The whole year's file."""
    return exported(year, HledgerExporter, tmp_path_factory.mktemp("out"))


def exported(
    year: BookkeepingYear,
    exporter: type[HledgerExporter],
    folder: Path,
    start: date = FIRST,
    **options: bool,
) -> Path:
    """The file of an export from `start` on."""
    tenant = year.world.tenant
    receipt = export_entries(
        year.database,
        year.contents,
        tenant,
        exporter(BooksSettings(), RUNTIME),
        ExportRequest(start, LAST, ExportOptions(**options)),
    )
    assert receipt.batch is not None
    (file,) = receipt.batch.files
    path = folder / file.name
    path.write_bytes(year.contents.get(tenant.id, file.digest))
    return path


def test_hledger_accepts_the_year(journal: Path):
    """Every account and currency declared, days in order, each month's assertions true."""
    assert refused(journal) == ""
    assert journal.read_text().count("* Balances\n") == 13


def test_hledger_finds_the_balances_worked_out_by_hand(journal: Path, accounts: Accounts):
    """Revenue 1,000.00 + 495.89 (181 of 365 days) + 78.00 + 574.00 + 26 x 30.00 = 2,927.89.

    VAT 190.00 + 94.22 + 123.88 + 26 x 5.70 = 556.30. Bank 2 x 1,190.00 + 775.88 + 26 x 35.70 less
    2 x 3.50 = 4,077.08. K-2 paid 1,190.00 for what came to 590.11.
    """
    found = {account: amount for account, amount in balances(journal).items() if amount}

    assert found == {
        accounts.bank: Decimal("4077.08"),
        accounts.fees: Decimal("7.00"),
        accounts.receivables + ":10002": Decimal("-599.89"),
        accounts.vat: Decimal("-556.30"),
        accounts.revenue: Decimal("-2927.89"),
    }


def test_hledgers_balances_are_ours(year: BookkeepingYear, journal: Path, accounts: Accounts):
    """Month by month the trial balance, at the end each customer's account."""
    for end in (date(2026, 11, 30), date(2026, 12, 31), date(2027, 4, 30), LAST):
        found: Counter[str] = Counter()
        for name, amount in balances(journal, "-e", str(end + timedelta(days=1))).items():
            found[name.partition(":")[0]] += int(amount * 100)
        with year.database.read(year.world.tenant.id) as tx:
            (trial,) = trial_balances(tx, end)
        ours = {row.account: row.debit.minor - row.credit.minor for row in trial.accounts}
        assert {**dict.fromkeys(found, 0), **ours} == dict(found), end
    debtors = balances(journal, f"^{accounts.receivables}:")
    with year.database.read(year.world.tenant.id) as tx:
        customers = read_customers_by_number(tx, [f"K-{no}" for no in range(1, 6)]).values()
        accounts_of = {one.debtor_account: read_account(tx, one.id, "EUR") for one in customers}
    assert debtors == {
        f"{accounts.receivables}:{debtor}": facts[-1].balance_after.decimal
        for debtor, facts in accounts_of.items()
    }


def test_the_deferred_revenue_of_the_example_runs_down_to_nothing(
    journal: Path, accounts: Accounts
):
    """956.16 on 30 November 2026, nothing after the last release."""
    register = rows(journal, "register", f"^{accounts.deferred}$", "tag:document=^RE-000001$")

    assert [(row["date"], row["total"]) for row in register] == [
        ("2026-11-30", "-956.16 EUR"),
        ("2026-12-31", "-871.23 EUR"),
        ("2027-01-31", "-786.30 EUR"),
        ("2027-02-28", "-709.59 EUR"),
        ("2027-03-31", "-624.66 EUR"),
        ("2027-04-30", "-542.47 EUR"),
        ("2027-05-31", "-457.53 EUR"),
        ("2027-06-30", "-375.34 EUR"),
        ("2027-07-31", "-290.41 EUR"),
        ("2027-08-31", "-205.48 EUR"),
        ("2027-09-30", "-123.29 EUR"),
        ("2027-10-31", "-38.36 EUR"),
        ("2027-11-30", "0"),
    ]
    assert balances(journal)[accounts.deferred] == 0


def test_corrections_and_cost_centres_are_found_by_their_tags(journal: Path, accounts: Accounts):
    """F108: after April K-2 has 1-14 May deferred; K-3 earns 28 of 365 days of 730.00 in February."""
    of_k2 = balances(journal, f"^{accounts.deferred}$", "tag:customer=^K-2$", "-e", "2027-05-01")
    of_k3 = balances(journal, f"^{accounts.revenue}$", "tag:customer=^K-3$", "-p", "2027-02")
    by_centre = balances(journal, f"^{accounts.revenue}$", "--pivot", "kost1")

    assert of_k2 == {accounts.deferred: Decimal("-38.36")}
    assert of_k3 == {accounts.revenue: Decimal("-56.00")}
    assert by_centre == {"100": Decimal("-1495.89"), "": Decimal("-1432.00")}


def test_a_cent_too_much_does_not_get_past_hledger(journal: Path, tmp_path: Path):
    """In one leg the entry does not balance; in two the debtor's account is not the customer's."""
    text = journal.read_text()
    debtor = next(line for line in text.splitlines() if "10001  1190.00 EUR" in line)
    changed = tmp_path / "changed.journal"

    changed.write_text(text.replace(debtor, debtor.replace("1190.00", "1190.01"), 1))
    assert "could not balance this transaction" in refused(changed)
    both = text.replace(debtor, debtor.replace("1190.00", "1190.01"), 1)
    changed.write_text(both.replace("  -190.00 EUR", "  -190.01 EUR", 1))
    assert "balance assertion" in refused(changed)


class LaterHledger(HledgerExporter):
    """The same files for somebody else: an entry goes out once per target."""

    target = "hledger-later"


class PartHledger(HledgerExporter):
    """And once more."""

    target = "hledger-part"


def test_an_export_from_may_on_begins_with_opening_balances(
    year: BookkeepingYear, journal: Path, tmp_path: Path
):
    """What was before is carried in; the year ends with the same balances."""
    later = exported(year, LaterHledger, tmp_path, date(2027, 5, 1))

    assert refused(later) == ""
    assert "\n2027-04-30 * Opening balances\n" in later.read_text()
    assert balances(later) == balances(journal)


def test_an_export_without_payments_says_what_it_leaves_out(
    year: BookkeepingYear, journal: Path, tmp_path: Path
):
    """F106: the balances are still those of the ledger."""
    part = exported(year, PartHledger, tmp_path, payments=False, deferrals=False)

    assert refused(part) == ""
    assert "\n2026-11-30 * Entries that this export leaves out\n" in part.read_text()
    assert balances(part) == balances(journal)

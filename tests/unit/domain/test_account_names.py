"""Names of the standard accounts: every account that postings use by default has one."""

from faktura.domain.account_names import STANDARD_NAMES, standard_name
from faktura.domain.charts import CHARTS
from faktura.kernel.terms import Chart


def test_every_account_of_the_charts_has_a_name():
    """Exports list accounts by name."""
    unnamed = {
        (chart, number)
        for chart, accounts in CHARTS.items()
        for number in accounts.values()
        if not standard_name(chart, number)
    }

    assert unnamed == set()


def test_the_same_number_has_other_names_in_other_charts():
    """1200 is the bank in SKR03 and the receivables in SKR04; an own chart knows no names."""
    assert standard_name(Chart.SKR03, "1200") == "Bank"
    assert standard_name(Chart.SKR04, "1200") == "Forderungen aus Lieferungen u. Leistg."
    assert standard_name(Chart.OWN, "1200") == ""


def test_names_are_as_short_as_datev_takes_them():
    """40 characters at most."""
    longest = max(len(name) for names in STANDARD_NAMES.values() for name in names.values())

    assert longest <= 40

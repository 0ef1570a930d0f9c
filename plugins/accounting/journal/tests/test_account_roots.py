"""Which kind an account is, by its number."""

import pytest

from faktura.kernel.terms import Chart
from faktura_journal.account_roots import Root, root_of


@pytest.mark.parametrize(
    ("root", "skr03", "skr04"),
    [
        (Root.ASSETS, "1200 1400 0980 1576 1593 1360 0027", "1800 1200 1900 1406 1495 1460 0135"),
        (Root.LIABILITIES, "0990 1718 1776 1700 1600 0650", "3900 3272 3806 3500 3300 3150"),
        (Root.EQUITY, "9008 0800 1800 2860", "9008 2900 2100 7700"),
        (Root.INCOME, "8400 8195 2732 2650 2700", "4400 4185 4925 7110 4830"),
        (Root.EXPENSES, "4970 4760 2406 2150 3400", "6855 6770 6936 6880 5400"),
    ],
)
def test_the_classes_of_the_charts(root: Root, skr03: str, skr04: str):
    """The accounts that our charts name, and some beside them."""
    assert {root_of(one, Chart.SKR03, {}) for one in skr03.split()} == {root}
    assert {root_of(one, Chart.SKR04, {}) for one in skr04.split()} == {root}


@pytest.mark.parametrize(
    ("account", "root"),
    [
        ("84000", Root.INCOME),
        ("14000123", Root.ASSETS),
        ("990", Root.LIABILITIES),
        ("X1", Root.EQUITY),
    ],
)
def test_longer_shorter_and_strange_numbers(account: str, root: Root):
    """Digits behind refine the chart's account; zeros in front may be missing."""
    assert root_of(account, Chart.SKR03, {}) is root


def test_the_companys_own_beginnings_win():
    """The longest one counts; an own chart without any is Equity."""
    own = {"8": Root.EXPENSES, "84": Root.LIABILITIES}

    assert root_of("8400", Chart.SKR03, own) is Root.LIABILITIES
    assert root_of("8200", Chart.OWN, own) is Root.EXPENSES
    assert root_of("8200", Chart.OWN, {}) is Root.EQUITY

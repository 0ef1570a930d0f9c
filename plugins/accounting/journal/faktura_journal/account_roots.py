"""Which of the five kinds of account a number is, by the classes of SKR03 and SKR04."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from enum import StrEnum

from faktura.kernel.terms import Chart

_CLASS_DIGITS = 4


class Root(StrEnum):
    """The five kinds, as beancount names them."""

    ASSETS = "Assets"
    LIABILITIES = "Liabilities"
    EQUITY = "Equity"
    INCOME = "Income"
    EXPENSES = "Expenses"


# From which account on (by its first four digits) the accounts are of that kind.
_SKR03 = (
    (0, Root.ASSETS),
    (600, Root.LIABILITIES),  # loans
    (800, Root.EQUITY),
    (950, Root.LIABILITIES),  # provisions
    (980, Root.ASSETS),  # prepaid expenses
    (990, Root.LIABILITIES),  # deferred revenue
    (1000, Root.ASSETS),
    (1600, Root.LIABILITIES),
    (1800, Root.EQUITY),  # private accounts
    (2000, Root.EXPENSES),
    (2500, Root.INCOME),
    (2800, Root.EQUITY),  # profit carried forward
    (2890, Root.EXPENSES),
    (3970, Root.ASSETS),  # stocks
    (4000, Root.EXPENSES),
    (7000, Root.ASSETS),  # stocks of own products
    (8000, Root.INCOME),
    (9000, Root.EQUITY),  # carried forward, statistics
)
_SKR04 = (
    (0, Root.ASSETS),
    (2000, Root.EQUITY),
    (3000, Root.LIABILITIES),
    (4000, Root.INCOME),
    (5000, Root.EXPENSES),
    (7000, Root.INCOME),
    (7200, Root.EXPENSES),
    (7400, Root.INCOME),
    (7500, Root.EXPENSES),
    (7700, Root.EQUITY),  # profit carried forward
    (8000, Root.EXPENSES),
    (9000, Root.EQUITY),  # carried forward, statistics
)
_CHARTS: Mapping[Chart, Sequence[tuple[int, Root]]] = {
    Chart.SKR03: _SKR03,
    Chart.SKR04: _SKR04,
    Chart.OWN: ((0, Root.EQUITY),),
}


def root_of(account: str, chart: Chart, own: Mapping[str, Root]) -> Root:
    """Where an account belongs: the company's longest beginning, else the chart, else Equity."""
    beginnings = sorted((b for b in own if account.startswith(b)), key=len)
    if beginnings:
        return own[beginnings[-1]]
    # Longer numbers are the chart's with digits added behind; a shorter one lost its zeros.
    number = account[:_CLASS_DIGITS]
    if not (number.isascii() and number.isdigit()):
        return Root.EQUITY
    classes = _CHARTS[chart]
    return classes[bisect_right(classes, int(number), key=lambda one: one[0]) - 1][1]

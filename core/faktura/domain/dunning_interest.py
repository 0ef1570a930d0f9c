"""Interest for default, day by day on what was open (§§ 288, 187 Abs. 1, 188 Abs. 1 BGB).

A year has 365 days, a leap year 366. Kept exact until it is rounded once, so the interest of two
periods that follow each other is that of both together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from faktura.domain.base_rates import half_year_of
from faktura.kernel.decimals import SCALE, scaled
from faktura.kernel.rounding import round_ratio

_DAY: Final = timedelta(days=1)
_COMMON, _LEAP = 365, 366
# § 288 Abs. 2 BGB between businesses, Abs. 1 where a consumer takes part.
BUSINESS_POINTS: Final = Decimal(9)
CONSUMER_POINTS: Final = Decimal(5)
# What exact interest is counted in: minor units by percent by days, over both lengths of a year.
EXACT: Final = 100 * SCALE * _COMMON * _LEAP

RateOn = Callable[[date], Decimal]


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed from a day on, that day included, in minor units; until the next one begins."""

    since: date
    minor: int


def exact_interest(owed: Sequence[Owed], rate_on: RateOn, first: date, last: date) -> int:
    """The interest of the days `first` to `last`, both included, in EXACT parts of a minor unit.

    `owed` is ordered by day; before its first day nothing is. `rate_on` gives percent a year and is
    asked once for each half year that something is owed in: it changes at no other time.
    """
    found = 0
    for place, step in enumerate(owed):
        following = owed[place + 1].since if place + 1 < len(owed) else last + _DAY
        start, end = max(step.since, first), min(following, last + _DAY)
        if step.minor > 0:
            found += _accrued(step.minor, rate_on, start, end)
    return found


def rounded(exact: int) -> int:
    """Exact interest in minor units, half away from zero: once for a document on a notice."""
    return round_ratio(exact, EXACT)


def _accrued(minor: int, rate_on: RateOn, start: date, end: date) -> int:
    """The interest of [start, end); nothing where it is empty."""
    found = 0
    while start < end:
        begun = half_year_of(start)
        following = min(half_year_of(begun + 200 * _DAY), end)
        leap = _days(date(begun.year, 1, 1), date(begun.year + 1, 1, 1)) == _LEAP
        weight = _COMMON if leap else _LEAP
        found += minor * scaled(rate_on(start)) * _days(start, following) * weight
        start = following
    return found


def _days(start: date, end: date) -> int:
    return (end - start).days

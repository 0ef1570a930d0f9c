"""The days on which euro banks settle: all but the closing days of TARGET (P41).

Closed are Saturdays, Sundays, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December; so
since 2002. 31 October, 24 and 31 December are open, and holidays of a country do not count.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


def is_bank_day(day: date) -> bool:
    """Whether TARGET is open."""
    return day.weekday() < _SATURDAY and day not in _feasts(day.year)


def bank_day_from(day: date) -> date:
    """The day itself, or the next one that is open."""
    while not is_bank_day(day):
        day += _DAY
    return day


def bank_day_until(day: date) -> date:
    """The day itself, or the last one before it that is open."""
    while not is_bank_day(day):
        day -= _DAY
    return day


def plus_bank_days(day: date, count: int) -> date:
    """The open day that lies `count` open days after `day`, before it where `count` is negative.

    `day` itself is not counted, open or not; it is the answer for 0.
    """
    for _ in range(abs(count)):
        day = bank_day_from(day + _DAY) if count > 0 else bank_day_until(day - _DAY)
    return day


@lru_cache(maxsize=64)
def _feasts(year: int) -> frozenset[date]:
    easter = easter_sunday(year)
    return frozenset(
        (
            date(year, 1, 1),
            easter - 2 * _DAY,
            easter + _DAY,
            date(year, 5, 1),
            date(year, 12, 25),
            date(year, 12, 26),
        )
    )


def easter_sunday(year: int) -> date:
    """The Sunday after the full moon of spring by the Gregorian rules, in whole numbers."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, odd = divmod(century, 4)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    full_moon = (19 * golden + century - leap - moon_shift + 15) % 30
    to_sunday = (32 + 2 * odd + 2 * (rest // 4) - full_moon - rest % 4) % 7
    late_moon = (golden + 11 * full_moon + 22 * to_sunday) // 451
    month, day = divmod(full_moon + to_sunday - 7 * late_moon + 114, 31)
    return date(year, month, day + 1)

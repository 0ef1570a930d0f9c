"""Base rates of § 247 BGB, by half year; the Deutsche Bundesbank announces each one.

A rate holds for its half year and for no other: a later one is never guessed from it. What is not
listed here a tenant adds (`faktura dunning base-rates add`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from faktura.kernel.errors import FieldInvalid, FieldMissing, OutOfRange

_JULY: Final = 7
# Nobody has seen one beyond these in thirty years: what lies outside is a slip of the point.
_LOWEST, _HIGHEST = Decimal(-5), Decimal(20)

# January and July of each year as announced in the Bundesanzeiger. 1 July 2026 and later are not
# listed: their announcement was not at hand when this list was made.
_ANNOUNCED: Final = {
    2002: ("2.57", "2.47"),
    2003: ("1.97", "1.22"),
    2004: ("1.14", "1.13"),
    2005: ("1.21", "1.17"),
    2006: ("1.37", "1.95"),
    2007: ("2.70", "3.19"),
    2008: ("3.32", "3.19"),
    2009: ("1.62", "0.12"),
    2010: ("0.12", "0.12"),
    2011: ("0.12", "0.37"),
    2012: ("0.12", "0.12"),
    2013: ("-0.13", "-0.38"),
    2014: ("-0.63", "-0.73"),
    2015: ("-0.83", "-0.83"),
    2016: ("-0.83", "-0.88"),
    2017: ("-0.88", "-0.88"),
    2018: ("-0.88", "-0.88"),
    2019: ("-0.88", "-0.88"),
    2020: ("-0.88", "-0.88"),
    2021: ("-0.88", "-0.88"),
    2022: ("-0.88", "-0.88"),
    2023: ("1.62", "3.12"),
    2024: ("3.62", "3.37"),
    2025: ("2.27", "1.27"),
    2026: ("1.27",),
}
SHIPPED: Final[Mapping[date, Decimal]] = {
    date(year, month, 1): Decimal(percent)
    for year, percents in _ANNOUNCED.items()
    for month, percent in zip((1, _JULY), percents, strict=False)
}


def half_year_of(day: date) -> date:
    """The first day of the half year in which a day lies: 1 January or 1 July (§ 247 Abs. 1 BGB)."""
    return date(day.year, _JULY if day.month >= _JULY else 1, 1)


@dataclass(frozen=True, slots=True)
class BaseRates:
    """The base rates that are known: those that ship, and a tenant's own `later` ones.

    Percent a year by the first day of the half year.
    """

    later: Mapping[date, Decimal]

    def on(self, day: date) -> Decimal:
        """The rate of that day; raises FieldMissing where none is known: it is never guessed."""
        start = half_year_of(day)
        known = SHIPPED.get(start, self.later.get(start))
        if known is None:
            raise FieldMissing(
                f"no base rate of § 247 BGB is known from {start}",
                place="baseRates",
                mend=f"Add the announced one: faktura dunning base-rates add {start} PERCENT",
            )
        return known

    def all(self) -> list[tuple[date, Decimal, bool]]:
        """First day, percent, and whether it ships, oldest first."""
        known = {**self.later, **SHIPPED}
        return [(start, known[start], start in SHIPPED) for start in sorted(known)]


def half_year_after(day: date) -> date:
    """The first day of the half year after the one in which a day lies."""
    # 184 days after its first day lies the next one, whichever half it is.
    return half_year_of(half_year_of(day) + timedelta(days=184))


def check_base_rate(start: date, percent: Decimal, today: date) -> None:
    """Refuse a rate that cannot be one of § 247 BGB; raises FieldInvalid and OutOfRange.

    A rate is announced shortly before it holds: none is known beyond the half year after `today`.
    """
    if start != half_year_of(start):
        raise FieldInvalid(
            f"a base rate changes on 1 January and 1 July, not on {start}",
            place="validFrom",
            mend=f"Use {half_year_of(start)}",
        )
    if start in SHIPPED:
        raise FieldInvalid(
            f"the base rate from {start} is known: {SHIPPED[start]}",
            place="validFrom",
            mend="Add only rates that are not listed",
        )
    latest = half_year_after(today)
    if start > latest:
        raise OutOfRange(
            f"the base rate from {start} is not announced yet",
            place="validFrom",
            mend=f"On {today} the latest that can be known holds from {latest}",
        )
    if not _LOWEST <= percent <= _HIGHEST:
        raise OutOfRange(
            f"{percent} is no base rate",
            place="percent",
            mend=f"Write percent a year between {_LOWEST} and {_HIGHEST}, e.g. 1.27",
        )

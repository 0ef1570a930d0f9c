"""Half-open periods of days, computed from the anchor and never chained (P1, P2, O8)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import assert_never

from typing_extensions import override

from faktura.kernel.errors import DateUnreadable, OutOfRange, shortened
from faktura.kernel.terms import IntervalUnit

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `start` (inclusive) to `end` (exclusive); never empty."""

    start: date
    end: date

    def __post_init__(self) -> None:
        """Refuse an empty or reversed period."""
        if self.end <= self.start:
            raise OutOfRange(f"a period ends after its start: {self.start} to {self.end}")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        """The inclusive end, as printed on documents."""
        return self.end - _DAY

    def __contains__(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return self.start <= day < self.end

    def overlaps(self, other: "Period") -> bool:
        """Whether they share a day."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Interval:
    """`count` times a unit: 1 MONTH, 3 MONTH, 1 YEAR; count >= 1."""

    count: int
    unit: IntervalUnit

    def __post_init__(self) -> None:
        """Refuse an interval that does not move forward."""
        if self.count < 1:
            raise OutOfRange(f"an interval is at least one {self.unit}, not {self.count}")

    @override
    def __str__(self) -> str:
        """`3 MONTH`."""
        return f"{self.count} {self.unit}"


def add_months(anchor: date, months: int) -> date:
    """The anchor's day that many months away, clamped to the end of a shorter month."""
    index = anchor.year * 12 + anchor.month - 1 + months
    year, month = divmod(index, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise _beyond_the_calendar(anchor)
    if anchor.day <= 28:
        return date(year, month + 1, anchor.day)
    return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))


def _add_days(anchor: date, days: int) -> date:
    try:
        return anchor + timedelta(days=days)
    except OverflowError:
        raise _beyond_the_calendar(anchor) from None


def _beyond_the_calendar(anchor: date) -> OutOfRange:
    return OutOfRange(
        f"periods from {anchor} on leave the years {MINYEAR} to {MAXYEAR}",
        mend="Leave an end open instead of writing a far date",
    )


def boundary(anchor: date, interval: Interval, k: int) -> date:
    """Start of period k = anchor + k intervals; k may be negative. boundary(0) is the anchor."""
    match interval.unit:
        case IntervalUnit.DAY:
            return _add_days(anchor, k * interval.count)
        case IntervalUnit.WEEK:
            return _add_days(anchor, 7 * k * interval.count)
        case IntervalUnit.MONTH:
            return add_months(anchor, k * interval.count)
        case IntervalUnit.YEAR:
            return add_months(anchor, 12 * k * interval.count)
        case _ as never:
            assert_never(never)


def nth_period(anchor: date, interval: Interval, k: int) -> Period:
    """Period k = [anchor + k intervals, anchor + (k+1) intervals)."""
    return Period(boundary(anchor, interval, k), boundary(anchor, interval, k + 1))


def start_at(anchor: date, interval: Interval, day: date) -> tuple[int, date]:
    """The k whose period contains `day`, and that period's start; k is negative before the anchor."""
    k = _units(anchor, interval.unit, day) // interval.count
    start = boundary(anchor, interval, k)
    # Months count right but for days before the (clamped) anchor day of their month.
    return (k, start) if start <= day else (k - 1, boundary(anchor, interval, k - 1))


def index_at(anchor: date, interval: Interval, day: date) -> int:
    """The k whose period contains `day`; negative before the anchor."""
    return start_at(anchor, interval, day)[0]


def _units(anchor: date, unit: IntervalUnit, day: date) -> int:
    """Whole units from the anchor to a day; months and years are counted by the calendar page."""
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    match unit:
        case IntervalUnit.DAY:
            return (day - anchor).days
        case IntervalUnit.WEEK:
            return (day - anchor).days // 7
        case IntervalUnit.MONTH:
            return months
        case IntervalUnit.YEAR:
            return months // 12
        case _ as never:
            assert_never(never)


def period_at(anchor: date, interval: Interval, day: date) -> Period:
    """The period that contains `day`."""
    return nth_period(anchor, interval, index_at(anchor, interval, day))


def days_30_360(start: date, end: date) -> int:
    """Days between two dates in 30/360: both ends mapped, so that parts add up (P8).

    Day 31 and the last day of February count as day 30 (30E/360 ISDA).
    """
    return _day_360(end) - _day_360(start)


def _day_360(day: date) -> int:
    is_last_of_february = day.month == 2 and day.day == monthrange(day.year, 2)[1]
    of_month = 30 if is_last_of_february else min(day.day, 30)
    return 360 * day.year + 30 * day.month + of_month


def last_of_month(day: date) -> date:
    """The last day of the month in which `day` lies."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_from_text(text: str, *, field: str = "") -> date:
    """The first day of the month `2026-11`; raises DateUnreadable for anything else."""
    try:
        return date_from_text(f"{text}-01")
    except DateUnreadable:
        raise DateUnreadable(
            f"“{shortened(text)}” is not a month", place=field, mend="Write it as 2026-11"
        ) from None


def date_from_text(text: str, *, field: str = "") -> date:
    """Read `2026-11-30`; raises DateUnreadable for anything else."""
    try:
        # The second test refuses ISO week dates, which are as long: 2026-W49-1.
        if len(text) != len("2026-11-30") or text[7] != "-":
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise DateUnreadable(
            f"“{shortened(text)}” is not a date", place=field, mend="Write it as 2026-11-30"
        ) from None

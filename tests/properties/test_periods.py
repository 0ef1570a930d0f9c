"""Laws of periods over one Gregorian cycle of 400 years (O8): no gap, no overlap, anchor restored.

Why the classes below are all there are. The calendar repeats after 400 years (146,097 days, a whole
number of weeks). A month step is arithmetic on the count of months since year 0, and the anchor's
day enters only by being cut to the length of the month it meets. So a boundary depends on the
anchor's day and on the month it falls in, and the anchor's month and year only shift the count.
- Days 1 to 28 exist in every month and are never cut: 1 and 28 stand for them. 29, 30 and 31 are
  each cut in other months. (The first test leaves even this out and takes every day.)
- Every month of the year, in each of the four phases of the leap rhythm, starts one sequence; each
  runs through the whole cycle and so meets the years that are no leap years in spite of it.
- Intervals: those that divide the year, those that drift through it, and those of whole years.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.kernel.periods import (
    Interval,
    add_months,
    boundary,
    days_30_360,
    index_at,
    nth_period,
    period_at,
)
from faktura.kernel.terms import IntervalUnit

CYCLE_MONTHS = 400 * 12
CYCLE_DAYS = 146_097
DAY = timedelta(days=1)

DAYS = (1, 28, 29, 30, 31)
LEAP_PHASES = (2021, 2022, 2023, 2024)
MONTHLY_INTERVALS = [
    *(Interval(count, IntervalUnit.MONTH) for count in (1, 2, 3, 4, 6, 5, 7, 18)),
    *(Interval(count, IntervalUnit.YEAR) for count in (1, 2, 3, 4, 5)),
]


def named(interval: Interval) -> str:
    """The test's id."""
    return str(interval).replace(" ", "-")


def month_widths(interval: Interval) -> int:
    """The interval in months."""
    return interval.count * (12 if interval.unit is IntervalUnit.YEAR else 1)


def anchors() -> Iterator[date]:
    """One start day of each class: 5 days x 12 months x 4 leap phases, as far as they exist."""
    for year in LEAP_PHASES:
        for month in range(1, 13):
            for day in DAYS:
                if day <= monthrange(year, month)[1]:
                    yield date(year, month, day)


def restored(anchor: date, found: date) -> bool:
    """The anchor's day, or the last day of a month that has no such day."""
    return found.day == anchor.day or (found.day < anchor.day and (found + DAY).day == 1)


def test_every_day_meets_every_month_of_the_cycle_on_its_own_day_or_the_months_last():
    """31 start days x 4,800 months: the clamp is right everywhere and never carries over."""
    for day in range(1, 32):
        anchor = date(2000, 1, day)
        for months in range(CYCLE_MONTHS + 1):
            found = add_months(anchor, months)
            assert (found.year, found.month) == (2000 + months // 12, months % 12 + 1)
            assert restored(anchor, found), (anchor, found)


@pytest.mark.parametrize("interval", MONTHLY_INTERVALS, ids=named)
def test_the_periods_of_every_class_of_start_day_cover_the_cycle(interval):
    """Each period starts where the one before ends, a later day, in the right month."""
    width = month_widths(interval)
    for anchor in anchors():
        first = anchor.year * 12 + anchor.month - 1
        before = boundary(anchor, interval, 0)
        assert before == anchor
        for k in range(1, CYCLE_MONTHS // width + 1):
            start = boundary(anchor, interval, k)
            assert start > before
            assert start.year * 12 + start.month - 1 == first + k * width
            assert restored(anchor, start), (anchor, k, start)
            before = start


@pytest.mark.parametrize("interval", MONTHLY_INTERVALS, ids=named)
def test_the_first_and_last_day_of_a_period_find_it(interval):
    """No gap and no overlap: a day belongs to exactly the period that contains it.

    Eight years from each anchor hold every pair of neighbouring month lengths with both Februaries.
    """
    periods = 8 * 12 // month_widths(interval) + 1
    for anchor in anchors():
        end = anchor
        for k in range(periods):
            period = nth_period(anchor, interval, k)
            assert period.start == end
            assert index_at(anchor, interval, period.start) == k
            assert index_at(anchor, interval, period.last_day) == k
            end = period.end


@pytest.mark.parametrize(
    "interval",
    [
        *(Interval(count, IntervalUnit.DAY) for count in (7, 30, 90)),
        *(Interval(count, IntervalUnit.WEEK) for count in (1, 2, 4)),
    ],
    ids=named,
)
def test_periods_of_days_and_weeks_cover_the_cycle(interval):
    """Counted days: the start day has no classes, one anchor shows the law."""
    width = interval.count * (7 if interval.unit is IntervalUnit.WEEK else 1)
    anchor = end = date(2024, 2, 29)
    for k in range(CYCLE_DAYS // width + 1):
        period = nth_period(anchor, interval, k)
        assert (period.start, period.days) == (end, width)
        assert index_at(anchor, interval, period.start) == k
        assert index_at(anchor, interval, period.last_day) == k
        end = period.end


@pytest.mark.nightly
@pytest.mark.parametrize("decade", range(1970, 2101, 10))
def test_every_start_day_from_1970_to_2100_is_restored_by_every_interval(decade):
    """No classes at all: each start day of the decade, each interval, up to the year 2101."""
    anchor = date(decade, 1, 1)
    while anchor < date(min(decade + 10, 2101), 1, 1):
        first = anchor.year * 12 + anchor.month - 1
        for interval in MONTHLY_INTERVALS:
            width = month_widths(interval)
            before = anchor
            for k in range(1, max(1, (2101 - anchor.year) * 12 // width) + 1):
                start = boundary(anchor, interval, k)
                assert start > before
                assert start.year * 12 + start.month - 1 == first + k * width
                assert restored(anchor, start), (anchor, interval, k)
                assert index_at(anchor, interval, start) == k
                assert index_at(anchor, interval, start - DAY) == k - 1
                before = start
        anchor += DAY


DATES = st.dates(date(1900, 1, 1), date(2200, 12, 31))
INTERVALS = st.builds(Interval, st.integers(1, 60), st.sampled_from(IntervalUnit))


@given(anchor=DATES, interval=INTERVALS, day=DATES)
def test_any_day_lies_in_the_period_found_for_it(anchor, interval, day):
    """Before and after the anchor alike."""
    period = period_at(anchor, interval, day)

    assert day in period
    assert nth_period(anchor, interval, index_at(anchor, interval, day)) == period


@given(st.lists(DATES, min_size=3, max_size=3).map(sorted))
def test_30_360_adds_up_over_any_cut(days):
    """Parts of a period sum to the period (P8); time never runs backwards."""
    start, cut, end = days

    assert days_30_360(start, cut) + days_30_360(cut, end) == days_30_360(start, end)
    assert days_30_360(start, end) >= 0


@given(anchor=DATES.filter(lambda day: day.day < 28), months=st.integers(1, 120))
def test_30_360_gives_every_month_from_a_common_day_30_days(anchor, months):
    """From a day that exists in both months; the ends of months are literal tests."""
    assert days_30_360(anchor, add_months(anchor, months)) == 30 * months

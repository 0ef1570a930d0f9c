"""Periods: half-open days, computed from the anchor."""

from datetime import date

import pytest

from faktura.kernel.errors import DateUnreadable, OutOfRange
from faktura.kernel.periods import (
    Interval,
    Period,
    add_months,
    boundary,
    date_from_text,
    days_30_360,
    index_at,
    last_of_month,
    month_from_text,
    nth_period,
    period_at,
)
from faktura.kernel.terms import IntervalUnit

DAILY = Interval(1, IntervalUnit.DAY)
FORTNIGHTLY = Interval(2, IntervalUnit.WEEK)
MONTHLY = Interval(1, IntervalUnit.MONTH)
QUARTERLY = Interval(3, IntervalUnit.MONTH)
YEARLY = Interval(1, IntervalUnit.YEAR)


def test_a_period_is_half_open():
    """The end is the first day that no longer belongs to it; documents print the day before."""
    november = Period(date(2026, 11, 1), date(2026, 12, 1))

    assert november.days == 30
    assert november.last_day == date(2026, 11, 30)
    assert date(2026, 11, 1) in november
    assert date(2026, 11, 30) in november
    assert date(2026, 12, 1) not in november
    assert date(2026, 10, 31) not in november


def test_periods_that_touch_do_not_overlap():
    """November's end is December's start."""
    november = Period(date(2026, 11, 1), date(2026, 12, 1))

    assert not november.overlaps(Period(date(2026, 12, 1), date(2027, 1, 1)))
    assert not Period(date(2026, 10, 1), date(2026, 11, 1)).overlaps(november)
    assert november.overlaps(Period(date(2026, 11, 30), date(2026, 12, 2)))
    assert november.overlaps(november)


@pytest.mark.parametrize("end", [date(2026, 11, 1), date(2026, 10, 31)])
def test_an_empty_or_reversed_period_cannot_be_made(end):
    """Nothing is billed for no time."""
    with pytest.raises(OutOfRange, match="a period ends after its start"):
        Period(date(2026, 11, 1), end)


@pytest.mark.parametrize("count", [0, -1])
def test_an_interval_moves_forward(count):
    """A run over an interval of nothing would never end."""
    with pytest.raises(OutOfRange, match="at least one MONTH"):
        Interval(count, IntervalUnit.MONTH)


def test_an_interval_is_shown_with_its_unit():
    """As on the contract."""
    assert str(QUARTERLY) == "3 MONTH"


def test_a_contract_of_the_31st_returns_to_the_31st():
    """P1: each period counts from the anchor, so a short month moves no later one."""
    starts = [boundary(date(2027, 1, 31), MONTHLY, k) for k in range(5)]

    assert starts == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
        date(2027, 5, 31),
    ]


def test_a_yearly_contract_of_29_february_returns_to_it():
    """P1: 28 February in common years, the 29th again in leap years."""
    starts = [boundary(date(2024, 2, 29), YEARLY, k) for k in range(5)]

    assert starts == [
        date(2024, 2, 29),
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]


@pytest.mark.parametrize(
    ("interval", "k", "start", "end"),
    [
        (DAILY, 1, date(2026, 11, 2), date(2026, 11, 3)),
        (FORTNIGHTLY, 1, date(2026, 11, 15), date(2026, 11, 29)),
        (MONTHLY, 1, date(2026, 12, 1), date(2027, 1, 1)),
        (QUARTERLY, 1, date(2027, 2, 1), date(2027, 5, 1)),
        (YEARLY, 1, date(2027, 11, 1), date(2028, 11, 1)),
        (MONTHLY, -1, date(2026, 10, 1), date(2026, 11, 1)),
        (DAILY, -1, date(2026, 10, 31), date(2026, 11, 1)),
    ],
)
def test_a_period_counts_from_the_anchor(interval, k, start, end):
    """Period 0 starts on the anchor; k counts backwards, too."""
    anchor = date(2026, 11, 1)

    assert nth_period(anchor, interval, k) == Period(start, end)
    assert index_at(anchor, interval, start) == k
    assert period_at(anchor, interval, end) == nth_period(anchor, interval, k + 1)


def test_a_day_before_the_clamped_anchor_belongs_to_the_period_before():
    """Anchor 31: 27 February still belongs to the period of 31 January."""
    anchor = date(2027, 1, 31)

    assert index_at(anchor, MONTHLY, date(2027, 2, 27)) == 0
    assert index_at(anchor, MONTHLY, date(2027, 2, 28)) == 1
    assert index_at(anchor, MONTHLY, date(2027, 3, 30)) == 1
    assert index_at(anchor, MONTHLY, date(2027, 3, 31)) == 2
    assert index_at(anchor, YEARLY, date(2027, 1, 30)) == -1


def test_months_are_added_over_the_turn_of_the_year():
    """Forward and backward, clamped to the shorter month."""
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2026, 1, 15), -1) == date(2025, 12, 15)
    assert add_months(date(2028, 3, 31), -1) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("anchor", "interval", "k"),
    [
        (date(9999, 12, 1), MONTHLY, 1),
        (date(9999, 12, 31), YEARLY, 1),
        (date(9999, 12, 31), DAILY, 1),
        (date(9999, 12, 31), FORTNIGHTLY, 1),
        (date(2026, 1, 1), Interval(10**10, IntervalUnit.DAY), 1),
        (date(1, 1, 1), MONTHLY, -1),
        (date(1, 1, 31), MONTHLY, -1),
    ],
)
def test_a_period_beyond_the_calendar_is_refused(anchor, interval, k):
    """31 December 9999 is a popular way to write “no end”; the message says what to do instead."""
    with pytest.raises(OutOfRange, match="Leave an end open"):
        boundary(anchor, interval, k)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 1, 1), date(2026, 2, 1), 30),
        (date(2026, 1, 31), date(2026, 2, 28), 30),
        (date(2026, 2, 28), date(2026, 3, 31), 30),
        (date(2028, 2, 28), date(2028, 3, 1), 3),
        (date(2028, 2, 29), date(2028, 3, 1), 1),
        (date(2026, 8, 1), date(2027, 8, 1), 360),
        (date(2026, 1, 30), date(2026, 1, 31), 0),
        (date(2026, 3, 1), date(2026, 2, 1), -30),
    ],
)
def test_every_month_has_30_days_in_30_360(start, end, days):
    """Day 31 and the last of February count as the 30th (30E/360 ISDA)."""
    assert days_30_360(start, end) == days


def test_a_date_is_read_in_iso_form():
    """Year, month, day."""
    assert date_from_text("2026-11-30") == date(2026, 11, 30)


@pytest.mark.parametrize(
    "text",
    [
        "", "2026-02-29", "2026-13-01", "2026-11-31", "0000-01-01", "30.11.2026", "2026-1-1",
        "20261130", "2026-W49-1", "2026-334", "2026-11-30T00:00", "２０２６-11-30", " 2026-11-3",
        "2026/11/30", "2026-11-3x",
    ],
)  # fmt: skip
def test_any_other_date_is_refused(text):
    """No week dates, no German dates, no digits of other scripts, no day that does not exist."""
    with pytest.raises(DateUnreadable) as caught:
        date_from_text(text, field="line 4, start")

    assert caught.value.place == "line 4, start"
    assert caught.value.mend == "Write it as 2026-11-30"


def test_a_month_is_read_as_its_first_day():
    """And every day knows the last one of its month, leap years included."""
    assert month_from_text("2026-11") == date(2026, 11, 1)
    assert last_of_month(date(2028, 2, 1)) == date(2028, 2, 29)
    assert last_of_month(date(2026, 12, 31)) == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "2026-11-01", "11/2026", ""])
def test_what_is_no_month_is_refused_with_its_place(text):
    with pytest.raises(DateUnreadable) as refused:
        month_from_text(text, field="month")

    assert refused.value.place == "month"
    assert refused.value.mend == "Write it as 2026-11"

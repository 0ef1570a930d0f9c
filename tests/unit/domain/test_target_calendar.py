"""The closing days of TARGET (P41, banking.md 3.5)."""

from datetime import date, timedelta

import pytest

from faktura.domain.target_calendar import (
    bank_day_from,
    bank_day_until,
    is_bank_day,
    plus_bank_days,
)


def test_a_year_is_closed_at_weekends_and_on_six_feasts():
    """2026: New Year, Good Friday, Easter Monday, Labour Day, Christmas; Boxing Day is a Saturday."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    closed = [day for day in days if not is_bank_day(day) and day.weekday() < 5]

    assert closed == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 12, 25),
    ]
    assert sum(is_bank_day(day) for day in days) == 256


@pytest.mark.parametrize(
    ("good_friday", "easter_monday"),
    [
        (date(2008, 3, 21), date(2008, 3, 24)),
        (date(2011, 4, 22), date(2011, 4, 25)),
        (date(2019, 4, 19), date(2019, 4, 22)),
        (date(2024, 3, 29), date(2024, 4, 1)),
        (date(2027, 3, 26), date(2027, 3, 29)),
        (date(2035, 3, 23), date(2035, 3, 26)),
        # The latest Easter there can be, and a year in which the moon is late.
        (date(2038, 4, 23), date(2038, 4, 26)),
        (date(2049, 4, 16), date(2049, 4, 19)),
        (date(2076, 4, 17), date(2076, 4, 20)),
    ],
)
def test_easter_moves_its_two_closing_days(good_friday: date, easter_monday: date):
    """By the Gregorian calendar; the days beside them are open."""
    assert not is_bank_day(good_friday)
    assert not is_bank_day(easter_monday)
    assert is_bank_day(good_friday - timedelta(days=1))
    assert is_bank_day(easter_monday + timedelta(days=1))


@pytest.mark.parametrize(
    "day",
    [date(2025, 10, 31), date(2026, 12, 24), date(2026, 12, 31), date(2026, 6, 4)],
)
def test_holidays_of_a_country_are_bank_days(day: date):
    """Reformation Day, the 24th and 31st of December, Corpus Christi: TARGET is open."""
    assert is_bank_day(day)


def test_a_closed_day_rolls_to_the_next_or_the_previous_open_one():
    """Christmas 2026 lies before a weekend; an open day stays where it is."""
    assert bank_day_from(date(2026, 12, 25)) == date(2026, 12, 28)
    assert bank_day_until(date(2026, 12, 27)) == date(2026, 12, 24)
    assert bank_day_from(date(2026, 12, 28)) == date(2026, 12, 28)
    assert bank_day_until(date(2026, 12, 24)) == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 12, 23), 2, date(2026, 12, 28)),
        (date(2026, 12, 28), -2, date(2026, 12, 23)),
        (date(2026, 12, 26), 1, date(2026, 12, 28)),
        (date(2026, 12, 26), -1, date(2026, 12, 24)),
        (date(2026, 12, 26), 0, date(2026, 12, 26)),
        # Seven open days from Maundy Thursday: Tuesday to Friday, then Monday to Wednesday.
        (date(2027, 3, 25), 7, date(2027, 4, 7)),
    ],
)
def test_bank_days_are_counted_without_the_first(day: date, count: int, found: date):
    """Forwards and backwards; nought is the day itself, open or not."""
    assert plus_bank_days(day, count) == found


def test_any_two_weeks_hold_seven_bank_days():
    """Also over Christmas and Easter: so long may a statement keep us waiting for a debit."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(12 * 365)]

    assert max(plus_bank_days(day, 7) - day for day in days) == timedelta(days=14)

"""Default interest by hand: days, half years, leap years, part payments (§§ 187, 188, 247, 288 BGB)."""

from datetime import date
from decimal import Decimal

import pytest

from faktura.domain.base_rates import BaseRates, half_year_of
from faktura.domain.dunning_interest import Owed, exact_interest, rounded
from faktura.domain.working_days import working_day_from
from faktura.kernel.errors import FieldMissing

RATES = BaseRates({date(2026, 7, 1): Decimal("2.00")})


def _interest(first: date, last: date, *owed: Owed) -> int:
    return rounded(exact_interest(owed, lambda day: RATES.on(day) + 9, first, last))


def test_a_year_of_365_days():
    """1,000.00 at 2.27 and then 1.27 + 9 percent: 181 days of 11.27 and 184 of 10.27 in 2025."""
    year = _interest(date(2025, 1, 1), date(2025, 12, 31), Owed(date(2024, 12, 1), 100_000))

    # 100000 × (0.1127 × 181 + 0.1027 × 184) / 365 = 10765.89.
    assert year == 10_766


def test_a_leap_year_has_366_days():
    """29 February 2024 is a day like any other: 182 days of 12.62 and 184 of 12.37 percent."""
    year = _interest(date(2024, 1, 1), date(2024, 12, 31), Owed(date(2024, 1, 1), 100_000))

    # 100000 × (0.1262 × 182 + 0.1237 × 184) / 366 = 12494.32.
    assert year == 12_494


def test_a_turn_of_the_year_counts_each_day_in_its_own_year():
    """One day at 12.37 / 366 and one at 11.27 / 365."""
    turn = _interest(date(2024, 12, 31), date(2025, 1, 1), Owed(date(2024, 1, 1), 10_000_000))

    # 3379.78 + 3087.67.
    assert turn == 6_467


def test_the_tenants_rate_counts_behind_those_that_ship():
    """30 June 2026 at 10.27 and 1 July at 11 percent."""
    turn = _interest(date(2026, 6, 30), date(2026, 7, 1), Owed(date(2026, 1, 1), 10_000_000))

    # 2813.70 + 3013.70.
    assert turn == 5_827


def test_nothing_is_reckoned_before_it_is_owed_nor_for_credit():
    """Before the first day nothing is owed, and credit earns no interest."""
    assert _interest(date(2026, 1, 1), date(2026, 1, 31), Owed(date(2026, 2, 1), 10_000)) == 0
    assert _interest(date(2026, 1, 1), date(2026, 1, 31), Owed(date(2025, 2, 1), -10_000)) == 0


def test_a_rate_that_nobody_knows_is_an_error():
    """It is not guessed from the last one."""
    with pytest.raises(FieldMissing, match="no base rate of § 247 BGB is known from 2027-01-01"):
        RATES.on(date(2027, 3, 1))
    with pytest.raises(FieldMissing, match="known from 2001-07-01"):
        RATES.on(date(2001, 12, 31))


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 6, 30), date(2026, 1, 1)),
        (date(2026, 7, 1), date(2026, 7, 1)),
        (date(2026, 12, 31), date(2026, 7, 1)),
    ],
)
def test_half_years_begin_in_january_and_july(day: date, start: date):
    """§ 247 Abs. 1 Satz 2 BGB."""
    assert half_year_of(day) == start


@pytest.mark.parametrize(
    ("day", "paid_by"),
    [
        (date(2026, 3, 2), date(2026, 3, 2)),
        (date(2026, 2, 28), date(2026, 3, 2)),
        (date(2026, 4, 3), date(2026, 4, 7)),
        (date(2026, 5, 14), date(2026, 5, 15)),
        (date(2026, 5, 25), date(2026, 5, 26)),
        (date(2025, 10, 3), date(2025, 10, 6)),
        (date(2026, 12, 25), date(2026, 12, 28)),
        (date(2026, 12, 24), date(2026, 12, 24)),
    ],
)
def test_no_payment_falls_due_on_a_weekend_or_a_holiday(day: date, paid_by: date):
    """§ 193 BGB: Easter, Ascension, Whit Monday, German Unity, Christmas; not Christmas Eve."""
    assert working_day_from(day) == paid_by

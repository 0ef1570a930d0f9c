"""The one module that rounds: half away from zero, and shares that add up."""

from decimal import Decimal

import pytest

from faktura.kernel.errors import OutOfRange, TooPrecise
from faktura.kernel.money import Money
from faktura.kernel.rounding import line_total, percent_of, prorated, round_ratio, split


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (0, 3, 0), (1, 2, 1), (-1, 2, -1), (3, 2, 2), (-3, 2, -2), (5, 2, 3), (-5, 2, -3),
        (1, 3, 0), (2, 3, 1), (-1, 3, 0), (-2, 3, -1), (7, 1, 7), (49, 100, 0), (50, 100, 1),
    ],
)  # fmt: skip
def test_a_half_is_rounded_away_from_zero(numerator, denominator, rounded):
    """Kaufmännisches Runden, the same on both sides of zero: a storno mirrors its invoice."""
    assert round_ratio(numerator, denominator) == rounded


@pytest.mark.parametrize("denominator", [0, -1])
def test_a_ratio_has_a_positive_denominator(denominator):
    """Anything else is a mistake of the caller."""
    with pytest.raises(OutOfRange):
        round_ratio(1, denominator)


@pytest.mark.parametrize(
    ("price", "quantity", "currency", "minor"),
    [
        ("9.99", "3", "EUR", 2_997),
        ("0.005", "1", "EUR", 1),
        ("0.005", "-1", "EUR", -1),
        ("0.004999", "1", "EUR", 0),
        ("0.033333", "12", "EUR", 40),
        ("1.1", "0.5", "EUR", 55),
        ("9.5", "1", "JPY", 10),
        ("0.0005", "1", "KWD", 1),
        ("999999.999999", "999999.999999", "EUR", 99_999_999_999_800),
    ],
)
def test_a_line_is_rounded_once(price, quantity, currency, minor):
    """Price x quantity, exact up to the last step (BT-131)."""
    total = line_total(Decimal(price), Decimal(quantity), currency)

    assert total == Money(minor, currency)


def test_a_price_may_be_for_more_than_one_unit():
    """BT-149: 4.50 for 1000 pieces; 333 pieces are 1.4985, so 1.50."""
    assert line_total(Decimal("4.50"), Decimal(333), "EUR", base=Decimal(1000)) == Money(150, "EUR")


def test_a_price_for_zero_units_is_refused():
    """There is no such price."""
    with pytest.raises(OutOfRange):
        line_total(Decimal(1), Decimal(1), "EUR", base=Decimal(0))


def test_a_price_with_too_many_places_is_refused_and_not_cut():
    """0.0000005 x 1,000,000 would be 0.50, not nothing."""
    with pytest.raises(TooPrecise):
        line_total(Decimal("0.0000005"), Decimal(1_000_000), "EUR")
    with pytest.raises(TooPrecise):
        percent_of(Money(100, "EUR"), Decimal("33.3333333"))


def test_a_part_of_a_month_is_charged_by_days():
    """10 of 31 days of 31.00 are 10.00; of 30.00 they are 9.677…, so 9.68."""
    assert prorated(Decimal(31), Decimal(1), "EUR", part=(0, 10), whole=31) == Money(1_000, "EUR")
    assert prorated(Decimal(30), Decimal(1), "EUR", part=(0, 10), whole=31) == Money(968, "EUR")


def test_the_parts_of_a_period_add_up_to_the_whole():
    """10.00 in three parts of 10 days: R(3.33), R(6.67) - 3.33, 10.00 - 6.67 (P16)."""
    parts = [
        prorated(Decimal(10), Decimal(1), "EUR", part=part, whole=30)
        for part in [(0, 10), (10, 20), (20, 30)]
    ]

    assert parts == [Money(333, "EUR"), Money(334, "EUR"), Money(333, "EUR")]


def test_no_days_cost_nothing():
    """An empty part is nothing, wherever it stands."""
    assert prorated(Decimal(10), Decimal(1), "EUR", part=(7, 7), whole=30) == Money(0, "EUR")


@pytest.mark.parametrize(("part", "whole"), [((-1, 3), 30), ((3, 2), 30), ((0, 31), 30)])
def test_days_outside_the_period_are_refused(part, whole):
    """A part lies in its period."""
    with pytest.raises(OutOfRange, match="do not lie in a period"):
        prorated(Decimal(10), Decimal(1), "EUR", part=part, whole=whole)


@pytest.mark.parametrize(
    ("minor", "percent", "tax"),
    [(10_000, "19", 1_900), (33, "7", 2), (50, "19", 10), (-50, "19", -10), (10_001, "2.5", 250)],
)
def test_a_percentage_is_rounded_once(minor, percent, tax):
    """0.50 at 19 % is 0.095, so 0.10."""
    assert percent_of(Money(minor, "EUR"), Decimal(percent)) == Money(tax, "EUR")


def test_shares_add_up_to_the_amount():
    """10.00 by 1:1:1 is 3.33, 3.34, 3.33 by cumulative rounding; by 1:2 it is 3.33 and 6.67."""
    ten = Money(1_000, "EUR")

    assert split(ten, [1, 1, 1]) == [Money(333, "EUR"), Money(334, "EUR"), Money(333, "EUR")]
    assert split(ten, [1, 2]) == [Money(333, "EUR"), Money(667, "EUR")]
    assert split(-ten, [1, 2]) == [Money(-333, "EUR"), Money(-667, "EUR")]


def test_a_share_without_weight_is_nothing():
    """The others still add up."""
    assert split(Money(5, "EUR"), [0, 1, 0]) == [Money(0, "EUR"), Money(5, "EUR"), Money(0, "EUR")]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [2, -3], [3, -1]])
def test_weights_that_share_nothing_out_are_refused(weights):
    """The amount would vanish, or a share would point the wrong way."""
    with pytest.raises(OutOfRange):
        split(Money(5, "EUR"), weights)

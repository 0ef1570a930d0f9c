"""Laws of rounding: shares add up, parts add up, halves go away from zero."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.kernel.money import Money
from faktura.kernel.rounding import line_total, prorated, round_ratio, split

MINOR = st.integers(-(10**14), 10**14)
PRICES = st.decimals(Decimal(-(10**6)), Decimal(10**6), places=6)


def check_a_split(random: Random) -> None:
    """One random amount over random weights, some of them zero."""
    minor = random.randrange(-(10 ** random.randrange(1, 15)), 10 ** random.randrange(1, 15))
    weights = [
        random.randrange(0, 10 ** random.randrange(1, 7)) for _ in range(random.randrange(1, 12))
    ]
    weights[random.randrange(len(weights))] += 1
    shares = [share.minor for share in split(Money(minor, "EUR"), weights)]
    assert sum(shares) == minor, (minor, weights)
    done = seen = 0
    for share, weight in zip(shares, weights, strict=True):
        done, seen = done + share, seen + weight
        # |done - minor x seen / whole| <= 1/2, in whole numbers
        assert abs(2 * (done * sum(weights) - minor * seen)) <= sum(weights), (minor, weights)


def check_a_proration(random: Random) -> None:
    """One random price over a period cut at random days."""
    price = Decimal(random.randrange(-(10**11), 10**11)).scaleb(-random.randrange(7))
    quantity = Decimal(random.randrange(1, 10**6)).scaleb(-random.randrange(4))
    whole = random.choice((28, 29, 30, 31, 90, 91, 92, 360, 365, 366))
    cuts = sorted({0, whole, *(random.randrange(whole + 1) for _ in range(random.randrange(6)))})
    parts = pairwise(cuts)
    minor = sum(prorated(price, quantity, "EUR", part=part, whole=whole).minor for part in parts)
    assert minor == line_total(price, quantity, "EUR").minor, (price, quantity, cuts)


@pytest.mark.parametrize("check", [check_a_split, check_a_proration])
def test_ten_thousand_random_cuts_conserve_the_cent(check):
    """The parts sum to the whole (P16), and no prefix is off by more than half a cent."""
    random = Random(20_261_031)
    for _ in range(10_000):
        check(random)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("check", [check_a_split, check_a_proration])
def test_a_million_random_cuts_conserve_the_cent(check, seed):
    """The same law, ten times 10^5 cuts."""
    random = Random(seed)
    for _ in range(100_000):
        check(random)


@given(numerator=st.integers(), denominator=st.integers(1))
def test_a_rounded_ratio_is_the_nearest_whole_number(numerator, denominator):
    """At most half a unit away, exactly half only away from zero, and symmetric."""
    rounded = round_ratio(numerator, denominator)
    error = Fraction(numerator, denominator) - rounded

    assert abs(error) <= Fraction(1, 2)
    assert abs(error) != Fraction(1, 2) or abs(rounded) > abs(Fraction(numerator, denominator))
    assert round_ratio(-numerator, denominator) == -rounded


@given(price=PRICES, quantity=PRICES)
def test_a_negative_quantity_mirrors_the_line(price, quantity):
    """A cancellation has the negative quantity and is the invoice's exact opposite."""
    assert line_total(price, -quantity, "EUR") == -line_total(price, quantity, "EUR")


@given(minor=MINOR, weights=st.lists(st.integers(1, 10**9), min_size=1, max_size=20))
def test_the_opposite_amount_is_split_into_opposite_shares(minor, weights):
    """A reversal takes every share back."""
    shares = split(Money(minor, "EUR"), weights)

    assert split(Money(-minor, "EUR"), weights) == [-share for share in shares]

"""Which price decides: special before list, the latest validity, the highest tier."""

from decimal import Decimal

import pytest
from tests.unit.domain.builders import article, day

from faktura.domain.articles import Price, pick_price
from faktura.kernel.errors import PriceMissing


def price(amount, since=None, until=None, tier="0", currency="EUR"):
    return Price(
        Decimal(amount),
        currency,
        None if since is None else day(since),
        None if until is None else day(until),
        Decimal(tier),
    )


def pick(list_prices, special=(), on="15.06.2026", quantity="1"):
    return pick_price(
        article(prices=tuple(list_prices)),
        special,
        on=day(on),
        currency="EUR",
        quantity=Decimal(quantity),
    )


@pytest.mark.parametrize(
    ("on", "amount"),
    [("31.05.2026", "30"), ("01.06.2026", "33"), ("30.06.2026", "33"), ("01.07.2026", "30")],
)
def test_a_price_is_valid_from_its_first_day_until_before_its_last(on, amount):
    """F046: a variant from 01.06. until 01.07. (exclusive) over the regular price."""
    variants = [price("30"), price("33", "01.06.2026", "01.07.2026")]

    assert pick(variants, on=on).price.unit_price == Decimal(amount)


def test_a_special_price_wins_while_it_is_valid():
    """F047: even if the list price is lower or younger."""
    picked = pick([price("20", "10.06.2026")], [price("25")])

    assert (picked.price.unit_price, picked.special) == (Decimal(25), True)


@pytest.mark.parametrize(
    "special",
    [
        price("25", until="15.06.2026"),
        price("25", since="16.06.2026"),
        price("25", tier="10"),
        price("25", currency="CHF"),
    ],
)
def test_a_special_price_that_does_not_fit_leaves_the_list_price(special):
    """F048: over, not yet, for larger quantities, in another currency."""
    picked = pick([price("30")], [special])

    assert (picked.price.unit_price, picked.special) == (Decimal(30), False)


@pytest.mark.parametrize(
    ("quantity", "amount"), [("9.999999", "10"), ("10", "9"), ("99", "9"), ("100", "8")]
)
def test_the_highest_tier_that_is_reached_counts(quantity, amount):
    """F047: from 1, from 10, from 100; whatever order they are recorded in."""
    tiers = [price("9", tier="10"), price("10"), price("8", tier="100")]

    assert pick(tiers, quantity=quantity).price.unit_price == Decimal(amount)


def test_the_latest_validity_counts_before_the_tier():
    """A new price list from 01.06. without tiers replaces the old one with them."""
    prices = [price("9", tier="10"), price("10"), price("11", "01.06.2026")]

    assert pick(prices, quantity="50").price.unit_price == Decimal(11)


def test_a_quantity_without_a_price_is_refused_by_name():
    """Nothing is billed at 0.00 because a price is missing."""
    with pytest.raises(PriceMissing, match="A-1 has no price in EUR for 5 on 2026-06-15"):
        pick([price("9", tier="10")], quantity="5")

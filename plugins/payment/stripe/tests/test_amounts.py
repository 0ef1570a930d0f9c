"""Amounts at Stripe: its own numbers of places, and nothing rounded (1.14)."""

from decimal import Decimal

import pytest

from faktura.kernel.errors import FieldInvalid, TooPrecise
from faktura_stripe.amounts import decimal_of, maximum_of, minor_of


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("119.00", "EUR", 11900),
        ("119", "EUR", 11900),
        ("0.50", "eur", 50),
        ("500", "JPY", 500),
        ("12.340", "KWD", 12340),
        ("1000", "ISK", 100000),
        ("1000.00", "UGX", 100000),
        ("999999.99", "EUR", 99999999),
    ],
)
def test_amounts_become_stripes_minor_units(amount, currency, minor):
    assert minor_of(Decimal(amount), currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("0.005", "EUR"), ("500.5", "JPY"), ("12.345", "KWD"), ("10.50", "ISK"), ("10.50", "UGX")],
)
def test_what_does_not_fit_is_refused_and_not_rounded(amount, currency):
    with pytest.raises(TooPrecise):
        minor_of(Decimal(amount), currency)


@pytest.mark.parametrize("amount", ["0", "-1.00", "1000000.00"])
def test_amounts_that_nobody_charges_are_refused(amount):
    with pytest.raises(FieldInvalid):
        minor_of(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [(11900, "EUR", "119.00"), (500, "JPY", "500"), (12340, "KWD", "12.340"), (-5, "EUR", "-0.05")],
)
def test_minor_units_become_decimals_with_all_places(minor, currency, amount):
    assert str(decimal_of(minor, currency)) == amount


def test_the_maximum_fits_the_steps_of_its_currency():
    assert str(maximum_of("ISK")) == "999999.00"
    assert str(maximum_of("KWD")) == "99999.990"

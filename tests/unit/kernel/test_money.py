"""Money: minor units of one currency, exact or refused."""

from decimal import Decimal

import pytest

from faktura.kernel.errors import (
    AmountUnreadable,
    CurrencyMismatch,
    OutOfRange,
    TooPrecise,
    UnknownTerm,
)
from faktura.kernel.money import MINOR_DIGITS, Money, minor_digits, total


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1190.00", "EUR", 119_000),
        ("1190", "EUR", 119_000),
        ("-0.01", "EUR", -1),
        ("+7.5", "EUR", 750),
        ("0.10000", "EUR", 10),
        ("1190", "JPY", 1_190),
        ("1.005", "KWD", 1_005),
        ("999999999999.99", "EUR", 99_999_999_999_999),
    ],
)
def test_an_amount_is_read_into_minor_units(text, currency, minor):
    """ISO 4217 says how many decimals a currency has: euro two, yen none, dinar three."""
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency", "error"),
    [
        ("0.001", "EUR", TooPrecise),
        ("0.1", "JPY", TooPrecise),
        ("0.0000001", "EUR", TooPrecise),
        ("1000000000000", "EUR", OutOfRange),
        ("1,00", "EUR", AmountUnreadable),
        ("1.00", "XXX", UnknownTerm),
    ],
)
def test_an_amount_that_does_not_fit_is_refused(text, currency, error):
    """Nothing is rounded or guessed when an amount is read (P11)."""
    with pytest.raises(error):
        Money.parse(text, currency, field="price")


def test_a_refused_amount_names_the_field():
    """The person who reads the message finds the cell."""
    with pytest.raises(TooPrecise) as caught:
        Money.parse("0.001", "EUR", field="line 3, price")

    assert str(caught.value) == "line 3, price: 0.001 is no whole amount of EUR. EUR has 2 decimals"


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_decimal_that_is_no_number_is_refused(value):
    """Decimal knows values that are no amounts."""
    with pytest.raises(AmountUnreadable):
        Money.from_decimal(Decimal(value), "EUR")


def test_a_digit_beyond_the_thirtieth_is_not_lost():
    """Decimal arithmetic rounds to 28 digits; a long amount must not become exact by it."""
    with pytest.raises(TooPrecise):
        Money.from_decimal(Decimal("0.1000000000000000000000000000000001"), "EUR")


def test_an_amount_shows_its_currencys_decimals():
    """As it is written in JSON and messages."""
    assert str(Money(119_000, "EUR")) == "1190.00 EUR"
    assert str(Money(-5, "EUR")) == "-0.05 EUR"
    assert str(Money(1_190, "JPY")) == "1190 JPY"
    assert Money(119_000, "EUR").decimal == Decimal("1190.00")


def test_amounts_of_a_currency_add_compare_and_change_sign():
    """The arithmetic of accounts."""
    ten, four = Money(1_000, "EUR"), Money(400, "EUR")

    assert ten + four == Money(1_400, "EUR")
    assert four - ten == Money(-600, "EUR")
    assert -four == Money(-400, "EUR")
    assert abs(Money(-400, "EUR")) == four
    assert four < ten
    assert four <= Money(400, "EUR")
    assert ten > four
    assert not Money.zero("EUR")
    assert Money(-1, "EUR")


def test_amounts_of_two_currencies_never_meet():
    """An account has one currency; a sum over two would be a number without a meaning."""
    euro, franc = Money(100, "EUR"), Money(100, "CHF")

    with pytest.raises(CurrencyMismatch, match="EUR meets CHF"):
        _ = euro + franc
    with pytest.raises(CurrencyMismatch):
        _ = euro - franc
    with pytest.raises(CurrencyMismatch):
        _ = euro < franc
    with pytest.raises(CurrencyMismatch):
        _ = euro <= franc
    assert euro != franc


def test_a_total_of_nothing_is_zero_in_the_asked_currency():
    """An empty list has no currency of its own."""
    assert total([], "EUR") == Money(0, "EUR")
    assert total([Money(1, "EUR"), Money(2, "EUR")], "EUR") == Money(3, "EUR")
    with pytest.raises(CurrencyMismatch):
        total((Money(1, "CHF"),), "EUR")


def test_an_unknown_currency_names_the_known_ones():
    """A currency's decimals are never assumed."""
    assert minor_digits("KWD") == 3
    with pytest.raises(UnknownTerm, match="Known: AED, AUD"):
        minor_digits("eur")


def test_the_known_currencies_have_at_most_three_decimals():
    """Amounts of up to 10^12 then fit 64 bits with room for sums."""
    assert set(MINOR_DIGITS.values()) == {0, 2, 3}

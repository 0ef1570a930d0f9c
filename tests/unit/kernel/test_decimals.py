"""Exact decimals: six places, or refused."""

from decimal import Decimal

import pytest

from faktura.kernel.decimals import decimal_from_text, exact, scaled, unscaled
from faktura.kernel.errors import AmountUnreadable, OutOfRange, TooPrecise


@pytest.mark.parametrize(
    ("text", "value"),
    [("12.5", "12.5"), ("-3", "-3"), ("+0.000001", "0.000001"), ("007", "7"), ("1.50", "1.50")],
)
def test_a_plain_decimal_is_read_as_it_stands(text, value):
    """A sign, digits and one point; trailing zeros are kept."""
    assert str(decimal_from_text(text)) == value


@pytest.mark.parametrize(
    "text",
    [
        "", " ", " 1", "1 ", "1\n", "1.", ".5", "-", "+-1", "--1", "1e3", "1E-2", "0x10", "1_000",
        "1,5", "1.234,56", "1,234.56", "1'000", "NaN", "nan", "sNaN", "Infinity", "-inf", "١٢٣",
        "१२", "１２", "½", "²", "−1", "1.0.0", "1\x00", "€1", "1 EUR", "True", "None", "0" * 19,
        "0." + "0" * 19,
    ],
)  # fmt: skip
def test_everything_else_is_no_number(text):
    """No exponent, no separators, no blanks, no digits of other scripts, no NaN."""
    with pytest.raises(AmountUnreadable) as caught:
        decimal_from_text(text, field="quantity")

    assert caught.value.place == "quantity"
    assert caught.value.mend == "Write digits with a point, e.g. 1234.56"


def test_a_seventh_place_is_refused_unless_it_is_zero():
    """Six places are stored; the seventh would vanish silently."""
    assert decimal_from_text("0.1234560") == Decimal("0.123456")
    with pytest.raises(TooPrecise):
        decimal_from_text("0.1234567")


def test_a_far_digit_of_a_large_number_is_not_lost():
    """30 digits in all, more than decimal arithmetic keeps by default."""
    with pytest.raises(TooPrecise):
        decimal_from_text("999999999999.000000000000000001")


@pytest.mark.parametrize("text", ["1000000000000", "-1000000000000", "999999999999999999"])
def test_a_number_from_ten_to_the_twelve_on_is_refused(text):
    """The scaled value must fit a 64-bit column with room for sums."""
    with pytest.raises(OutOfRange):
        decimal_from_text(text)


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_value_that_is_not_finite_is_refused(value):
    """Such values come from arithmetic, never from a price list."""
    with pytest.raises(AmountUnreadable, match="not a finite number"):
        exact(Decimal(value))


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("1E+9999999", OutOfRange),
        ("-1E+999999999999", OutOfRange),
        ("1E-9999999", TooPrecise),
        ("-1E-999999999999", TooPrecise),
    ],
)
def test_a_power_that_no_context_holds_is_refused_as_any_other(value, error):
    """Decimal takes such texts; arithmetic would overflow, or make nothing of them."""
    with pytest.raises(error):
        exact(Decimal(value))


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("0", 0),
        ("1", 1_000_000),
        ("-1.5", -1_500_000),
        ("0.000001", 1),
        ("1E+3", 1_000_000_000),
        ("999999999999.999999", 999_999_999_999_999_999),
    ],
)
def test_a_decimal_is_stored_as_a_whole_number(value, stored):
    """Value x 10^6: databases keep integers exactly, SQLite would turn NUMERIC into REAL."""
    assert scaled(Decimal(value)) == stored
    assert unscaled(stored) == Decimal(value)


def test_a_stored_number_comes_back_without_trailing_zeros():
    """12.500000 is shown as 12.5, and 10 as 10, never as 1E+1."""
    assert str(unscaled(12_500_000)) == "12.5"
    assert str(unscaled(10_000_000)) == "10"
    assert str(unscaled(-2_000_000)) == "-2"

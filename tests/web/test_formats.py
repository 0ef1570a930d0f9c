"""Amounts and dates as written in German and English; expected texts are literal."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import ArticleUnit
from faktura.web import formats
from faktura.web.language import Language

DE, EN = Language.DE, Language.EN


@pytest.mark.parametrize(
    ("amount", "german", "english"),
    [
        (Money(123_456_750, "EUR"), "1.234.567,50\xa0€", "€1,234,567.50"),
        (Money(-1, "EUR"), "−0,01\xa0€", "−€0.01"),
        (Money(0, "EUR"), "0,00\xa0€", "€0.00"),
        (Money(9_990, "CHF"), "99,90\xa0CHF", "CHF\xa099.90"),
        (Money(1_500, "JPY"), "1.500\xa0JPY", "JPY\xa01,500"),
        # More digits than a binary fraction holds.
        (Money(999_999_999_999_999_99, "EUR"), "999.999.999.999.999,99\xa0€", "€999,999,999,999,999.99"),
    ],
)  # fmt: skip
def test_money(amount, german, english):
    """The currency's own number of decimals; a real minus; no line break before the currency."""
    assert formats.money(amount, DE) == german
    assert formats.money(amount, EN) == english


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        ("30", "30,00\xa0€", "€30.00"),
        ("0.0125", "0,0125\xa0€", "€0.0125"),
        ("12.5", "12,50\xa0€", "€12.50"),
        ("-3.000001", "−3,000001\xa0€", "−€3.000001"),
    ],
)
def test_a_unit_price_keeps_its_decimals(value, german, english):
    """At least two, at most the six it can have (F051)."""
    assert formats.price(Decimal(value), "EUR", DE) == german
    assert formats.price(Decimal(value), "EUR", EN) == english


def test_numbers():
    """Whole ones stay whole, however large; the scale of a chart drops the cents."""
    assert formats.number(12_345, DE) == "12.345"
    assert formats.number(9_007_199_254_740_993, EN) == "9,007,199,254,740,993"
    assert formats.number(Decimal("-2.5"), DE) == "−2,5"
    assert formats.whole(2_000_000, "EUR", DE) == "20.000"
    assert formats.whole(50, "EUR", EN) == "0.5"


def test_quantities_name_their_unit():
    """One month, two months; abbreviations and bare numbers stay as they are."""
    assert formats.quantity(Decimal(1), ArticleUnit.MONTH, DE) == "1\xa0Monat"
    assert formats.quantity(Decimal(2), ArticleUnit.MONTH, DE) == "2\xa0Monate"
    assert formats.quantity(Decimal("1.5"), ArticleUnit.HOUR, EN) == "1.5\xa0h"
    assert formats.quantity(Decimal(1), ArticleUnit.PIECE, DE) == "1\xa0Stück"
    assert formats.quantity(Decimal(3), ArticleUnit.NONE, DE) == "3"


def test_percentages():
    """German puts a blank before the sign."""
    assert formats.percent(Decimal("7.7"), DE) == "7,7\xa0%"
    assert formats.percent(Decimal(19), EN) == "19%"


def test_dates():
    """A period prints its last day, not the day after."""
    assert formats.day(date(2026, 3, 1), DE) == "01.03.2026"
    assert formats.day(date(2026, 3, 1), EN) == "1\xa0Mar\xa02026"
    assert formats.month(date(2026, 3, 1), DE) == "Mär 26"
    assert formats.moment(datetime(2026, 3, 1, 7, 5, tzinfo=UTC), DE) == "01.03.2026, 07:05"
    year = Period(date(2027, 2, 1), date(2027, 3, 1))
    assert formats.period(year, DE) == "01.02.2027 – 28.02.2027"
    assert formats.period(Period(date(2027, 2, 1), date(2027, 2, 2)), DE) == "01.02.2027"

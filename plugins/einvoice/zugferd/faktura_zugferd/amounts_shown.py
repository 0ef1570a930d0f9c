"""Amounts, prices, quantities and days as a reader of the language writes them; never a float."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from faktura.kernel.decimals import PLACES, scaled
from faktura.kernel.rounding import round_ratio
from faktura.plugin import DocumentPeriod
from faktura_en16931.decimals import amount_digits

_NBSP = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FEWEST_PRICE_PLACES = 2

Aligned = tuple[str, str]
"""A number and the zeros that are missing behind it: set, but invisible, they align the points."""


class Shown:
    """How one document shows its numbers: in its language and currency.

    `currency` is how heads of columns name it: `€` in German, `EUR` in English.
    """

    def __init__(self, language: str, currency: str) -> None:
        self._german = language == "de"
        self._code = currency
        self._digits = amount_digits(currency)
        self.currency = _SYMBOLS.get(currency, currency) if self._german else currency

    def amount(self, value: Decimal) -> str:
        """`1.234,50` or `1,234.50`, with all the currency's decimals; the head says the currency."""
        return self._number(value, self._digits)

    def money(self, value: Decimal) -> str:
        """`1.234,50 €` or `EUR 1,234.50`."""
        if self._german:
            return f"{self.amount(value)}{_NBSP}{self.currency}"
        sign = _MINUS if value < 0 else ""
        return f"{sign}{self._code}{_NBSP}{self.amount(abs(value))}"

    def percent(self, value: Decimal) -> str:
        """`19 %` or `19%`."""
        return f"{self.plain(value)}{_NBSP if self._german else ''}%"

    def hundredths(self, value: Decimal) -> str:
        """A per cent with two decimals, whatever the currency has: `2,00 %` or `2.00%`."""
        return f"{self._number(value, 2)}{_NBSP if self._german else ''}%"

    def plain(self, value: Decimal) -> str:
        """A quantity or per cent with the decimals it has: `2,5`."""
        return self._number(value, decimals_of(value))

    def day(self, value: date) -> str:
        """`01.11.2026` or `1 Nov 2026`."""
        if self._german:
            return f"{value:%d.%m.%Y}"
        return f"{value.day}{_NBSP}{_MONTHS[value.month - 1]}{_NBSP}{value.year}"

    def period(self, period: DocumentPeriod) -> str:
        """First and last day, both inclusive; one day stands alone."""
        if period.start == period.end:
            return self.day(period.start)
        return f"{self.day(period.start)} – {self.day(period.end)}"

    def aligned(self, value: Decimal, *, fewest: int, most: int) -> Aligned:
        """The number rounded to `most` decimals, at least `fewest`, and what it lacks to `most`."""
        exact = _rounded(value, most)
        places = max(fewest, decimals_of(exact))
        point = "" if places or not most else ("," if self._german else ".")
        return self._number(exact, places), point + "0" * (most - places)

    def _number(self, value: Decimal, places: int) -> str:
        digits = f"{abs(value):,.{places}f}"
        if self._german:
            digits = digits.translate(str.maketrans(",.", ".,"))
        return f"{_MINUS}{digits}" if value < 0 else digits


def decimals_of(value: Decimal) -> int:
    """How many decimals the value has, trailing zeros aside."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def price_places(prices: Iterable[Decimal], most: int) -> int:
    """Decimals of the price column: what its prices need, from two to `most` (F054)."""
    needed = max((decimals_of(price) for price in prices), default=0)
    return min(most, max(FEWEST_PRICE_PLACES, needed))


def _rounded(value: Decimal, places: int) -> Decimal:
    """The value as shown: only the page rounds it, no sum is made of it."""
    if decimals_of(value) <= places:
        return value
    return Decimal(round_ratio(scaled(value), 10 ** (PLACES - places))).scaleb(-places)

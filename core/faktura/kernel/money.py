"""Money: integer minor units of one currency; no float, no silent rounding (P11)."""

from dataclasses import dataclass
from decimal import Decimal

from typing_extensions import override

from faktura.kernel.decimals import decimal_from_text, exact
from faktura.kernel.errors import CurrencyMismatch, TooPrecise, UnknownTerm, shortened

# ISO 4217: minor units of the currencies we bill in. An unknown currency is refused, not guessed.
MINOR_DIGITS = {
    "AED": 2, "AUD": 2, "BGN": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CNY": 2, "CZK": 2, "DKK": 2,
    "EUR": 2, "GBP": 2, "HKD": 2, "HUF": 2, "ILS": 2, "INR": 2, "ISK": 0, "JPY": 0, "KRW": 0,
    "KWD": 3, "MXN": 2, "NOK": 2, "NZD": 2, "PLN": 2, "RON": 2, "SEK": 2, "SGD": 2, "TND": 3,
    "TRY": 2, "USD": 2, "ZAR": 2,
}  # fmt: skip


def minor_digits(currency: str) -> int:
    """How many decimals the currency's amounts have (ISO 4217); raises UnknownTerm."""
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise UnknownTerm(
            f"currency “{shortened(currency)}” is not known",
            mend=f"Known: {', '.join(MINOR_DIGITS)}",
        ) from None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents) of one currency; adds and compares only with its own."""

    minor: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in that currency."""
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str, *, field: str = "") -> "Money":
        """Read `1190.00`; more decimals than the currency has raise TooPrecise."""
        return cls.from_decimal(decimal_from_text(text, field=field), currency, field=field)

    @classmethod
    def from_decimal(cls, value: Decimal, currency: str, *, field: str = "") -> "Money":
        """The exact amount; raises TooPrecise instead of rounding, and as `exact` does."""
        digits = minor_digits(currency)
        minor = exact(value, field=field).scaleb(digits)
        if minor % 1:
            raise TooPrecise(
                f"{shortened(value)} is no whole amount of {currency}",
                place=field,
                mend=f"{currency} has {digits} decimals",
            )
        return cls(int(minor), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount with the currency's number of decimals, e.g. Decimal('1190.00')."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} meets {other.currency}")
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        """Sum; CurrencyMismatch across currencies."""
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        """Difference; CurrencyMismatch across currencies."""
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        """The amount with the other sign."""
        return Money(-self.minor, self.currency)

    def __abs__(self) -> "Money":
        """The amount without its sign."""
        return Money(abs(self.minor), self.currency)

    def __bool__(self) -> bool:
        """False for nothing."""
        return self.minor != 0

    def __lt__(self, other: "Money") -> bool:
        """Order within one currency."""
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        """Order within one currency."""
        return self.minor <= self._same(other)

    @override
    def __str__(self) -> str:
        """`1190.00 EUR`."""
        return f"{self.decimal} {self.currency}"


def total(amounts: "list[Money] | tuple[Money, ...]", currency: str) -> Money:
    """The sum of `amounts`; nothing in `currency` when there are none."""
    result = Money(0, currency)
    for amount in amounts:
        result += amount
    return result

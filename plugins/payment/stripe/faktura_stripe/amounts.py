"""Amounts at Stripe: minor units whose number of places is Stripe's own, not ISO 4217's; minimums.

Facts: Stripe's pages on currencies (zero-decimal, three-decimal, special cases, minimum and
maximum charge), payments 1.14. Nothing is rounded: what does not fit is refused.
"""

from decimal import Decimal

from faktura.kernel.errors import FieldInvalid, TooPrecise

_ZERO = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
_THREE = "BHD JOD KWD OMR TND"
_PLACES = dict.fromkeys(_ZERO.split(), 0) | dict.fromkeys(_THREE.split(), 3)

_STEP = {"ISK": 100, "UGX": 100} | dict.fromkeys(_THREE.split(), 10)
"""Minor units come in multiples of this: no part of a króna, no third place of a dinar."""

MINIMUM = {
    code: Decimal(amount)
    for code, amount in {
        "AED": "2.00",
        "AUD": "0.50",
        "BGN": "1.00",
        "BRL": "0.50",
        "CAD": "0.50",
        "CHF": "0.50",
        "CZK": "15.00",
        "DKK": "2.50",
        "EUR": "0.50",
        "GBP": "0.30",
        "HKD": "4.00",
        "HUF": "175.00",
        "INR": "0.50",
        "JPY": "50",
        "MXN": "10.00",
        "MYR": "2.00",
        "NOK": "3.00",
        "NZD": "0.50",
        "PLN": "2.00",
        "RON": "2.00",
        "SEK": "3.00",
        "SGD": "0.50",
        "THB": "10.00",
        "USD": "0.50",
    }.items()
}
"""The least Stripe charges, where the account is settled in the same currency; inclusive."""

MOST_MINOR = 99_999_999
"""Stripe takes amounts of at most eight digits."""


def places_of(currency: str) -> int:
    """How many decimal places Stripe's minor units have."""
    return _PLACES.get(currency.upper(), 2)


def minor_of(amount: Decimal, currency: str) -> int:
    """The amount in Stripe's minor units; raises TooPrecise and FieldInvalid, never rounds."""
    code = currency.upper()
    shifted = amount.scaleb(places_of(code))
    minor = int(shifted)
    if minor != shifted or minor % _STEP.get(code, 1):
        raise TooPrecise(f"{amount} {code} has more places than Stripe takes")
    if not 0 < minor <= MOST_MINOR:
        raise FieldInvalid(f"{amount} {code} is no amount that Stripe takes")
    return minor


def decimal_of(minor: int, currency: str) -> Decimal:
    """Stripe's minor units as a decimal with all the currency's places."""
    return Decimal(minor).scaleb(-places_of(currency))


def maximum_of(currency: str) -> Decimal:
    """The most Stripe takes in one payment, inclusive."""
    return decimal_of(MOST_MINOR - MOST_MINOR % _STEP.get(currency, 1), currency)

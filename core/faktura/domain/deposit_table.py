"""The deposits of a final invoice as printed: date, net, VAT and gross of each, then the rest (F061)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from faktura.domain.deposit_facts import DeductedDeposit, deducted_deposits
from faktura.kernel.money import Money


@dataclass(frozen=True, slots=True)
class _Words:
    deducted: str
    rate: str
    whole: str
    rest: str
    day: str
    point: str


_GERMAN = _Words(
    "abzüglich Anzahlung {number} vom {issued}, erhalten am {received}: {amounts}",
    "netto {net}, USt {rate} % {tax}",
    "brutto {gross}",
    "verbleiben: netto {net}, USt {tax}, brutto {gross}",
    "%d.%m.%Y",
    ",",
)
_ENGLISH = _Words(
    "less deposit {number} of {issued}, received on {received}: {amounts}",
    "net {net}, VAT {rate} % {tax}",
    "gross {gross}",
    "remaining: net {net}, VAT {tax}, gross {gross}",
    "%Y-%m-%d",
    ".",
)


@dataclass(frozen=True, slots=True)
class Whole:
    """What the final invoice is over before its deposits."""

    net: Money
    tax: Money


def deducted_total(snapshot: Mapping[str, object], currency: str) -> Money:
    """What a document's deposits come to, gross (BT-113); nothing for other documents."""
    return Money(sum(one.gross for one in deducted_deposits(snapshot)), currency)


def deposit_notes(snapshot: Mapping[str, object], whole: Whole, language: str) -> tuple[str, ...]:
    """One text for each deposit and one for the rest (BT-22); none for other documents.

    German unless the customer's language is another one: then English.
    """
    deposits = deducted_deposits(snapshot)
    return tuple(_notes(deposits, whole, _GERMAN if language == "de" else _ENGLISH))


def _notes(deposits: Sequence[DeductedDeposit], whole: Whole, words: _Words) -> Iterator[str]:
    currency = whole.net.currency
    net, tax = whole.net.minor, whole.tax.minor
    for one in deposits:
        rates = [
            words.rate.format(
                net=_amount(share.net, currency, words),
                rate=_rate(share.taxed.rate, words),
                tax=_amount(share.tax, currency, words),
            )
            for share in one.shares
        ]
        amounts = [*rates, words.whole.format(gross=_amount(one.gross, currency, words))]
        yield words.deducted.format(
            number=one.number,
            issued=_day(one.issued_on, words),
            received=_day(one.received_on, words),
            amounts=", ".join(amounts),
        )
        net -= sum(share.net for share in one.shares)
        tax -= sum(share.tax for share in one.shares)
    if deposits:
        yield words.rest.format(
            net=_amount(net, currency, words),
            tax=_amount(tax, currency, words),
            gross=_amount(net + tax, currency, words),
        )


def _amount(minor: int, currency: str, words: _Words) -> str:
    return f"{Money(minor, currency).decimal:f}".replace(".", words.point)


def _rate(rate: Decimal, words: _Words) -> str:
    return f"{rate.normalize():f}".replace(".", words.point)


def _day(day: date, words: _Words) -> str:
    return f"{day:{words.day}}"

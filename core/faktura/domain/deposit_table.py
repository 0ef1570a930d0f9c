"""The deposits of a final invoice as printed: date, net, VAT and gross of each, then the rest (F061)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from faktura.domain.deposit_facts import DeductedDeposit, deducted_deposits
from faktura.domain.document_language import day_text, is_german, number_text
from faktura.kernel.money import Money


@dataclass(frozen=True, slots=True)
class _Words:
    deducted: str
    rate: str
    whole: str
    rest: str


_GERMAN = _Words(
    "abzüglich Anzahlung {number} vom {issued}, erhalten am {received}: {amounts}",
    "netto {net}, USt {rate} % {tax}",
    "brutto {gross}",
    "verbleiben: netto {net}, USt {tax}, brutto {gross}",
)
_ENGLISH = _Words(
    "less deposit {number} of {issued}, received on {received}: {amounts}",
    "net {net}, VAT {rate} % {tax}",
    "gross {gross}",
    "remaining: net {net}, VAT {tax}, gross {gross}",
)


@dataclass(frozen=True, slots=True)
class Whole:
    """What the final invoice is over before its deposits."""

    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class RateOfDeposit:
    """What of a deposit is taxed at one rate, in per cent."""

    deposit: DeductedDeposit
    rate: Decimal
    net: Money
    tax: Money


def deducted_total(snapshot: Mapping[str, object], currency: str) -> Money:
    """What a document's deposits come to, gross (BT-113); nothing for other documents."""
    return Money(sum(one.gross for one in deducted_deposits(snapshot)), currency)


def rates_of_deposits(deposits: Sequence[DeductedDeposit], currency: str) -> list[RateOfDeposit]:
    """One row for each deposit and rate, in the order of the deposits, the highest rate first."""
    rows = []
    for one in deposits:
        sums: dict[Decimal, tuple[int, int]] = {}
        for share in one.shares:
            net, tax = sums.get(share.taxed.rate, (0, 0))
            sums[share.taxed.rate] = net + share.net, tax + share.tax
        rows += [
            RateOfDeposit(one, rate, Money(net, currency), Money(tax, currency))
            for rate, (net, tax) in sorted(sums.items(), reverse=True)
        ]
    return rows


def rest_after(whole: Whole, rows: Sequence[RateOfDeposit]) -> Whole:
    """What deposits leave of a final invoice, net and VAT."""
    net, tax = whole.net, whole.tax
    for row in rows:
        net, tax = net - row.net, tax - row.tax
    return Whole(net, tax)


def deposit_notes(snapshot: Mapping[str, object], whole: Whole, language: str) -> tuple[str, ...]:
    """One text for each deposit and one for the rest (BT-22); none for other documents.

    German unless the customer's language is another one: then English.
    """
    deposits = deducted_deposits(snapshot)
    rows = rates_of_deposits(deposits, whole.net.currency)
    return tuple(_notes(deposits, rows, whole, language))


def _notes(
    deposits: Sequence[DeductedDeposit], rows: Sequence[RateOfDeposit], whole: Whole, language: str
) -> Iterator[str]:
    words = _GERMAN if is_german(language) else _ENGLISH
    for one in deposits:
        rates = [
            words.rate.format(
                net=_amount(row.net, language),
                rate=number_text(_short(row.rate), language),
                tax=_amount(row.tax, language),
            )
            for row in rows
            if row.deposit is one
        ]
        gross = Money(one.gross, whole.net.currency)
        yield words.deducted.format(
            number=one.number,
            issued=day_text(one.issued_on, language),
            received=day_text(one.received_on, language),
            amounts=", ".join([*rates, words.whole.format(gross=_amount(gross, language))]),
        )
    if deposits:
        rest = rest_after(whole, rows)
        yield words.rest.format(
            net=_amount(rest.net, language),
            tax=_amount(rest.tax, language),
            gross=_amount(rest.net + rest.tax, language),
        )


def _amount(amount: Money, language: str) -> str:
    return number_text(amount.decimal, language)


def _short(rate: Decimal) -> Decimal:
    """19 for 19.00: a rate is read without zeros behind it."""
    return rate.to_integral_value() if rate == rate.to_integral_value() else rate.normalize()

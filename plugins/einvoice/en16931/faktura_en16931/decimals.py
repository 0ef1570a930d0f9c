"""How many decimals a document's numbers may have (BR-DEC-*, F051): the base of its arithmetic."""

from collections.abc import Iterator
from decimal import Decimal

from faktura.kernel.decimals import LIMIT, PLACES
from faktura.kernel.money import MINOR_DIGITS, minor_digits
from faktura.plugin import Finding, InvoiceDocument
from faktura_en16931.findings import error

_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(PLACES + 1))
_MOST_DECIMALS = 2  # BR-DEC-*: also for the currencies that have three


def amount_digits(currency: str) -> int:
    """Decimals of the currency's amounts in an EN 16931 document; raises UnknownTerm."""
    return min(_MOST_DECIMALS, minor_digits(currency))


def check_decimals(document: InvoiceDocument) -> Iterator[Finding]:
    """Amounts that are no whole cents, other numbers of more than six places."""
    yield from _amounts(document)
    yield from _accounting(document)
    yield from _places(document)


def _stated(document: InvoiceDocument) -> Iterator[tuple[str, str, Decimal | None]]:
    """Every amount with the rule about its decimals."""
    totals = document.totals
    yield "BR-DEC-09", "BT-106", totals.lines
    yield "BR-DEC-10", "BT-107", totals.allowances
    yield "BR-DEC-11", "BT-108", totals.charges
    yield "BR-DEC-12", "BT-109", totals.net
    yield "BR-DEC-13", "BT-110", totals.vat
    yield "BR-DEC-14", "BT-112", totals.gross
    yield "BR-DEC-16", "BT-113", totals.prepaid
    yield "BR-DEC-17", "BT-114", totals.rounding
    yield "BR-DEC-18", "BT-115", totals.due
    for breakdown in document.vat:
        yield "BR-DEC-19", "BT-116", breakdown.taxable
        yield "BR-DEC-20", "BT-117", breakdown.tax
    for line in document.lines:
        yield "BR-DEC-23", "BT-131", line.net
        for allowance in line.allowances:
            yield "BR-DEC-24", "BT-136", allowance.amount
            yield "BR-DEC-25", "BT-137", allowance.base
        for charge in line.charges:
            yield "BR-DEC-27", "BT-141", charge.amount
            yield "BR-DEC-28", "BT-142", charge.base
    for allowance in document.allowances:
        yield "BR-DEC-01", "BT-92", allowance.amount
        yield "BR-DEC-02", "BT-93", allowance.base
    for charge in document.charges:
        yield "BR-DEC-05", "BT-99", charge.amount
        yield "BR-DEC-06", "BT-100", charge.base


def _amounts(document: InvoiceDocument) -> Iterator[Finding]:
    digits = amount_digits(document.currency)
    for rule, term, value in _stated(document):
        if value is not None and not _fits(value, digits):
            message = f"The amount {value} is no whole amount of {document.currency}"
            yield error(rule, term, message, "document.totals")


def _accounting(document: InvoiceDocument) -> Iterator[Finding]:
    """BT-111 has the decimals of its own currency."""
    value, currency = document.totals.vat_accounting, document.tax_currency
    digits = amount_digits(currency) if currency in MINOR_DIGITS else _MOST_DECIMALS
    if value is not None and not _fits(value, digits):
        message = f"The amount {value} is no whole amount of {currency or document.currency}"
        yield error("BR-DEC-15", "BT-111", message, "document.tax_currency")


def _factors(document: InvoiceDocument) -> Iterator[tuple[str, Decimal | None, str]]:
    """Every price, quantity and per cent that enters the arithmetic, with the field to mend."""
    for line in document.lines:
        yield "BT-129", line.quantity, "contract.items"
        yield "BT-146", line.price, "contract.items"
        yield "BT-147", line.price_discount, "contract.items"
        yield "BT-148", line.gross_price, "contract.items"
        yield "BT-149", line.price_base, "contract.items"
        yield "BT-152", line.vat_rate, "productGroup.taxGroup"
        for allowance in line.allowances:
            yield "BT-138", allowance.percent, "discount.percent"
        for charge in line.charges:
            yield "BT-143", charge.percent, "document.lines.charges"
    for allowance in document.allowances:
        yield "BT-94", allowance.percent, "discount.percent"
        yield "BT-96", allowance.vat_rate, "document.allowances"
    for charge in document.charges:
        yield "BT-101", charge.percent, "document.charges"
        yield "BT-103", charge.vat_rate, "document.charges"
    for breakdown in document.vat:
        yield "BT-119", breakdown.rate, "productGroup.taxGroup"


def _places(document: InvoiceDocument) -> Iterator[Finding]:
    for term, value, mend in _factors(document):
        if value is not None and not _fits(value, PLACES):
            message = f"The number {value} has more than {PLACES} decimals"
            yield error("faktura-F051", term, message, mend)


def _fits(value: Decimal, places: int) -> bool:
    """Whether `value` has at most that many decimals, trailing zeros aside, and a sane size."""
    # The remainder is exact for any number of digits; scaleb would round to the context's 28.
    return not value or (-LIMIT < value < LIMIT and not value % _STEPS[places])

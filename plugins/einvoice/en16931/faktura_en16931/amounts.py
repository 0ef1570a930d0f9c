"""Arithmetic of a document, exact to the cent.

Stricter than the official rules, which let pass a line that is 0.02 and a VAT amount that is
almost 1.00 off (R120, BR-CO-17).
"""

from collections.abc import Iterator
from decimal import Decimal

from faktura.kernel.money import Money
from faktura.kernel.rounding import line_total, percent_of
from faktura.plugin import Allowance, DocumentLine, Finding, InvoiceDocument
from faktura_en16931.findings import error

_ZERO = Decimal(0)
_SLACK = Decimal("0.02")
# A correction is a document of its own: these are never below zero (domain.md, Documents).
_NEVER_NEGATIVE = frozenset({"326", "380", "381"})
# Each total in words: several stand in a document, and only one of them may be wrong.
_TOTALS = {
    "BT-106": "sum of the lines",
    "BT-107": "sum of the discounts",
    "BT-108": "sum of the charges",
    "BT-109": "net total",
    "BT-110": "VAT total",
    "BT-112": "gross total",
    "BT-115": "amount due",
}
# Where a discount or charge stands; only discounts are ever set as a percentage elsewhere.
_PERCENTAGES = {
    "BT-92": "discount.percent",
    "BT-99": "document.charges",
    "BT-136": "discount.percent",
    "BT-141": "document.lines.charges",
}


def check_amounts(document: InvoiceDocument) -> Iterator[Finding]:
    """Totals, lines and percentages; every number must have passed `check_decimals`."""
    yield from _totals(document)
    for line in document.lines:
        yield from _line(line, document.currency)
    for allowance in document.allowances:
        yield from _percentage(allowance, "BT-92", document.currency)
    for charge in document.charges:
        yield from _percentage(charge, "BT-99", document.currency)


def _totals(document: InvoiceDocument) -> Iterator[Finding]:
    totals = document.totals
    allowances = sum((entry.amount for entry in document.allowances), _ZERO)
    charges = sum((entry.amount for entry in document.charges), _ZERO)
    for rule, term, stated, parts in (
        ("BR-CO-10", "BT-106", totals.lines, sum((line.net for line in document.lines), _ZERO)),
        ("BR-CO-11", "BT-107", totals.allowances, allowances),
        ("BR-CO-12", "BT-108", totals.charges, charges),
        ("BR-CO-13", "BT-109", totals.net, totals.lines - totals.allowances + totals.charges),
        ("BR-CO-14", "BT-110", totals.vat, sum((entry.tax for entry in document.vat), _ZERO)),
        ("BR-CO-15", "BT-112", totals.gross, totals.net + totals.vat),
        ("BR-CO-16", "BT-115", totals.due, totals.gross - totals.prepaid + totals.rounding),
    ):
        if stated != parts:
            message = f"The {_TOTALS[term]} ({term}) is stated as {stated}, its parts give {parts}"
            yield error(rule, term, message, "document.totals")
    yield from _accounting(document)
    if totals.gross < 0 and document.type_code in _NEVER_NEGATIVE:
        message = f"A document of type {document.type_code} is never below zero: {totals.gross}"
        yield error("faktura-sign", "BT-112", message, "document.type_code")


def _accounting(document: InvoiceDocument) -> Iterator[Finding]:
    """BT-6 and BT-111: the VAT once more in the currency of the tax office."""
    stated, mend = document.totals.vat_accounting, "document.tax_currency"
    if document.tax_currency is None:
        if stated is not None:
            message = "The VAT in another currency is given without that currency"
            yield error("PEPPOL-EN16931-R054", "BT-6", message, mend)
        return
    if document.tax_currency == document.currency:
        message = f"The currency of the VAT is the document's own, {document.currency}"
        yield error("PEPPOL-EN16931-R005", "BT-6", message, mend)
    if stated is None:
        message = f"The VAT in {document.tax_currency} is missing"
        yield error("BR-53", "BT-111", message, mend)
    elif (stated < 0) != (document.totals.vat < 0):
        message = f"The VAT is {document.totals.vat}, in {document.tax_currency} {stated}"
        yield error("PEPPOL-EN16931-R055", "BT-111", message, mend)


def _line(line: DocumentLine, currency: str) -> Iterator[Finding]:
    if line.price < 0:
        message = f"Line {line.id}: a price is never negative; use a quantity or a discount"
        yield error("BR-27", "BT-146", message, "contract.items")
    if line.price_base <= 0:
        message = f"Line {line.id}: the price base {line.price_base} is not above zero"
        yield error("PEPPOL-EN16931-R121", "BT-149", message, "contract.items")
        return
    yield from _gross_price(line)
    expected = line_total(line.price, line.quantity, currency, base=line.price_base).decimal
    for allowance in line.allowances:
        expected -= allowance.amount
        yield from _percentage(allowance, "BT-136", currency)
    for charge in line.charges:
        expected += charge.amount
        yield from _percentage(charge, "BT-141", currency)
    if line.net != expected:
        message = f"Line {line.id} states {line.net}, quantity and price give {expected}"
        yield error("PEPPOL-EN16931-R120", "BT-131", message, "document.lines")


def _gross_price(line: DocumentLine) -> Iterator[Finding]:
    """BT-147 and BT-148: both or neither, and the price is what they leave (R046)."""
    gross, discount = line.gross_price, line.price_discount
    if gross is None and discount is None:
        return
    if gross is None or discount is None:
        message = f"Line {line.id} gives one of list price and discount without the other"
        yield error("faktura-gross-price", "BT-148", message, "contract.items")
    elif gross < 0 or discount < 0:
        message = f"Line {line.id}: list price and discount are never negative"
        yield error("BR-28", "BT-148", message, "contract.items")
    elif line.price != gross - discount:
        message = f"Line {line.id}: {gross} less {discount} is not the price {line.price}"
        yield error("PEPPOL-EN16931-R046", "BT-146", message, "contract.items")


def _percentage(allowance: Allowance, term: str, currency: str) -> Iterator[Finding]:
    base, percent = allowance.base, allowance.percent
    named, mend = allowance.reason or allowance.reason_code, _PERCENTAGES[term]
    if base is None and percent is None:
        return
    if base is None:
        message = f"“{named}” has a percentage without the amount it is of"
        yield error("PEPPOL-EN16931-R041", term, message, mend)
    elif percent is None:
        message = f"“{named}” has a base amount without a percentage"
        yield error("PEPPOL-EN16931-R042", term, message, mend)
    else:
        expected = percent_of(Money.from_decimal(base, currency), percent).decimal
        if allowance.amount != expected:
            message = f"“{named}” states {allowance.amount}, {percent} % give {expected}"
            yield error("PEPPOL-EN16931-R040", term, message, mend)
        elif abs(allowance.amount - base * percent / 100) > _SLACK:
            # A whole yen is often further away than the official rules bear.
            message = (
                f"“{named}”: {percent} % of {base} is no amount of {currency}; give no per cent"
            )
            yield error("PEPPOL-EN16931-R040", term, message, mend)

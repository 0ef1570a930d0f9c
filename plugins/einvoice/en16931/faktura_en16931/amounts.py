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
# A correction is a document of its own: these are never below zero (domain.md, Documents).
_NEVER_NEGATIVE = frozenset({"326", "380", "381"})


def check_amounts(document: InvoiceDocument) -> Iterator[Finding]:
    """Totals, lines and percentages; every number must have passed `check_decimals`."""
    yield from _totals(document)
    for line in document.lines:
        yield from _line(line, document.currency)
    for allowance in (*document.allowances, *document.charges):
        yield from _percentage(allowance, "BT-92", document.currency)


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
            message = f"The document states {stated}, its parts give {parts}"
            yield error(rule, term, message, "document.totals")
    if totals.gross < 0 and document.type_code in _NEVER_NEGATIVE:
        message = f"A document of type {document.type_code} is never below zero: {totals.gross}"
        yield error("faktura-sign", "BT-112", message, "document.kind")


def _line(line: DocumentLine, currency: str) -> Iterator[Finding]:
    if line.price < 0:
        message = f"Line {line.id}: a price is never negative; use a quantity or a discount"
        yield error("BR-27", "BT-146", message, "contract.items")
    if line.price_base <= 0:
        message = f"Line {line.id}: the price base {line.price_base} is not above zero"
        yield error("PEPPOL-EN16931-R121", "BT-149", message, "contract.items")
        return
    expected = line_total(line.price, line.quantity, currency, base=line.price_base).decimal
    for allowance in line.allowances:
        expected -= allowance.amount
        yield from _percentage(allowance, "BT-136", currency)
    if line.net != expected:
        message = f"Line {line.id} states {line.net}, quantity and price give {expected}"
        yield error("PEPPOL-EN16931-R120", "BT-131", message, "document.lines")


def _percentage(allowance: Allowance, term: str, currency: str) -> Iterator[Finding]:
    base, percent = allowance.base, allowance.percent
    if base is None and percent is None:
        return
    if base is None:
        message = f"“{allowance.reason}” has a percentage without the amount it is of"
        yield error("PEPPOL-EN16931-R041", term, message, "discount.base")
    elif percent is None:
        message = f"“{allowance.reason}” has a base amount without a percentage"
        yield error("PEPPOL-EN16931-R042", term, message, "discount.percent")
    else:
        expected = percent_of(Money.from_decimal(base, currency), percent).decimal
        if allowance.amount != expected:
            message = f"“{allowance.reason}” states {allowance.amount}, {percent} % give {expected}"
            yield error("PEPPOL-EN16931-R040", term, message, "discount.amount")

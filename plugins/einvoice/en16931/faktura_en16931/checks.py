"""All pre-checks of EN 16931 on a document, before a number is spent and before it is written."""

from collections.abc import Iterator

from faktura.kernel.money import MINOR_DIGITS
from faktura.plugin import Finding, InvoiceDocument
from faktura_en16931.amounts import check_amounts
from faktura_en16931.coded import check_codes
from faktura_en16931.decimals import check_decimals
from faktura_en16931.mandatory import check_mandatory
from faktura_en16931.payment import check_payment
from faktura_en16931.periods import check_periods
from faktura_en16931.vat import check_vat


def check(document: InvoiceDocument) -> Iterator[Finding]:
    """What EN 16931 and the Peppol rules in force say, in words of billing; nothing when right."""
    yield from check_mandatory(document)
    yield from check_codes(document)
    yield from check_periods(document)
    yield from check_payment(document)
    if document.currency not in MINOR_DIGITS:
        return
    # Sums are only told about exact numbers: one wrong decimal is one finding, not ten.
    inexact = tuple(check_decimals(document))
    yield from inexact
    if not inexact:
        yield from check_amounts(document)
        yield from check_vat(document)

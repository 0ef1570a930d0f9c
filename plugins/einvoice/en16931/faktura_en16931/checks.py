"""All pre-checks of EN 16931 on a document, before a number is spent and before it is written."""

from collections.abc import Iterable, Iterator

from faktura.kernel.money import MINOR_DIGITS
from faktura.plugin import Finding, InvoiceDocument
from faktura_en16931.amounts import check_amounts
from faktura_en16931.attachments import check_attachments
from faktura_en16931.coded import check_codes
from faktura_en16931.decimals import check_decimals
from faktura_en16931.mandatory import check_mandatory
from faktura_en16931.parties import check_parties
from faktura_en16931.payment import check_payment
from faktura_en16931.periods import check_periods
from faktura_en16931.texts import check_texts
from faktura_en16931.vat import check_vat


def check(document: InvoiceDocument, told: Iterable[str] = ()) -> Iterator[Finding]:
    """What EN 16931 and the Peppol rules in force say, in words of billing; nothing when right.

    `told` are terms a profile has a finding for: that they are blank is the same news.
    """
    present = (
        *check_mandatory(document),
        *check_parties(document),
        *check_attachments(document),
        *check_codes(document),
        *check_payment(document),
    )
    yield from present
    yield from check_texts(document, {finding.term for finding in present}.union(told))
    yield from check_periods(document)
    if document.currency not in MINOR_DIGITS:
        return
    # Sums are only told about exact numbers: one wrong decimal is one finding, not ten.
    inexact = tuple(check_decimals(document))
    yield from inexact
    if not inexact:
        yield from check_amounts(document)
        yield from check_vat(document)

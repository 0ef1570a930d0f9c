"""On a credit note the format's seller is the partner: what is to be filled is named so (F066)."""

import pytest

from faktura.kernel.terms import DocumentKind
from faktura.services.printed_document import mend_of


@pytest.mark.parametrize(
    ("kind", "mend", "expected"),
    [
        (DocumentKind.CREDIT_NOTE, "tenant.seller.contact.phone", "customer.contact.phone"),
        (DocumentKind.CREDIT_NOTE, "customer.email", "tenant.seller.email"),
        (DocumentKind.CREDIT_NOTE, "document.vat", "document.vat"),
        (DocumentKind.INVOICE, "tenant.seller.contact.phone", "tenant.seller.contact.phone"),
    ],
)
def test_seller_and_buyer_are_swapped(kind: DocumentKind, mend: str, expected: str):
    """Only where we bill ourselves."""
    assert mend_of(kind, mend) == expected

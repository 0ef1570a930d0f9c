"""On a credit note the format's seller is the partner: what is to be filled is named so (F066)."""

import pytest

from faktura.kernel.terms import DocumentKind
from faktura.services.printed_document import mend_of


@pytest.mark.parametrize(
    ("kind", "mend", "expected"),
    [
        (DocumentKind.CREDIT_NOTE, "tenant.seller.contact.name", "customer.contactPerson.name"),
        (DocumentKind.CREDIT_NOTE, "tenant.seller.contact.phone", "customer.contactPerson.phone"),
        (DocumentKind.CREDIT_NOTE, "tenant.seller.contact.email", "customer.email"),
        (
            DocumentKind.CREDIT_NOTE,
            "tenant.seller.address.zip_code",
            "customer.billingAddress.zipCode",
        ),
        (DocumentKind.CREDIT_NOTE, "tenant.seller.tax_number", "customer.taxNumber"),
        (DocumentKind.CREDIT_NOTE, "tenant.seller.register_number", "customer.registerNumber"),
        (DocumentKind.CREDIT_NOTE, "customer.email", "tenant.seller.contact.email"),
        (DocumentKind.CREDIT_NOTE, "customer.billingAddress.city", "tenant.seller.address.city"),
        (DocumentKind.CREDIT_NOTE, "customer.euTaxId", "tenant.seller.vat_id"),
        (DocumentKind.CREDIT_NOTE_CORRECTION, "customer.name", "tenant.seller.legal_name"),
        (DocumentKind.CREDIT_NOTE, "document.vat", "document.vat"),
        (DocumentKind.INVOICE, "tenant.seller.contact.phone", "tenant.seller.contact.phone"),
    ],
)
def test_seller_and_buyer_are_swapped(kind: DocumentKind, mend: str, expected: str):
    """Only where we bill ourselves."""
    assert mend_of(kind, mend) == expected

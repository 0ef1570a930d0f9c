"""A finding of a format names the field that a person can fill."""

import pytest

from faktura.kernel.terms import DocumentKind
from faktura.services.printed_document import mend_of


@pytest.mark.parametrize(
    ("kind", "mend", "field"),
    [
        (DocumentKind.INVOICE, "tenant.seller.contact.phone", "tenant.seller.contact.phone"),
        (DocumentKind.CREDIT_NOTE, "tenant.seller.contact.phone", "customer.contactPerson.phone"),
        (DocumentKind.CREDIT_NOTE, "customer.name", "tenant.seller.legal_name"),
        (DocumentKind.CREDIT_NOTE, "article.unit", "article.unit"),
        (
            DocumentKind.INVOICE,
            "document.notes",
            "contract.extraTextInvoiceHeader, contract.extraTextInvoiceFooter",
        ),
    ],
)
def test_the_field_is_one_that_a_person_fills(kind: DocumentKind, mend: str, field: str) -> None:
    """On a credit note we are the buyer; notes are texts of the contract."""
    assert mend_of(kind, mend) == field

"""Leitweg-IDs with wrong check digits are told, as a warning, where they are the address."""

import pytest

from faktura.plugin import Finding, Identifier, InvoiceDocument, Severity
from faktura.testing.invoices import changed, sample_invoice
from faktura_xrechnung.formats import XRechnungCii
from faktura_xrechnung.leitweg import has_right_digits


def sent_to(leitweg_id: str, scheme: str = "0204") -> InvoiceDocument:
    document = changed(sample_invoice(), "buyer_reference", leitweg_id)
    return changed(document, "buyer.endpoint", Identifier(value=leitweg_id, scheme=scheme))


@pytest.mark.parametrize(
    ("leitweg_id", "right"),
    [
        ("04011000-1234512345-06", True),
        ("991-33333TEST-33", True),
        ("991-33333test-33", True),
        ("992-90009-96", True),
        ("04011000-1234512345-60", False),
        ("992-90006-96", False),
    ],
)
def test_the_check_digits_are_those_of_iso_7064(leitweg_id: str, right: bool) -> None:
    """The examples of KoSIT; two digits in the wrong order or one wrong are found."""
    assert has_right_digits(leitweg_id) is right


def test_wrong_check_digits_are_a_warning(xrechnung: XRechnungCii) -> None:
    """BT-10: the receiver may still know what is meant."""
    assert xrechnung.check(sent_to("992-90009-69")) == (
        Finding(
            severity=Severity.WARNING,
            rule="faktura-leitweg",
            term="BT-10",
            message="The check digits of the Leitweg-ID 992-90009-69 are wrong",
            mend="customer.leitwegId",
        ),
    )


@pytest.mark.parametrize(
    ("reference", "scheme"),
    [("992-90009-96", "0204"), ("992-90009-69", "9930"), ("Einkauf 4-69", "0204")],
)
def test_other_references_are_free(reference: str, scheme: str, xrechnung: XRechnungCii) -> None:
    """Right digits, another kind of address, and what is no Leitweg-ID at all."""
    assert xrechnung.check(sent_to(reference, scheme)) == ()

"""Documents with one fault against the German rules: refused or warned of, by us and officially."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from faktura.kernel.errors import RenderRefused
from faktura.plugin import (
    AttachedFile,
    Attachment,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Finding,
    InvoiceDocument,
    PaymentInstructions,
    PostalAddress,
    Severity,
)
from faktura.testing.invoices import changed, sample_invoice, sample_line
from faktura_en16931.cii import write_cii
from faktura_xrechnung.formats import XRechnungCii
from faktura_xrechnung.rule_sets import RULE_SETS

PROFILE = RULE_SETS[0].profile


class Fault(NamedTuple):
    """A broken document, what we say about it, the field to mend, what the official rules say."""

    rule: str
    term: str
    mend: str
    document: InvoiceDocument
    official: str | None


def named(faults: list[Fault]) -> list[object]:
    return [
        pytest.param(fault, id=f"{number}-{fault.rule}-{fault.term}")
        for number, fault in enumerate(faults, 1)
    ]


def field(path: str, value: object) -> InvoiceDocument:
    return changed(sample_invoice(), path, value)


def paid_by(means_code: str, **groups: object) -> InvoiceDocument:
    return sample_invoice(
        payment=PaymentInstructions.model_validate({"means_code": means_code} | groups)
    )


def debited(**changes: str) -> InvoiceDocument:
    return paid_by("59", direct_debit=DEBIT.model_copy(update=changes))


def shipped_to(city: str, postcode: str) -> InvoiceDocument:
    address = PostalAddress(city=city, postcode=postcode, country="DE")
    return sample_invoice(delivery=Delivery(address=address))


TRANSFER = (CreditTransfer(iban="DE02120300000000202051"),)
DEBIT = DirectDebit(mandate="M-1", creditor_id="DE98ZZZ09999999999", iban="DE02500105170137075030")
PDF = Attachment(
    reference="A",
    file=AttachedFile(filename="a.pdf", media_type="application/pdf", content=b"%PDF"),
)
SMALL_BUSINESS = changed(
    changed(changed(sample_invoice(), "seller.vat_id", None), "seller.registration", None),
    "seller.identifiers",
    (),
)
UNDATED = sample_invoice(delivery=None, period=None, lines=(sample_line(period=None),))

ERRORS = [
    Fault("BR-DE-15", "BT-10", "customer.leitwegId", field("buyer_reference", None), "BR-DE-15"),
    Fault(
        "BR-DE-2", "BG-6", "tenant.seller.contact.name", field("seller.contact", None), "BR-DE-2"
    ),
    Fault(
        "BR-DE-3",
        "BT-37",
        "tenant.seller.address.city",
        field("seller.address.city", " "),
        "BR-DE-3",
    ),
    Fault(
        "BR-DE-4",
        "BT-38",
        "tenant.seller.address.zip_code",
        field("seller.address.postcode", ""),
        "BR-DE-4",
    ),
    Fault(
        "BR-DE-5",
        "BT-41",
        "tenant.seller.contact.name",
        field("seller.contact.name", ""),
        "BR-DE-5",
    ),
    Fault(
        "BR-DE-6",
        "BT-42",
        "tenant.seller.contact.phone",
        field("seller.contact.phone", None),
        "BR-DE-6",
    ),
    Fault(
        "BR-DE-7",
        "BT-43",
        "tenant.seller.contact.email",
        field("seller.contact.email", " "),
        "BR-DE-7",
    ),
    Fault(
        "BR-DE-8",
        "BT-52",
        "customer.billingAddress.city",
        field("buyer.address.city", ""),
        "BR-DE-8",
    ),
    Fault(
        "BR-DE-9",
        "BT-53",
        "customer.billingAddress.zipCode",
        field("buyer.address.postcode", " "),
        "BR-DE-9",
    ),
    Fault(
        "BR-DE-10", "BT-77", "document.delivery.address.city", shipped_to("", "07743"), "BR-DE-10"
    ),
    Fault(
        "BR-DE-11",
        "BT-78",
        "document.delivery.address.postcode",
        shipped_to("Jena", ""),
        "BR-DE-11",
    ),
    Fault(
        "BR-DE-16",
        "BT-31",
        "tenant.seller.tax_number",
        changed(field("seller.vat_id", None), "seller.tax_number", " "),
        "BR-DE-16",
    ),
    Fault("BR-CO-26", "BT-29", "tenant.seller.register_number", SMALL_BUSINESS, "BR-CO-26"),
    Fault(
        "PEPPOL-EN16931-R010",
        "BT-49",
        "customer.email",
        field("buyer.endpoint", None),
        "PEPPOL-EN16931-R010",
    ),
    Fault(
        "PEPPOL-EN16931-R020",
        "BT-34",
        "tenant.seller.contact.email",
        field("seller.endpoint.value", " "),
        "PEPPOL-EN16931-R020",
    ),
    Fault(
        "BR-DE-22",
        "BT-125",
        "document.attachments",
        sample_invoice(attachments=(PDF, PDF)),
        "BR-DE-22",
    ),
    # The official rule only warns; § 31 (5) UStDV does not.
    Fault("BR-DE-26", "BG-3", "document.preceding", field("type_code", "384"), "BR-DE-26"),
    Fault("faktura-correction", "BG-3", "document.preceding", field("type_code", "381"), None),
]

PAYMENT = [
    Fault("BR-DE-23-a", "BG-17", "tenant.seller.iban", paid_by("58"), "BR-DE-23-a"),
    Fault("BR-61", "BT-84", "tenant.seller.iban", paid_by("30"), "BR-DE-23-a"),
    Fault("BR-50", "BT-84", "tenant.seller.iban", field("payment.transfers.0.iban", " "), "BR-61"),
    Fault(
        "BR-DE-23-b",
        "BG-16",
        "customer.paymentMethod",
        paid_by("58", transfers=TRANSFER, direct_debit=DEBIT),
        "BR-DE-23-b",
    ),
    Fault(
        "BR-DE-19",
        "BT-84",
        "tenant.seller.iban",
        field("payment.transfers.0.iban", "DE03120300000000202051"),
        "BR-DE-19",
    ),
    Fault(
        "BR-DE-19",
        "BT-84",
        "tenant.seller.iban",
        field("payment.transfers.0.iban", "DE02 1203 0000 0000 2020 51"),
        None,
    ),
    Fault("BR-DE-24-a", "BG-18", "document.payment.card_last_digits", paid_by("48"), "BR-DE-24-a"),
    Fault(
        "BR-DE-24-b",
        "BG-16",
        "customer.paymentMethod",
        paid_by("54", card_last_digits="1234", transfers=TRANSFER),
        "BR-DE-24-b",
    ),
    Fault(
        "BR-51",
        "BT-87",
        "document.payment.card_last_digits",
        paid_by("55", card_last_digits="4111111111111111"),
        "BR-51",
    ),
    Fault("BR-DE-25-a", "BG-19", "customer.mandate", paid_by("59"), "BR-DE-25-a"),
    Fault(
        "PEPPOL-EN16931-R061",
        "BT-89",
        "customer.mandate",
        debited(mandate=" "),
        "PEPPOL-EN16931-R061",
    ),
    Fault("BR-DE-30", "BT-90", "tenant.seller.creditor_id", debited(creditor_id=""), "BR-DE-30"),
    Fault("BR-DE-31", "BT-91", "customer.mandate", debited(iban=""), "BR-DE-31"),
    Fault(
        "BR-DE-20", "BT-91", "customer.mandate", debited(iban="DE03500105170137075030"), "BR-DE-20"
    ),
    Fault(
        "BR-DE-25-b",
        "BG-16",
        "customer.paymentMethod",
        paid_by("59", direct_debit=DEBIT, transfers=TRANSFER),
        "BR-DE-25-b",
    ),
    Fault("BR-CO-25", "BT-9", "customer.duePeriod", field("due_on", None), None),
    Fault(
        "BR-DE-18",
        "BT-20",
        "document.payment_terms",
        field("payment_terms", "#SKONTO#TAGE=7#PROZENT=2#\n"),
        "BR-DE-18",
    ),
    Fault(
        "BR-DE-18",
        "BT-20",
        "document.payment_terms",
        field("payment_terms", "#SKONTO#TAGE=7#PROZENT=2.00#"),
        "BR-DE-18",
    ),
]

WARNINGS = [
    Fault(
        "BR-DE-27",
        "BT-42",
        "tenant.seller.contact.phone",
        field("seller.contact.phone", "+4"),
        "BR-DE-27",
    ),
    Fault(
        "BR-DE-28",
        "BT-43",
        "tenant.seller.contact.email",
        field("seller.contact.email", "ada@"),
        "BR-DE-28",
    ),
    Fault("BR-DE-TMP-32", "BT-72", "document.delivery", UNDATED, "BR-DE-TMP-32"),
]

REFUSED = ERRORS + PAYMENT


@pytest.mark.parametrize("fault", named(REFUSED))
def test_a_fault_is_refused_and_names_the_field_to_fill(
    fault: Fault, xrechnung: XRechnungCii
) -> None:
    """F044: what the customer's format demands is named before a number is spent."""
    found = xrechnung.check(fault.document)

    errors = {(entry.rule, entry.term, entry.mend) for entry in found if is_error(entry)}
    assert (fault.rule, fault.term, fault.mend) in errors
    with pytest.raises(RenderRefused, match=fault.mend):
        xrechnung.render(fault.document)


@pytest.mark.parametrize("fault", named(WARNINGS))
def test_a_warning_is_told_and_the_document_is_still_written(
    fault: Fault, xrechnung: XRechnungCii
) -> None:
    """BR-DE-27, BR-DE-28 and BR-DE-TMP-32 do not make a receiver refuse."""
    found = xrechnung.check(fault.document)

    assert [(entry.rule, entry.term, entry.mend, is_error(entry)) for entry in found] == [
        (fault.rule, fault.term, fault.mend, False)
    ]
    assert xrechnung.render(fault.document).startswith(b"<?xml")


@pytest.mark.parametrize("fault", named(REFUSED + WARNINGS))
def test_the_official_rules_agree_where_they_look(
    fault: Fault, broken_rules: Callable[[bytes], dict[str, str]]
) -> None:
    """reference: KoSIT 2.6.0; what it lets pass is said in the table."""
    broken = broken_rules(write_cii(fault.document, PROFILE))

    if fault.official is None:
        assert broken == {}
    else:
        assert fault.official in broken


def is_error(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR

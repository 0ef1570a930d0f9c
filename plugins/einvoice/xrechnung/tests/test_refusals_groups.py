"""Documents with one fault in a group few of us use: payee, charges, list prices, two currencies.

`cii` and `ubl` name what the official rules say about the same document in that syntax; None where
they let it pass, or the syntax cannot even say it: our checks keep what would be lost on the way.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest

from faktura.plugin import (
    Allowance,
    AttachedFile,
    Attachment,
    Contact,
    Delivery,
    DirectDebit,
    Identifier,
    InvoiceDocument,
    ItemClassification,
    Note,
    Payee,
    PaymentInstructions,
    PostalAddress,
    Severity,
    TaxRepresentative,
)
from faktura.testing.invoices import SELLER, changed, sample_invoice, sample_line
from faktura_en16931.cii import write_cii
from faktura_en16931.ubl import write_ubl
from faktura_xrechnung.formats import XRechnungCii
from faktura_xrechnung.rule_sets import RULE_SETS

PROFILE = RULE_SETS[0].profile


class Fault(NamedTuple):
    """A broken document, what we say about it, and what the official rules say in each syntax."""

    rule: str
    term: str
    document: InvoiceDocument
    cii: str | None
    ubl: str | None


def named(faults: list[Fault]) -> list[object]:
    return [
        pytest.param(fault, id=f"{number}-{fault.rule}-{fault.term}")
        for number, fault in enumerate(faults, 1)
    ]


def field(path: str, value: object) -> InvoiceDocument:
    return changed(sample_invoice(), path, value)


def line(**changes: object) -> InvoiceDocument:
    return sample_invoice(lines=(sample_line(**changes),))  # type: ignore[arg-type] # all by name


def entry(**changes: object) -> Allowance:
    return Allowance.model_validate({"amount": "10.00"} | changes)


def in_francs(vat: str | None, currency: str = "CHF") -> InvoiceDocument:
    document = field("tax_currency", currency)
    return changed(document, "totals.vat_accounting", None if vat is None else Decimal(vat))


def represented(**changes: object) -> InvoiceDocument:
    address = PostalAddress(city="Bonn", postcode="53113", country="DE")
    fields = {"name": "Fiskal Beispiel", "vat_id": "DE987654321", "address": address} | changes
    return sample_invoice(tax_representative=TaxRepresentative.model_validate(fields))


def attached(**changes: object) -> InvoiceDocument:
    return sample_invoice(attachments=(Attachment.model_validate({"reference": "A"} | changes),))


def paid(**groups: object) -> InvoiceDocument:
    fields = {"means_code": "68"} | groups
    return sample_invoice(payment=PaymentInstructions.model_validate(fields))


DEBIT = DirectDebit(mandate="M", creditor_id="DE98ZZZ09999999999", iban="DE02500105170137075030")
EMPTY_FILE = AttachedFile(filename="a.pdf", media_type="application/pdf", content=b"")
ABROAD = PostalAddress(city="Bonn", postcode="53113", country="")

CURRENCIES = [
    Fault("PEPPOL-EN16931-R005", "BT-6", in_francs("19", "EUR"), "PEPPOL-EN16931-R005", None),
    Fault("BR-53", "BT-111", in_francs(None), "BR-53", "BR-53"),
    Fault(
        "PEPPOL-EN16931-R054",
        "BT-6",
        field("totals.vat_accounting", Decimal("18.10")),
        None,  # without a currency there is no place for the amount
        None,
    ),
    Fault(
        "PEPPOL-EN16931-R055",
        "BT-111",
        in_francs("-18.10"),
        "PEPPOL-EN16931-R055",
        "PEPPOL-EN16931-R055",
    ),
    Fault("BR-DEC-15", "BT-111", in_francs("18.105"), None, None),
    Fault("BR-CL-05", "BT-6", field("tax_currency", "franc"), None, None),
]

HEAD = [
    Fault(
        "BR-CO-03",
        "BT-7",
        changed(field("vat_point_on", date(2026, 11, 30)), "vat_point_code", "3"),
        "BR-CO-03",
        "BR-CO-03",
    ),
    Fault("BR-CL-06", "BT-8", field("vat_point_code", "5"), None, None),
    Fault(
        "BR-CL-07",
        "BT-18",
        field("object_identifier", Identifier(value="Z", scheme="?")),
        "BR-CL-07",
        "BR-CL-07",
    ),
    Fault("BR-CL-08", "BT-22", field("notes", (Note(text="#AAB# x"),)), None, None),
    Fault("BR-CL-08", "BT-22", field("notes", (Note(text="Teil #abc# x"),)), None, "BR-CL-08"),
    Fault(
        "faktura-order",
        "BT-13",
        changed(field("order_reference", "NA"), "sales_order_reference", "S"),
        None,
        None,
    ),
]

PARTIES = [
    Fault("BR-17", "BT-59", field("payee", Payee(name=SELLER.name)), "BR-17", "UBL-SR-19"),
    Fault("BR-17", "BT-59", field("payee", Payee(name=" ")), None, None),
    Fault(
        "BR-17",
        "BT-60",
        field("payee", Payee(name="Inkasso", identifier=Identifier(value="WW-1"))),
        "BR-17",
        "BR-17",
    ),
    Fault(
        "BR-CL-10",
        "BT-60",
        field("payee", Payee(name="Inkasso", identifier=Identifier(value="1", scheme="X"))),
        "BR-CL-10",
        "BR-CL-10",
    ),
    Fault("BR-18", "BT-62", represented(name=" "), "BR-18", "BR-18"),
    Fault("BR-20", "BT-69", represented(address=ABROAD), "BR-20", "BR-20"),
    Fault("BR-56", "BT-63", represented(vat_id=""), "BR-56", "BR-56"),
    Fault("BR-CO-09", "BT-63", represented(vat_id="QQ1"), "BR-CO-09", "BR-CO-09"),
    Fault("faktura-buyer", "BG-7", field("buyer.tax_number", "1"), None, None),
    Fault(
        "faktura-order",
        "BT-29",
        field(
            "seller.identifiers",
            (Identifier(value="4000001000005", scheme="0088"), Identifier(value="WW-1")),
        ),
        None,
        None,
    ),
    Fault("PEPPOL-EN16931-R008", "BG-9", field("buyer.contact", Contact()), None, None),
    Fault("PEPPOL-EN16931-R008", "BG-13", field("delivery", Delivery()), None, None),
    Fault(
        "BR-CL-26",
        "BT-71",
        field("delivery.location", Identifier(value="1", scheme="X")),
        "BR-CL-26",
        "BR-CL-26",
    ),
]

LINES = [
    Fault("faktura-quantity", "BT-129", line(quantity="0"), None, None),
    Fault("BR-44", "BT-144", line(charges=(entry(),), net="110.00"), "BR-44", "BR-44"),
    Fault(
        "BR-CL-20",
        "BT-145",
        line(charges=(entry(reason_code="?"),), net="110.00"),
        *("BR-CL-20",) * 2,
    ),
    Fault(
        "PEPPOL-EN16931-R120",
        "BT-131",
        line(charges=(entry(reason="Fracht"),), net="100.00"),
        *("PEPPOL-EN16931-R120",) * 2,
    ),
    Fault(
        "PEPPOL-EN16931-R041",
        "BT-141",
        line(charges=(entry(reason="Fracht", percent="10"),), net="110.00"),
        *("PEPPOL-EN16931-R041",) * 2,
    ),
    Fault(
        "BR-DEC-27",
        "BT-141",
        line(charges=(entry(reason="Fracht", amount="10.001"),), net="110.00"),
        None,  # the writer has two places only
        None,
    ),
    Fault(
        "faktura-line-vat",
        "BG-27",
        line(allowances=(entry(reason="x", vat_category="S", vat_rate="19"),), net="90.00"),
        None,
        None,
    ),
    Fault(
        "PEPPOL-EN16931-R046",
        "BT-146",
        line(gross_price="120", price_discount="10"),
        *("PEPPOL-EN16931-R046",) * 2,
    ),
    Fault("faktura-gross-price", "BT-148", line(gross_price="100"), None, None),
    Fault("BR-28", "BT-148", line(gross_price="-10", price_discount="-110"), *("BR-28",) * 2),
    Fault("BR-64", "BT-157", line(standard_identifier=Identifier(value="1")), *("BR-64",) * 2),
    Fault(
        "BR-CL-21",
        "BT-157",
        line(standard_identifier=Identifier(value="1", scheme="X")),
        *("BR-CL-21",) * 2,
    ),
    Fault(
        "BR-65",
        "BT-158",
        line(classifications=(ItemClassification(code="1", scheme=""),)),
        "BR-65",
        "BR-CL-13",
    ),
    Fault(
        "BR-CL-13",
        "BT-158",
        line(classifications=(ItemClassification(code="1", scheme="?"),)),
        *("BR-CL-13",) * 2,
    ),
    Fault("BR-CL-15", "BT-159", line(origin_country="QQ"), *("BR-CL-15",) * 2),
    Fault(
        "BR-CL-07",
        "BT-128",
        line(object_identifier=Identifier(value="1", scheme="?")),
        *("BR-CL-07",) * 2,
    ),
]

OTHERS = [
    Fault("faktura-attachment", "BT-125", attached(), None, None),
    Fault("faktura-attachment", "BT-125", attached(file=EMPTY_FILE), None, None),
    Fault("BR-TMP-2", "BT-124", attached(location="C:\\a.pdf"), *("BR-TMP-2",) * 2),
    Fault(
        "faktura-payment",
        "BG-16",
        paid(direct_debit=DEBIT, card_last_digits="1234"),
        None,
        None,
    ),
    Fault("faktura-payment", "BT-87", paid(card_holder="Ada"), None, None),
]

FAULTS = CURRENCIES + HEAD + PARTIES + LINES + OTHERS


@pytest.mark.parametrize("fault", named(FAULTS))
def test_a_fault_is_refused_by_its_rule_and_term(fault: Fault, xrechnung: XRechnungCii) -> None:
    """F044: named before a number is spent."""
    found = xrechnung.check(fault.document)

    errors = {(one.rule, one.term) for one in found if one.severity is Severity.ERROR}
    assert (fault.rule, fault.term) in errors


@pytest.mark.parametrize("fault", named([fault for fault in FAULTS if fault.cii]))
def test_the_official_rules_of_cii_agree(
    fault: Fault, broken_rules: Callable[[bytes], dict[str, str]]
) -> None:
    """CEN 1.3.16 and KoSIT 2.6.0."""
    assert fault.cii in broken_rules(write_cii(fault.document, PROFILE))


@pytest.mark.parametrize("fault", named([fault for fault in FAULTS if fault.ubl]))
def test_the_official_rules_of_ubl_agree(
    fault: Fault, broken_rules: Callable[[bytes], dict[str, str]]
) -> None:
    """CEN 1.3.16 and KoSIT 2.6.0."""
    assert fault.ubl in broken_rules(write_ubl(fault.document, PROFILE))

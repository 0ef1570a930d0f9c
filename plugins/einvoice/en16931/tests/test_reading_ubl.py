"""Reading UBL: what nobody reads is listed, what is wrong is named, nothing is guessed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from faktura.kernel.errors import (
    AmountUnreadable,
    BadInput,
    DateUnreadable,
    FieldInvalid,
    FieldMissing,
    FileUnreadable,
    UnknownTerm,
)
from faktura.plugin import InvoiceDocument, Note, PaymentInstructions, Totals
from faktura.testing.invoices import sample_invoice
from faktura_en16931.profile import Profile
from faktura_en16931.safe_xml import parsed
from faktura_en16931.ubl import write_ubl
from faktura_en16931.ubl_elements import PARTS
from faktura_en16931.ubl_reading import read_ubl

PROFILE = Profile(process="urn:process", specification="urn:specification")
Change = Callable[[etree._Element], None]


def changed(change: Change, document: InvoiceDocument | None = None) -> etree._Element:
    """A valid file with one change, parsed as files are."""
    root = etree.fromstring(write_ubl(document or sample_invoice(), PROFILE))
    change(root)
    return parsed(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def element(root: etree._Element, path: str) -> etree._Element:
    found = root.find(path, PARTS)
    assert found is not None, path
    return found


def text(path: str, value: str) -> Change:
    def change(root: etree._Element) -> None:
        element(root, path).text = value

    return change


def attribute(path: str, name: str, value: str) -> Change:
    def change(root: etree._Element) -> None:
        element(root, path).set(name, value)

    return change


def without(path: str) -> Change:
    def change(root: etree._Element) -> None:
        found = element(root, path)
        parent = found.getparent()
        assert parent is not None
        parent.remove(found)

    return change


def added(path: str, xml: str) -> Change:
    """Something more inside the element at `path`."""

    def change(root: etree._Element) -> None:
        names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in PARTS.items())
        element(root, path).append(etree.fromstring(f"<x {names}>{xml}</x>")[0])

    return change


LINE = "cac:InvoiceLine"
SELLER = "cac:AccountingSupplierParty/cac:Party"
TAX = "cac:TaxTotal/cac:TaxSubtotal"
TOTALS = "cac:LegalMonetaryTotal"


ATTACHED = (
    "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
    "<cbc:EmbeddedDocumentBinaryObject mimeCode='text/csv'{}>{}</cbc:EmbeddedDocumentBinaryObject>"
    "</cac:Attachment></cac:AdditionalDocumentReference>"
)
WRONG: dict[str, tuple[Change, type[BadInput], str]] = {
    "no number": (without("cbc:ID"), FieldMissing, "BT-1"),
    "no specification": (without("cbc:CustomizationID"), FieldMissing, "BT-24"),
    "no currency": (without("cbc:DocumentCurrencyCode"), FieldMissing, "BT-5"),
    "no buyer": (without("cac:AccountingCustomerParty"), FieldMissing, "BG-7"),
    "no address": (without(f"{SELLER}/cac:PostalAddress"), FieldMissing, "BG-5"),
    "no country": (without(f"{SELLER}/cac:PostalAddress/cac:Country"), FieldMissing, "BT-40"),
    "no amount due": (without(f"{TOTALS}/cbc:PayableAmount"), FieldMissing, "BT-115"),
    "no price": (without(f"{LINE}/cac:Price"), FieldMissing, "BG-29"),
    "no item name": (without(f"{LINE}/cac:Item/cbc:Name"), FieldMissing, "BT-153"),
    "no unit": (attribute(f"{LINE}/cbc:InvoicedQuantity", "unitCode", " "), FieldMissing, "BT-130"),
    "a German date": (text("cbc:IssueDate", "30.11.2026"), DateUnreadable, "BT-2"),
    "no such day": (text("cbc:DueDate", "2026-02-30"), DateUnreadable, "BT-9"),
    "an exponent": (text(f"{LINE}/cbc:InvoicedQuantity", "1e3"), AmountUnreadable, "BT-129"),
    "a comma": (text(f"{TOTALS}/cbc:PayableAmount", "1,00"), AmountUnreadable, "BT-115"),
    "an unknown category": (text(f"{TAX}/cac:TaxCategory/cbc:ID", "X"), UnknownTerm, "BT-118"),
    "VAT in dollars": (
        attribute("cac:TaxTotal/cbc:TaxAmount", "currencyID", "USD"),
        FieldInvalid,
        "BT-110",
    ),
    "a line in dollars": (
        attribute(f"{LINE}/cbc:LineExtensionAmount", "currencyID", "USD"),
        FieldInvalid,
        "BT-131, InvoiceLine/LineExtensionAmount, line 2",
    ),
    "no base64": (added(".", ATTACHED.format(" filename='a'", "*")), FieldInvalid, "BT-125"),
    "no file name": (added(".", ATTACHED.format("", "YTti")), FieldMissing, "BT-125"),
    "neither allowance nor charge": (
        added(
            ".",
            "<cac:AllowanceCharge><cbc:ChargeIndicator>maybe</cbc:ChargeIndicator>"
            "</cac:AllowanceCharge>",
        ),
        FieldInvalid,
        "BG-20",
    ),
    "a class of no list": (
        added(
            f"{LINE}/cac:Item",
            "<cac:CommodityClassification><cbc:ItemClassificationCode>1"
            "</cbc:ItemClassificationCode></cac:CommodityClassification>",
        ),
        FieldMissing,
        "BT-158",
    ),
    "a tax representative without VAT id": (
        added(
            ".",
            "<cac:TaxRepresentativeParty><cac:PartyName><cbc:Name>A</cbc:Name></cac:PartyName>"
            "</cac:TaxRepresentativeParty>",
        ),
        FieldMissing,
        "BT-63",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_or_missing_value_is_named_with_its_term_and_place(name: str) -> None:
    """BadInput with the business term, the path and the line; never a guess."""
    change, error, place = WRONG[name]

    with pytest.raises(error) as raised:
        read_ubl(changed(change))

    assert raised.value.place.startswith(place)
    assert ", line " in raised.value.place
    assert raised.value.mend


def test_another_root_is_refused_by_name() -> None:
    """Only Invoice and CreditNote of UBL 2 are e-invoices in this syntax."""
    with pytest.raises(FileUnreadable, match="Order"):
        read_ubl(etree.fromstring("<Order/>"))


UNREAD: dict[str, tuple[Change, tuple[str, ...]]] = {
    "a UUID": (added(".", "<cbc:UUID>7</cbc:UUID>"), ("UUID (line 2)",)),
    "UBL 2.1": (added(".", "<cbc:UBLVersionID>2.1</cbc:UBLVersionID>"), ()),
    "UBL 2.0": (
        added(".", "<cbc:UBLVersionID>2.0</cbc:UBLVersionID>"),
        ("UBLVersionID (line 2)",),
    ),
    "a scheme of the number": (attribute("cbc:ID", "schemeID", "X"), ("ID/@schemeID (line 2)",)),
    "a period without end": (
        without("cac:InvoicePeriod/cbc:EndDate"),
        ("InvoicePeriod/StartDate (line 2)",),
    ),
    "a second period": (
        added(
            LINE,
            "<cac:InvoicePeriod><cbc:StartDate>2026-11-01</cbc:StartDate></cac:InvoicePeriod>",
        ),
        ("InvoiceLine/InvoicePeriod[2]/StartDate (line 2)",),
    ),
    "means of another code": (
        added(
            ".",
            "<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>"
            "<cac:PayeeFinancialAccount><cbc:ID>X</cbc:ID></cac:PayeeFinancialAccount>"
            "</cac:PaymentMeans>",
        ),
        (
            "PaymentMeans[2]/PaymentMeansCode (line 2)",
            "PaymentMeans[2]/PayeeFinancialAccount/ID (line 2)",
        ),
    ),
    "another remittance": (
        added(
            ".",
            "<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>"
            "<cbc:PaymentID>other</cbc:PaymentID></cac:PaymentMeans>",
        ),
        ("PaymentMeans[2]/PaymentID (line 2)",),
    ),
    "a creditor id without a mandate": (
        added(
            SELLER,
            "<cac:PartyIdentification><cbc:ID schemeID='SEPA'>DE98</cbc:ID>"
            "</cac:PartyIdentification>",
        ),
        (
            "AccountingSupplierParty/Party/PartyIdentification[2]/ID (line 2)",
            "AccountingSupplierParty/Party/PartyIdentification[2]/ID/@schemeID (line 2)",
        ),
    ),
    "a tax number of the buyer": (
        added(
            "cac:AccountingCustomerParty/cac:Party",
            "<cac:PartyTaxScheme><cbc:CompanyID>1</cbc:CompanyID>"
            "<cac:TaxScheme><cbc:ID>FC</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>",
        ),
        (
            "AccountingCustomerParty/Party/PartyTaxScheme/CompanyID (line 2)",
            "AccountingCustomerParty/Party/PartyTaxScheme/TaxScheme/ID (line 2)",
        ),
    ),
    "a tax number of no scheme": (
        added(
            SELLER,
            "<cac:PartyTaxScheme><cbc:CompanyID>1</cbc:CompanyID></cac:PartyTaxScheme>",
        ),
        ("AccountingSupplierParty/Party/PartyTaxScheme[3]/CompanyID (line 2)",),
    ),
    "a reference of another type": (
        added(
            ".",
            "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID>"
            "<cbc:DocumentTypeCode>916</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>",
        ),
        (
            "AdditionalDocumentReference/ID (line 2)",
            "AdditionalDocumentReference/DocumentTypeCode (line 2)",
        ),
    ),
    "a second delivery": (
        added(".", "<cac:Delivery><cbc:ID>1</cbc:ID></cac:Delivery>"),
        ("Delivery[2]/ID (line 2)",),
    ),
    "a price with a charge": (
        added(
            f"{LINE}/cac:Price",
            "<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>"
            "<cbc:Amount currencyID='EUR'>5</cbc:Amount></cac:AllowanceCharge>",
        ),
        ("InvoiceLine/Price/AllowanceCharge/Amount (line 2)",),
    ),
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_no_field_holds_is_listed_by_its_path(name: str) -> None:
    """Nothing of a file is lost in silence."""
    change, unread = UNREAD[name]

    assert read_ubl(changed(change)).unread == unread


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("#AAI#Text", Note(text="Text", subject="AAI")),
        ("#TXD#\nText ", Note(text="\nText ", subject="TXD")),
        ("#XYZ#Text", Note(text="#XYZ#Text")),
        ("#1 von #2", Note(text="#1 von #2")),
        ("#AAI#", Note(text="#AAI#")),
        ("Text #AAI#", Note(text="Text #AAI#")),
    ],
)
def test_only_a_known_subject_at_the_beginning_is_one(written: str, note: Note) -> None:
    """BT-21 is a prefix of BT-22 in UBL; whatever else begins with # is text."""
    root = changed(text("cbc:Note", written), sample_invoice(notes=(Note(text="Text"),)))

    assert read_ubl(root).document.notes == (note,)


def test_an_address_without_city_and_post_code_is_read() -> None:
    """BT-37 and BT-38 are optional in EN 16931: both come back empty, the checks name them."""
    path = f"{SELLER}/cac:PostalAddress/cbc:"

    def change(root: etree._Element) -> None:
        without(f"{path}CityName")(root)
        without(f"{path}PostalZone")(root)

    address = read_ubl(changed(change)).document.seller.address

    assert (address.city, address.postcode, address.country) == ("", "", "DE")


def test_a_document_without_payment_means_has_no_code() -> None:
    """BG-16 is optional in EN 16931; BR-DE-1 is for the checks."""
    read = read_ubl(changed(without("cac:PaymentMeans")))

    assert read.document.payment == PaymentInstructions(means_code="")


def test_totals_that_may_be_omitted_are_zero() -> None:
    """BT-107, BT-108, BT-110, BT-113 and BT-114 are optional."""
    totals = read_ubl(changed(without("cac:TaxTotal"))).document.totals

    assert totals == Totals(
        lines=Decimal(100), net=Decimal(100), vat=Decimal(0), gross=Decimal(119), due=Decimal(119)
    )


def test_an_empty_order_number_beside_a_sales_order_is_none() -> None:
    """Some write OrderReference/ID empty, others as “NA”, where only BT-14 is known."""
    document = sample_invoice(sales_order_reference="A-1")

    read = read_ubl(changed(text("cac:OrderReference/cbc:ID", ""), document))

    assert read.document.order_reference is None
    assert read.document.sales_order_reference == "A-1"


def test_a_due_day_beside_the_payment_means_of_an_invoice_is_read() -> None:
    """BT-9 belongs to the root of an Invoice, yet some write it as in a CreditNote."""

    def change(root: etree._Element) -> None:
        without("cbc:DueDate")(root)
        added("cac:PaymentMeans", "<cbc:PaymentDueDate>2026-12-24</cbc:PaymentDueDate>")(root)

    assert read_ubl(changed(change)).document.due_on == date(2026, 12, 24)

"""The UBL writer: every term stands where EN 16931 puts it, and nothing else is written."""

from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from lxml import etree

from faktura.kernel.errors import UnknownTerm
from faktura.kernel.terms import TaxCategory
from faktura.plugin import (
    Allowance,
    AttachedFile,
    Attachment,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    DocumentPeriod,
    Identifier,
    InvoiceDocument,
    ItemAttribute,
    ItemClassification,
    Note,
    Party,
    Payee,
    PaymentInstructions,
    PostalAddress,
    PrecedingInvoice,
    TaxRepresentative,
    Totals,
    VatBreakdown,
)
from faktura.testing.invoices import SELLER, sample_invoice, sample_line
from faktura_en16931.profile import Profile
from faktura_en16931.syntax import Syntax
from faktura_en16931.terms import TERMS, terms_of
from faktura_en16931.ubl import write_ubl, write_ubl_tree
from faktura_en16931.ubl_reading import read_ubl
from faktura_en16931.xsd import xsd_errors

PROFILE = Profile(process="urn:process", specification="urn:specification")


def named(number: str, scheme: str | None = None) -> Identifier:
    """An identifier that holds the name of its term."""
    return Identifier(value=f"BT{number}", scheme=scheme)


def address(numbers: str, country: str) -> PostalAddress:
    line1, line2, line3, city, postcode, subdivision = (f"BT{no}" for no in numbers.split())
    return PostalAddress(
        line1=line1,
        line2=line2,
        line3=line3,
        city=city,
        postcode=postcode,
        subdivision=subdivision,
        country=country,
    )


# Not a document anybody would send (three ways to pay): it has every term the model knows.
FULL = InvoiceDocument(
    number="BT1",
    issued_on=date(2026, 11, 30),
    type_code="380",
    currency="EUR",
    tax_currency="CHF",
    vat_point_on=date(2026, 11, 28),
    vat_point_code="432",
    due_on=date(2026, 12, 14),
    buyer_reference="BT10",
    project_reference="BT11",
    contract_reference="BT12",
    order_reference="BT13",
    sales_order_reference="BT14",
    receiving_reference="BT15",
    despatch_reference="BT16",
    tender_reference="BT17",
    object_identifier=named("18", "AVE"),
    accounting_reference="BT19",
    payment_terms="BT20\n",
    notes=(Note(text="BT22", subject="AAI"), Note(text="BT22 again")),
    preceding=(
        PrecedingInvoice(number="BT25", issued_on=date(2026, 10, 1)),
        PrecedingInvoice(number="BT25 again"),
    ),
    seller=Party(
        name="BT27",
        trading_name="BT28",
        identifiers=(named("29"), Identifier(value="4000001000005", scheme="0088")),
        registration=named("30", "0060"),
        vat_id="DE31",
        tax_number="BT32",
        legal_info="BT33",
        endpoint=named("34", "EM"),
        address=address("35 36 162 37 38 39", "DE"),
        contact=Contact(name="BT41", phone="BT42", email="BT43"),
    ),
    buyer=Party(
        name="BT44",
        trading_name="BT45",
        identifiers=(named("46", "0199"),),
        registration=named("47", "0204"),
        vat_id="AT48",
        endpoint=named("49", "9930"),
        address=address("50 51 163 52 53 54", "AT"),
        contact=Contact(name="BT56", phone="BT57", email="BT58"),
    ),
    payee=Payee(name="BT59", identifier=named("60", "0088"), registration=named("61", "0002")),
    tax_representative=TaxRepresentative(
        name="BT62", vat_id="FR63", address=address("64 65 164 66 67 68", "FR")
    ),
    delivery=Delivery(
        on=date(2026, 11, 29),
        name="BT70",
        location=named("71", "0007"),
        address=address("75 76 165 77 78 79", "CH"),
    ),
    period=DocumentPeriod(start=date(2026, 11, 1), end=date(2026, 11, 30)),
    payment=PaymentInstructions(
        means_code="58",
        means_text="BT82",
        remittance="BT83",
        transfers=(CreditTransfer(iban="BT84", holder="BT85", bic="BT86"),),
        direct_debit=DirectDebit(mandate="BT89", creditor_id="BT90", iban="BT91"),
        card_last_digits="1234",
        card_holder="BT88",
    ),
    allowances=(
        Allowance(
            amount=Decimal(5),
            base=Decimal(100),
            percent=Decimal("5.0"),
            reason="BT97",
            reason_code="95",
            vat_category=TaxCategory.S,
            vat_rate=Decimal("19.00"),
        ),
    ),
    charges=(
        Allowance(
            amount=Decimal("2.5"),
            base=Decimal(50),
            percent=Decimal(6),
            reason="BT104",
            reason_code="FC",
            vat_category=TaxCategory.Z,
            vat_rate=Decimal(0),
        ),
    ),
    totals=Totals(
        lines=Decimal("100.1"),
        allowances=Decimal(5),
        charges=Decimal("2.5"),
        net=Decimal("97.6"),
        vat=Decimal("18.53"),
        vat_accounting=Decimal("17.37"),
        gross=Decimal("116.03"),
        prepaid=Decimal(16),
        rounding=Decimal("-0.03"),
        due=Decimal(100),
    ),
    vat=(
        VatBreakdown(
            category=TaxCategory.AE,
            rate=Decimal(8),
            taxable=Decimal("97.50"),
            tax=Decimal("18.54"),
            exemption_reason="BT120",
            exemption_code="VATEX-EU-AE",
        ),
    ),
    attachments=(
        Attachment(
            reference="BT122",
            description="BT123",
            location="https://bt.example/124",
            file=AttachedFile(filename="evidence.csv", media_type="text/csv", content=b"a;b"),
        ),
    ),
    lines=(
        sample_line(
            quantity="17.000",
            price="215.00",
            price_base="31",
            price_discount="5.123456",
            gross_price="220.123456",
            unit_code="DAY",
            id="BT126",
            note="BT127",
            object_identifier=named("128", "CT"),
            net="100.20",
            order_line="BT132",
            accounting_reference="BT133",
            period=DocumentPeriod(start=date(2026, 11, 2), end=date(2026, 11, 18)),
            allowances=(
                Allowance(
                    amount=Decimal("17.90"),
                    base=Decimal("117.9"),
                    percent=Decimal("15.1823"),
                    reason="BT139",
                    reason_code="100",
                ),
            ),
            charges=(
                Allowance(
                    amount=Decimal("1.90"),
                    base=Decimal(19),
                    percent=Decimal(10),
                    reason="BT144",
                    reason_code="HD",
                ),
            ),
            vat_category="E",
            vat_rate="7",
            name="BT153",
            description="BT154",
            article_number="BT155",
            buyer_article_number="BT156",
            standard_identifier=named("157", "0160"),
            classifications=(ItemClassification(code="BT158", scheme="TSP", version="2008"),),
            origin_country="IT",
            attributes=(ItemAttribute(name="BT160", value="BT161"),),
        ),
    ),
)
CREDIT_NOTE = FULL.model_copy(update={"type_code": "381"})

EXPECTED = {
    "BT-2": ["2026-11-30"],
    "BT-3": ["380"],
    "BT-5": ["EUR"],
    "BT-6": ["CHF"],
    "BT-7": ["2026-11-28"],
    "BT-8": ["432"],
    "BT-9": ["2026-12-14"],
    "BT-18-1": ["AVE"],
    "BT-20": ["BT20\n"],
    "BT-22": ["#AAI#BT22", "BT22 again"],
    "BT-23": ["urn:process"],
    "BT-24": ["urn:specification"],
    "BT-25": ["BT25", "BT25 again"],
    "BT-26": ["2026-10-01"],
    "BT-29": ["BT29", "4000001000005"],
    "BT-29-1": ["0088"],
    "BT-30-1": ["0060"],
    "BT-31": ["DE31"],
    "BT-34-1": ["EM"],
    "BT-40": ["DE"],
    "BT-46-1": ["0199"],
    "BT-47-1": ["0204"],
    "BT-48": ["AT48"],
    "BT-49-1": ["9930"],
    "BT-55": ["AT"],
    "BT-60-1": ["0088"],
    "BT-61-1": ["0002"],
    "BT-63": ["FR63"],
    "BT-69": ["FR"],
    "BT-71-1": ["0007"],
    "BT-72": ["2026-11-29"],
    "BT-73": ["2026-11-01"],
    "BT-74": ["2026-11-30"],
    "BT-80": ["CH"],
    "BT-81": ["58"],
    "BT-87": ["1234"],
    "BT-92": ["5.00"],
    "BT-93": ["100.00"],
    "BT-94": ["5"],
    "BT-95": ["S"],
    "BT-96": ["19"],
    "BT-98": ["95"],
    "BT-99": ["2.50"],
    "BT-100": ["50.00"],
    "BT-101": ["6"],
    "BT-102": ["Z"],
    "BT-103": ["0"],
    "BT-105": ["FC"],
    "BT-106": ["100.10"],
    "BT-107": ["5.00"],
    "BT-108": ["2.50"],
    "BT-109": ["97.60"],
    "BT-110": ["18.53"],
    "BT-111": ["17.37"],
    "BT-112": ["116.03"],
    "BT-113": ["16.00"],
    "BT-114": ["-0.03"],
    "BT-115": ["100.00"],
    "BT-116": ["97.50"],
    "BT-117": ["18.54"],
    "BT-118": ["AE"],
    "BT-119": ["8"],
    "BT-121": ["VATEX-EU-AE"],
    "BT-124": ["https://bt.example/124"],
    "BT-125": ["YTti"],
    "BT-125-1": ["text/csv"],
    "BT-125-2": ["evidence.csv"],
    "BT-128-1": ["CT"],
    "BT-129": ["17"],
    "BT-130": ["DAY"],
    "BT-131": ["100.20"],
    "BT-134": ["2026-11-02"],
    "BT-135": ["2026-11-18"],
    "BT-136": ["17.90"],
    "BT-137": ["117.90"],
    "BT-138": ["15.1823"],
    "BT-140": ["100"],
    "BT-141": ["1.90"],
    "BT-142": ["19.00"],
    "BT-143": ["10"],
    "BT-145": ["HD"],
    "BT-146": ["215"],
    "BT-147": ["5.123456"],
    "BT-148": ["220.123456"],
    "BT-149": ["31"],
    "BT-150": ["DAY"],
    "BT-151": ["E"],
    "BT-152": ["7"],
    "BT-157-1": ["0160"],
    "BT-158-1": ["TSP"],
    "BT-158-2": ["2008"],
    "BT-159": ["IT"],
}
"""Literal values; a term that is missing here holds its own name, e.g. BT-44 holds "BT44"."""

IN_UBL = [term.number for term in TERMS if term.ubl is not None]


def written(document: InvoiceDocument) -> dict[str, list[str]]:
    return terms_of(write_ubl(document, PROFILE), Syntax.UBL)


@cache
def full(type_code: str) -> dict[str, list[str]]:
    return written(FULL.model_copy(update={"type_code": type_code}))


def names(root: etree._Element) -> list[str]:
    return [etree.QName(element).localname for element in root.iter()]


@pytest.mark.parametrize("term", IN_UBL)
def test_every_term_of_a_full_invoice_is_found_at_its_path(term: str) -> None:
    """reference: the mapping table of EN 16931 to UBL."""
    assert full("380")[term] == EXPECTED.get(term, [term.replace("-", "")])


@pytest.mark.parametrize("term", IN_UBL)
def test_every_term_of_a_full_credit_note_is_found_at_its_path(term: str) -> None:
    """A credit note has other places for BT-3, BT-7, BT-9, BT-11 and BT-17, and all the others."""
    expected = {**EXPECTED, "BT-3": ["381"]}

    assert full("381")[term] == expected.get(term, [term.replace("-", "")])


@pytest.mark.parametrize("document", [FULL, CREDIT_NOTE])
def test_a_full_document_is_in_the_order_of_the_schema(document: InvoiceDocument) -> None:
    """UBL 2.1, UBL-Invoice-2.1.xsd and UBL-CreditNote-2.1.xsd."""
    assert xsd_errors(write_ubl_tree(document, PROFILE), Syntax.UBL) == []


@pytest.mark.parametrize("document", [FULL, CREDIT_NOTE])
def test_a_full_document_is_read_back_and_nothing_is_left(document: InvoiceDocument) -> None:
    """read(write(d)) == d for a document with every term."""
    read = read_ubl(write_ubl_tree(document, PROFILE))

    assert read.document == document
    assert read.unread == ()
    assert (read.syntax, read.process, read.specification) == (
        "UBL",
        "urn:process",
        "urn:specification",
    )


def test_only_a_381_is_a_credit_note() -> None:
    """BR-CL-01: no Invoice may be a 381; 384 and 389 are no CreditNote."""
    roots = {
        code: names(write_ubl_tree(sample_invoice(type_code=code), PROFILE))[0]
        for code in ("380", "381", "384", "389", "326", "875", "876", "877")
    }

    assert roots == {
        "380": "Invoice",
        "381": "CreditNote",
        "384": "Invoice",
        "389": "Invoice",
        "326": "Invoice",
        "875": "Invoice",
        "876": "Invoice",
        "877": "Invoice",
    }


def test_a_credit_note_has_its_own_names_and_positive_amounts() -> None:
    """UBL 2.1: CreditNoteLine, CreditedQuantity; BT-9 and BT-11 stand elsewhere."""
    document = sample_invoice(type_code="381", project_reference="P-1")

    found = names(write_ubl_tree(document, PROFILE))

    assert {"CreditNoteTypeCode", "CreditNoteLine", "CreditedQuantity", "PaymentDueDate"} < set(
        found
    )
    assert not {"InvoiceLine", "InvoicedQuantity", "DueDate", "ProjectReference"} & set(found)
    assert written(document)["BT-115"] == ["119.00"]


def test_every_amount_names_its_currency() -> None:
    """UBL 2.1: currencyID is mandatory; BT-111 is in the accounting currency."""
    root = write_ubl_tree(FULL, PROFILE)

    amounts = [
        (etree.QName(element).localname, element.get("currencyID"))
        for element in root.iter()
        if etree.QName(element).localname.endswith("Amount")
    ]

    assert len(amounts) == 24
    assert [name for name, currency in amounts if currency == "CHF"] == ["TaxAmount"]
    assert {currency for _, currency in amounts} == {"EUR", "CHF"}


def test_equal_documents_give_equal_bytes() -> None:
    """DocumentFormat.render is pure."""
    assert write_ubl(FULL, PROFILE) == write_ubl(FULL.model_copy(deep=True), PROFILE)


def test_no_blank_text_leaves_an_empty_element() -> None:
    """PEPPOL-EN16931-R008: fields that hold blanks or forbidden signs only are as good as absent."""
    blank = " \x00\t"
    nobody = Identifier(value=blank, scheme="0088")
    nowhere = PostalAddress(city=blank, postcode="", country=" ")
    document = sample_invoice(
        tax_currency="",
        vat_point_code=blank,
        period=None,
        project_reference=blank,
        order_reference="",
        sales_order_reference=blank,
        object_identifier=nobody,
        accounting_reference=blank,
        payment_terms="\x01",
        due_on=None,
        notes=(Note(text=blank, subject="AAI"),),
        delivery=Delivery(name=blank, location=nobody, address=nowhere),
        payee=Payee(name=blank, identifier=nobody, registration=nobody),
        tax_representative=TaxRepresentative(name=blank, vat_id=blank, address=nowhere),
        seller=Party(
            name="Seller",
            trading_name=blank,
            identifiers=(nobody,),
            registration=nobody,
            vat_id=blank,
            tax_number="",
            endpoint=Identifier(value="\x02"),
            address=nowhere,
            contact=Contact(phone=blank, email=blank),
        ),
        payment=PaymentInstructions(
            means_code="58",
            means_text=blank,
            remittance=blank,
            transfers=(CreditTransfer(iban=blank, bic=blank),),
            direct_debit=DirectDebit(mandate=blank, creditor_id=blank, iban=blank),
            card_last_digits=blank,
            card_holder=blank,
        ),
        attachments=(Attachment(reference="R", description=blank, location=blank),),
        lines=(
            sample_line(
                note=blank,
                object_identifier=nobody,
                order_line=blank,
                accounting_reference=blank,
                standard_identifier=nobody,
                classifications=(ItemClassification(code=blank, scheme="TSP"),),
                origin_country=blank,
                attributes=(ItemAttribute(name=blank, value=blank),),
            ),
        ),
    )

    root = write_ubl_tree(document, PROFILE)

    empty = [element for element in root.iter() if not len(element) and not element.text]
    assert empty == []
    assert "PaymentMeansCode" in names(root)


def test_a_sales_order_alone_has_no_order_number() -> None:
    """The schema demands OrderReference/ID, so “NA” stands for BT-13; reading leaves it out."""
    document = sample_invoice(sales_order_reference="A-1", printed=None)

    assert written(document)["BT-13"] == ["NA"]
    assert read_ubl(write_ubl_tree(document, PROFILE)).document == document


def test_two_accounts_repeat_the_payment_means() -> None:
    """UBL-SR-44, 45, 46, 47: the same code and remittance, the text and the due day only once."""
    first = CreditTransfer(iban="DE02120300000000202051")
    second = CreditTransfer(iban="DE02500105170137075030")
    payment = PaymentInstructions(
        means_code="58", means_text="SEPA", remittance="R-1", transfers=(first, second)
    )

    found = written(sample_invoice(type_code="381", payment=payment))

    assert found["BT-81"] == ["58", "58"]
    assert found["BT-82"] == ["SEPA"]
    assert found["BT-83"] == ["R-1", "R-1"]
    assert found["BT-84"] == ["DE02120300000000202051", "DE02500105170137075030"]
    assert found["BT-9"] == ["2026-12-14"]


def test_the_creditor_id_stands_at_whoever_is_paid() -> None:
    """BT-90: the payee where there is one, else the seller; once in a document (UBL-SR-29)."""
    debit = DirectDebit(mandate="M-1", creditor_id="DE98ZZZ09999999999", iban="DE1")
    payment = PaymentInstructions(means_code="59", direct_debit=debit)
    path = "{*}PartyIdentification/{*}ID[@schemeID='SEPA']"

    to_seller = write_ubl_tree(sample_invoice(payment=payment), PROFILE)
    to_payee = write_ubl_tree(sample_invoice(payment=payment, payee=Payee(name="Bank")), PROFILE)

    assert (
        to_seller.findtext(f"{{*}}AccountingSupplierParty/{{*}}Party/{path}") == debit.creditor_id
    )
    assert to_payee.findtext(f"{{*}}PayeeParty/{path}") == debit.creditor_id
    assert to_payee.find(f"{{*}}AccountingSupplierParty/{{*}}Party/{path}") is None


def test_category_o_has_a_rate_in_the_breakdown_and_none_on_the_line() -> None:
    """BR-O-05 forbids BT-152, BR-DE-14 demands BT-119."""
    found = written(sample_invoice(lines=(sample_line(vat_category="O", vat_rate=None),)))

    assert found["BT-119"] == ["0"]
    assert "BT-152" not in found


def test_hostile_texts_are_escaped_and_cleaned_but_not_shortened() -> None:
    """XML 1.0 production 2; BT-22 keeps line feeds, markup and all planes of Unicode."""
    text = "<b>&\"'</b>\r\n]]>\ttab \x00\x0b\ufffe\ud800 \u0085 中文 🧾 " + "ß" * 5000

    found = written(sample_invoice(notes=(Note(text=text),)))

    assert found["BT-22"] == ["<b>&\"'</b>\n]]>\ttab  \u0085 中文 🧾 " + "ß" * 5000]


def test_a_currency_without_minor_unit_has_whole_amounts() -> None:
    """ISO 4217: the yen has no decimals."""
    found = written(sample_invoice(currency="JPY", lines=(sample_line(price="1000", net="1000"),)))

    assert (found["BT-131"], found["BT-110"], found["BT-112"]) == (["1000"], ["190"], ["1190"])


@pytest.mark.parametrize("field", ["currency", "tax_currency"])
def test_an_unknown_currency_is_refused(field: str) -> None:
    """Nobody knows how many decimals its amounts have."""
    with pytest.raises(UnknownTerm, match="XXX"):
        write_ubl(FULL.model_copy(update={field: "XXX"}), PROFILE)


def test_the_seller_without_tax_numbers_has_no_tax_scheme() -> None:
    """UBL-SR-53: a PartyTaxScheme has a number."""
    seller = SELLER.model_copy(update={"vat_id": None, "tax_number": None})

    assert "PartyTaxScheme" not in names(write_ubl_tree(sample_invoice(seller=seller), PROFILE))

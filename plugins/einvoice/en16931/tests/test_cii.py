"""The CII writer: every term stands where EN 16931 puts it, and nothing else is written."""

from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from faktura.kernel.errors import UnknownTerm
from faktura.kernel.terms import DocumentKind, TaxCategory
from faktura.plugin import (
    Allowance,
    Attachment,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    DocumentPeriod,
    Identifier,
    InvoiceDocument,
    ItemAttribute,
    Note,
    Party,
    PaymentInstructions,
    PostalAddress,
    PrecedingInvoice,
    Totals,
    VatBreakdown,
)
from faktura.testing.invoices import sample_invoice, sample_line
from faktura_en16931.checks import check
from faktura_en16931.cii import Profile, write_cii
from faktura_en16931.paths import CII_PATHS, terms_of

PROFILE = Profile(process="urn:process", specification="urn:specification")

# Not a document anybody would send (three ways to pay): it has every term the model knows.
FULL = InvoiceDocument(
    kind=DocumentKind.FINAL,
    number="R-1",
    issued_on=date(2026, 11, 30),
    type_code="380",
    currency="EUR",
    due_on=date(2026, 12, 14),
    buyer_reference="BT10",
    project_reference="BT11",
    contract_reference="BT12",
    order_reference="BT13",
    sales_order_reference="BT14",
    accounting_reference="BT19",
    payment_terms="BT20\n",
    notes=(Note(text="BT22", subject="AAI"), Note(text="BT22 again")),
    preceding=(PrecedingInvoice(number="BT25", issued_on=date(2026, 10, 1)),),
    seller=Party(
        name="BT27",
        trading_name="BT28",
        identifiers=(Identifier(value="4000001000005", scheme="0088"), Identifier(value="BT29")),
        registration=Identifier(value="BT30"),
        vat_id="DE31",
        tax_number="BT32",
        legal_info="BT33",
        endpoint=Identifier(value="BT34", scheme="EM"),
        address=PostalAddress(
            line1="BT35",
            line2="BT36",
            line3="BT162",
            city="BT37",
            postcode="BT38",
            subdivision="BT39",
            country="DE",
        ),
        contact=Contact(name="BT41", phone="BT42", email="BT43"),
    ),
    buyer=Party(
        name="BT44",
        trading_name="BT45",
        identifiers=(Identifier(value="BT46"),),
        registration=Identifier(value="BT47", scheme="0199"),
        vat_id="AT48",
        endpoint=Identifier(value="BT49", scheme="EM"),
        address=PostalAddress(
            line1="BT50",
            line2="BT51",
            line3="BT163",
            city="BT52",
            postcode="BT53",
            subdivision="BT54",
            country="AT",
        ),
        contact=Contact(name="BT56", phone="BT57", email="BT58"),
    ),
    delivery=Delivery(
        on=date(2026, 11, 29),
        name="BT70",
        address=PostalAddress(
            line1="BT75",
            line2="BT76",
            line3="BT165",
            city="BT77",
            postcode="BT78",
            subdivision="BT79",
            country="CH",
        ),
    ),
    period=DocumentPeriod(start=date(2026, 11, 1), end=date(2026, 11, 30)),
    payment=PaymentInstructions(
        means_code="58",
        means_text="BT82",
        remittance="BT83",
        transfers=(CreditTransfer(iban="BT84", holder="BT85", bic="BT86"),),
        direct_debit=DirectDebit(mandate="BT89", creditor_id="BT90", iban="BT91"),
        card_last_digits="1234",
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
            percent=Decimal(5),
            reason="BT104",
            reason_code="FC",
            vat_category=TaxCategory.S,
            vat_rate=Decimal(19),
        ),
    ),
    totals=Totals(
        lines=Decimal(100),
        allowances=Decimal(5),
        charges=Decimal("2.5"),
        net=Decimal("97.5"),
        vat=Decimal("18.53"),
        gross=Decimal("116.03"),
        prepaid=Decimal(16),
        rounding=Decimal("-0.03"),
        due=Decimal(100),
    ),
    vat=(
        VatBreakdown(
            category=TaxCategory.S,
            rate=Decimal(19),
            taxable=Decimal("97.50"),
            tax=Decimal("18.53"),
            exemption_reason="BT120",
            exemption_code="VATEX-EU-AE",
        ),
    ),
    attachments=(
        Attachment(
            reference="BT122",
            description="BT123",
            filename="evidence.csv",
            media_type="text/csv",
            content=b"a;b",
        ),
    ),
    lines=(
        sample_line(
            quantity="17.000",
            price="215.00",
            price_base="31",
            unit_code="DAY",
            id="BT126",
            note="BT127",
            net="100.00",
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
            name="BT153",
            description="BT154",
            article_number="BT155",
            buyer_article_number="BT156",
            attributes=(ItemAttribute(name="BT160", value="BT161"),),
        ),
    ),
)

EXPECTED = {
    "BT-1": ["R-1"],
    "BT-2": ["20261130"],
    "BT-3": ["380"],
    "BT-5": ["EUR"],
    "BT-9": ["20261214"],
    "BT-20": ["BT20\n"],
    "BT-21": ["AAI"],
    "BT-22": ["BT22", "BT22 again"],
    "BT-23": ["urn:process"],
    "BT-24": ["urn:specification"],
    "BT-26": ["20261001"],
    "BT-29": ["BT29", "4000001000005"],
    "BT-31": ["DE31"],
    "BT-40": ["DE"],
    "BT-48": ["AT48"],
    "BT-55": ["AT"],
    "BT-72": ["20261129"],
    "BT-73": ["20261101"],
    "BT-74": ["20261130"],
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
    "BT-101": ["5"],
    "BT-102": ["S"],
    "BT-103": ["19"],
    "BT-105": ["FC"],
    "BT-106": ["100.00"],
    "BT-107": ["5.00"],
    "BT-108": ["2.50"],
    "BT-109": ["97.50"],
    "BT-110": ["18.53"],
    "BT-112": ["116.03"],
    "BT-113": ["16.00"],
    "BT-114": ["-0.03"],
    "BT-115": ["100.00"],
    "BT-116": ["97.50"],
    "BT-117": ["18.53"],
    "BT-118": ["S"],
    "BT-119": ["19"],
    "BT-121": ["VATEX-EU-AE"],
    "BT-125": ["YTti"],
    "BT-129": ["17"],
    "BT-130": ["DAY"],
    "BT-131": ["100.00"],
    "BT-134": ["20261102"],
    "BT-135": ["20261118"],
    "BT-136": ["17.90"],
    "BT-137": ["117.90"],
    "BT-138": ["15.1823"],
    "BT-140": ["100"],
    "BT-146": ["215"],
    "BT-149": ["31"],
    "BT-150": ["DAY"],
    "BT-151": ["S"],
    "BT-152": ["19"],
}
"""Literal values; a term that is missing here holds its own name, e.g. BT-44 holds "BT44"."""


def elements(xml: bytes) -> list[etree._Element]:
    return list(etree.fromstring(xml).iter())


@pytest.mark.parametrize("term", CII_PATHS)
def test_every_term_of_a_full_document_is_found_at_its_path(term: str) -> None:
    """reference: the mapping table of EN 16931 to CII."""
    written = terms_of(write_cii(FULL, PROFILE))

    assert written[term] == EXPECTED.get(term, [term.replace("-", "")])


def test_the_scheme_of_an_identifier_stands_beside_it() -> None:
    """BT-29-1, BT-34-1, BT-47-1; a trade register number has none."""
    schemes = [element.get("schemeID") for element in elements(write_cii(FULL, PROFILE))]

    assert [scheme for scheme in schemes if scheme] == [
        *("0088", "EM", "FC", "VA"),
        *("0199", "EM", "VA"),
    ]


def test_only_the_vat_total_names_its_currency() -> None:
    """CII-DT-031: currencyID is forbidden on all other amounts."""
    named = [
        etree.QName(element).localname
        for element in elements(write_cii(FULL, PROFILE))
        if element.get("currencyID")
    ]

    assert named == ["TaxTotalAmount"]


def test_equal_documents_give_equal_bytes() -> None:
    """DocumentFormat.render is pure."""
    assert write_cii(FULL, PROFILE) == write_cii(FULL.model_copy(deep=True), PROFILE)


def test_no_blank_text_leaves_an_empty_element() -> None:
    """PEPPOL-EN16931-R008: fields that hold blanks or forbidden signs only are as good as absent."""
    blank = " \x00\t"
    document = sample_invoice(
        project_reference=blank,
        contract_reference=blank,
        order_reference="",
        accounting_reference=blank,
        payment_terms="\x01",
        due_on=None,
        notes=(Note(text=blank),),
        delivery=Delivery(name=blank),
        seller=Party(
            name="Seller",
            trading_name=blank,
            identifiers=(Identifier(value=blank), Identifier(value=" ", scheme="0088")),
            registration=Identifier(value=blank),
            vat_id=blank,
            tax_number="",
            endpoint=Identifier(value="\x02"),
            address=PostalAddress(city=blank, postcode=blank, country=" "),
            contact=Contact(phone=blank, email=blank),
        ),
        payment=PaymentInstructions(
            means_code="58",
            remittance=blank,
            transfers=(CreditTransfer(iban=blank, bic=blank),),
            direct_debit=DirectDebit(mandate=blank, creditor_id=blank, iban=blank),
            card_last_digits=blank,
        ),
        lines=(
            sample_line(
                note=blank,
                order_line=blank,
                accounting_reference=blank,
                attributes=(ItemAttribute(name=blank, value=blank),),
            ),
        ),
    )

    empty = [
        etree.QName(element).localname
        for element in elements(write_cii(document, PROFILE))
        if not len(element) and not (element.text or "").strip()
    ]

    # The schema demands this one even when nothing is known about the delivery.
    assert empty == ["ApplicableHeaderTradeDelivery"]


def test_hostile_texts_are_escaped_and_cleaned_but_not_shortened() -> None:
    """XML 1.0 production 2; BT-22 keeps line feeds, markup and all planes of Unicode."""
    text = "<b>&\"'</b>\r\n]]>\ttab \x00\x0b\ufffe\ud800 \u0085 中文 🧾 " + "ß" * 5000

    written = terms_of(write_cii(sample_invoice(notes=(Note(text=text),)), PROFILE))

    assert written["BT-22"] == [
        "<b>&\"'</b>\n]]>\ttab  \u0085 中文 🧾 " + "ß" * 5000,
    ]


def test_the_line_feed_behind_a_skonto_line_stays() -> None:
    """BR-DE-18: BT-20 is not stripped."""
    terms = "Zahlbar in 14 Tagen\n#SKONTO#TAGE=7#PROZENT=2.00#\n"

    written = terms_of(write_cii(sample_invoice(payment_terms=terms), PROFILE))

    assert written["BT-20"] == ["Zahlbar in 14 Tagen\n#SKONTO#TAGE=7#PROZENT=2.00#\n"]


def test_a_currency_without_minor_unit_has_whole_amounts() -> None:
    """ISO 4217: the yen has no decimals."""
    line = sample_line(price="1000", net="1000")
    document = sample_invoice(currency="JPY", lines=(line,))

    written = terms_of(write_cii(document, PROFILE))

    assert list(check(document)) == []
    assert (written["BT-131"], written["BT-110"], written["BT-112"]) == (
        ["1000"],
        ["190"],
        ["1190"],
    )


def test_a_document_without_delivery_has_none() -> None:
    """BG-13 is optional."""
    written = terms_of(write_cii(sample_invoice(delivery=None), PROFILE))

    assert "BT-72" not in written


def test_two_accounts_repeat_the_payment_means() -> None:
    """BG-17 is 0..n; the schema repeats the whole group, BT-81 stays the same (CII-SR-467)."""
    first = CreditTransfer(iban="DE02120300000000202051")
    second = CreditTransfer(iban="DE02500105170137075030")
    payment = PaymentInstructions(means_code="58", transfers=(first, second))

    written = terms_of(write_cii(sample_invoice(payment=payment), PROFILE))

    assert written["BT-81"] == ["58", "58"]
    assert written["BT-84"] == ["DE02120300000000202051", "DE02500105170137075030"]


def test_category_o_has_a_rate_in_the_breakdown_and_none_on_the_line() -> None:
    """BR-O-05 forbids BT-152, BR-DE-14 demands BT-119."""
    line = sample_line(vat_category=TaxCategory.O, vat_rate=None)

    written = terms_of(write_cii(sample_invoice(lines=(line,)), PROFILE))

    assert written["BT-119"] == ["0"]
    assert "BT-152" not in written


def test_a_preceding_invoice_may_lack_its_date() -> None:
    """BT-26 is optional."""
    document = sample_invoice(preceding=(PrecedingInvoice(number="R-1"),))

    written = terms_of(write_cii(document, PROFILE))

    assert written["BT-25"] == ["R-1"]
    assert "BT-26" not in written


def test_an_unknown_currency_is_refused() -> None:
    """Nobody knows how many decimals its amounts have."""
    with pytest.raises(UnknownTerm, match="XXX"):
        write_cii(FULL.model_copy(update={"currency": "XXX"}), PROFILE)

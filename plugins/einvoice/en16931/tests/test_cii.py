"""The CII writer: never an empty element, texts as they are, nothing that EN 16931 does not know."""

import pytest
from lxml import etree

from faktura.kernel.errors import UnknownTerm
from faktura.kernel.terms import TaxCategory
from faktura.plugin import (
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
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
)
from faktura.testing.invoices import sample_invoice, sample_line
from faktura_en16931.checks import check
from faktura_en16931.cii import write_cii, write_cii_tree
from faktura_en16931.profile import Profile
from faktura_en16931.syntax import Syntax
from faktura_en16931.terms import terms_of
from faktura_en16931.xsd import xsd_errors

PROFILE = Profile(process="urn:process", specification="urn:specification")


def elements(xml: bytes) -> list[etree._Element]:
    return list(etree.fromstring(xml).iter())


def test_the_scheme_of_an_identifier_stands_beside_it(full_document: InvoiceDocument) -> None:
    """BT-29-1, BT-34-1, BT-47-1; a trade register number has none."""
    schemes = [element.get("schemeID") for element in elements(write_cii(full_document, PROFILE))]

    assert [scheme for scheme in schemes if scheme] == [
        *("0160", "0088", "0060", "EM", "FC", "VA"),
        *("0204", "0199", "EM", "VA"),
        *("VA", "0088", "0088", "0199"),
    ]


def test_only_the_vat_totals_name_their_currency(full_document: InvoiceDocument) -> None:
    """CII-DT-031: currencyID is forbidden on all other amounts."""
    named = [
        etree.QName(element).localname
        for element in elements(write_cii(full_document, PROFILE))
        if element.get("currencyID")
    ]

    assert named == ["TaxTotalAmount", "TaxTotalAmount"]


def test_equal_documents_give_equal_bytes(full_document: InvoiceDocument) -> None:
    """DocumentFormat.render is pure."""
    assert write_cii(full_document, PROFILE) == write_cii(
        full_document.model_copy(deep=True), PROFILE
    )


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
        receiving_reference=blank,
        despatch_reference=blank,
        tender_reference=blank,
        object_identifier=Identifier(value=blank, scheme="AVE"),
        payee=Payee(name=blank, identifier=Identifier(value=blank)),
        tax_representative=TaxRepresentative(
            name=blank,
            vat_id=blank,
            address=PostalAddress(city=blank, postcode=blank, country=blank),
        ),
        payment=PaymentInstructions(
            means_code="58",
            remittance=blank,
            transfers=(CreditTransfer(iban=blank, bic=blank),),
            direct_debit=DirectDebit(mandate=blank, creditor_id=blank, iban=blank),
            card_last_digits=blank,
            card_holder=blank,
        ),
        lines=(
            sample_line(
                note=blank,
                order_line=blank,
                accounting_reference=blank,
                object_identifier=Identifier(value=blank),
                standard_identifier=Identifier(value=blank, scheme="0160"),
                classifications=(ItemClassification(code=blank, scheme="STI"),),
                origin_country=blank,
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

    written = terms_of(write_cii(sample_invoice(notes=(Note(text=text),)), PROFILE), Syntax.CII)

    assert written["BT-22"] == [
        "<b>&\"'</b>\n]]>\ttab  \u0085 中文 🧾 " + "ß" * 5000,
    ]


def test_the_line_feed_behind_a_skonto_line_stays() -> None:
    """BR-DE-18: BT-20 is not stripped."""
    terms = "Zahlbar in 14 Tagen\n#SKONTO#TAGE=7#PROZENT=2.00#\n"

    written = terms_of(write_cii(sample_invoice(payment_terms=terms), PROFILE), Syntax.CII)

    assert written["BT-20"] == ["Zahlbar in 14 Tagen\n#SKONTO#TAGE=7#PROZENT=2.00#\n"]


def test_a_currency_without_minor_unit_has_whole_amounts() -> None:
    """ISO 4217: the yen has no decimals."""
    line = sample_line(price="1000", net="1000")
    document = sample_invoice(currency="JPY", lines=(line,))

    written = terms_of(write_cii(document, PROFILE), Syntax.CII)

    assert list(check(document)) == []
    assert (written["BT-131"], written["BT-110"], written["BT-112"]) == (
        ["1000"],
        ["190"],
        ["1190"],
    )


def test_a_document_without_delivery_has_none() -> None:
    """BG-13 is optional."""
    written = terms_of(write_cii(sample_invoice(delivery=None), PROFILE), Syntax.CII)

    assert "BT-72" not in written


def test_two_accounts_repeat_the_payment_means() -> None:
    """BG-17 is 0..n; the schema repeats the whole group, BT-81 stays the same (CII-SR-467)."""
    first = CreditTransfer(iban="DE02120300000000202051")
    second = CreditTransfer(iban="DE02500105170137075030")
    payment = PaymentInstructions(means_code="58", transfers=(first, second))

    written = terms_of(write_cii(sample_invoice(payment=payment), PROFILE), Syntax.CII)

    assert written["BT-81"] == ["58", "58"]
    assert written["BT-84"] == ["DE02120300000000202051", "DE02500105170137075030"]


def test_category_o_has_a_rate_in_the_breakdown_and_none_on_the_line() -> None:
    """BR-O-05 forbids BT-152, BR-DE-14 demands BT-119."""
    line = sample_line(vat_category=TaxCategory.O, vat_rate=None)

    written = terms_of(write_cii(sample_invoice(lines=(line,)), PROFILE), Syntax.CII)

    assert written["BT-119"] == ["0"]
    assert "BT-152" not in written


def test_a_preceding_invoice_may_lack_its_date() -> None:
    """BT-26 is optional."""
    document = sample_invoice(preceding=(PrecedingInvoice(number="R-1"),))

    written = terms_of(write_cii(document, PROFILE), Syntax.CII)

    assert written["BT-25"] == ["R-1"]
    assert "BT-26" not in written


def test_an_unknown_currency_is_refused(full_document: InvoiceDocument) -> None:
    """Nobody knows how many decimals its amounts have."""
    with pytest.raises(UnknownTerm, match="XXX"):
        write_cii(full_document.model_copy(update={"currency": "XXX"}), PROFILE)


def test_a_document_with_every_term_follows_the_schema(full_document: InvoiceDocument) -> None:
    """The Factur-X schema of EN 16931 knows nothing that the norm does not; it orders all elements."""
    assert xsd_errors(write_cii_tree(full_document, PROFILE), Syntax.CII) == []

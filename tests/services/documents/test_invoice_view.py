"""Invoices in the terms of EN 16931, field by field; each expectation is written out by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.services.company import TENANT, XRechnung
from tests.services.documents.view_scene import ViewScene, without_keys

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.customers import Mandate
from faktura.domain.discounts import Discount
from faktura.kernel.terms import DocumentKind, PaymentMethod, TaxCase, TaxCategory
from faktura.plugin import (
    Allowance,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    DocumentLine,
    DocumentPeriod,
    Identifier,
    InvoiceDocument,
    Party,
    PaymentInstructions,
    PostalAddress,
    PrintDetails,
    Totals,
    VatBreakdown,
)
from faktura.services.invoice_view import invoice_document

OCTOBER = DocumentPeriod(start=date(2026, 10, 1), end=date(2026, 10, 31))
SELLER = Party(
    name="Werk GmbH",
    registration=Identifier(value="HRB 4711"),
    vat_id="DE123456788",
    tax_number="27/123/45678",
    endpoint=Identifier(value="mia@werk.example", scheme="EM"),
    address=PostalAddress(line1="Am Werk 1", city="Berlin", postcode="10115", country="DE"),
    contact=Contact(name="Mia Werk", phone="+49 30 111222", email="mia@werk.example"),
)
TO_US = CreditTransfer(iban="DE02120300000000202051", holder="Werk GmbH")


@pytest.fixture
def scene(database):
    """A company whose documents nobody checks."""
    return ViewScene(database)


def billed(scene, *articles: str, country="DE", contract=None, **customer: object):
    """The invoice of the only customer, over these articles by the month."""
    owner = scene.company.customer(country, **customer)
    scene.company.contract(owner, *articles, **(contract or {}))
    scene.bill()
    return scene.view("RE-000001")


def test_an_invoice_term_by_term(scene):
    """Two memberships of 30.00 less 10 %: 54.00, 19 % of it 10.26, 64.26; payable in 14 days."""
    document = billed(
        scene,
        "A-1",
        contract={
            "quantity": Decimal(2),
            "discount": Discount(percent=Decimal(10), reason="Treue"),
        },
        address=Address("Kai 3", "20457", "Hamburg", extra="Haus B", care_of="c/o Reederei Holm"),
        contact=ContactPerson("Uwe Kern", "+49 40 77", "kern@kunde.example"),
        register_number="HRB 1234",
        eu_tax_id="DE136695976",
        order_reference="PO-7",
    )

    assert document == InvoiceDocument(
        number="RE-000001",
        issued_on=date(2026, 10, 1),
        type_code="380",
        currency="EUR",
        due_on=date(2026, 10, 15),
        buyer_reference="K-1",
        contract_reference="V-1",
        order_reference="PO-7",
        payment_terms="Zahlbar ohne Abzug bis zum 15.10.2026.",
        seller=SELLER,
        buyer=Party(
            name="Kunde 1 GmbH",
            identifiers=(Identifier(value="K-1"),),
            registration=Identifier(value="HRB 1234"),
            vat_id="DE136695976",
            endpoint=Identifier(value="kunde1@example.com", scheme="EM"),
            address=PostalAddress(
                line1="c/o Reederei Holm",
                line2="Kai 3",
                line3="Haus B",
                city="Hamburg",
                postcode="20457",
                country="DE",
            ),
            contact=Contact(name="Uwe Kern", phone="+49 40 77", email="kern@kunde.example"),
        ),
        delivery=Delivery(on=date(2026, 10, 31)),
        period=OCTOBER,
        payment=PaymentInstructions(means_code="58", remittance="RE-000001", transfers=(TO_US,)),
        totals=Totals(
            lines=Decimal("54.00"),
            net=Decimal("54.00"),
            vat=Decimal("10.26"),
            gross=Decimal("64.26"),
            due=Decimal("64.26"),
        ),
        vat=(
            VatBreakdown(
                category=TaxCategory.S,
                rate=Decimal(19),
                taxable=Decimal("54.00"),
                tax=Decimal("10.26"),
            ),
        ),
        lines=(
            DocumentLine(
                id="1",
                quantity=Decimal(2),
                unit_code="MON",
                net=Decimal("54.00"),
                period=OCTOBER,
                allowances=(
                    Allowance(
                        amount=Decimal("6.00"),
                        base=Decimal("60.00"),
                        percent=Decimal(10),
                        reason="Treue",
                        reason_code="95",
                    ),
                ),
                price=Decimal(30),
                vat_category=TaxCategory.S,
                vat_rate=Decimal(19),
                name="Membership",
                description="Membership by the month",
                article_number="A-1",
            ),
        ),
        printed=PrintDetails(kind=DocumentKind.INVOICE, language="de"),
    )
    assert XRechnung().cii.check(document) == ()


def test_a_contact_person_is_named_only_where_it_is_shown(scene):
    """F056: neither name nor phone nor e-mail of a hidden one."""
    hidden = ContactPerson("Uwe Kern", "+49 40 77", "kern@kunde.example", shown=False)

    document = billed(scene, "A-1", contact=hidden)

    assert document.buyer.contact is None
    assert "Kern" not in document.model_dump_json()
    assert "+49 40 77" not in document.model_dump_json()


def test_a_direct_debit_announces_amount_day_mandate_and_creditor(scene):
    """SEPA pre-notification; BG-19 without BG-17, and no account number in the text."""
    document = billed(
        scene,
        "A-1",
        payment_method=PaymentMethod.SEPA_DEBIT,
        mandate=Mandate("M-1", "DE75512108001245126199", date(2026, 9, 1)),
    )

    assert document.payment_terms == (
        "Wir ziehen 35,70 EUR zum 15.10.2026 mit dem SEPA-Mandat M-1"
        " (Gläubiger-Identifikationsnummer DE98ZZZ09999999999) von Ihrem Konto ein."
    )
    assert document.payment == PaymentInstructions(
        means_code="59",
        remittance="RE-000001",
        direct_debit=DirectDebit(
            mandate="M-1", creditor_id="DE98ZZZ09999999999", iban="DE75512108001245126199"
        ),
    )
    assert document.printed is not None
    assert (document.due_on, document.printed.collect_on) == (
        date(2026, 10, 15),
        date(2026, 10, 15),
    )
    assert XRechnung().cii.check(document) == ()


@pytest.mark.parametrize(
    ("method", "language", "means", "terms"),
    [
        ("CARD", "de", "Kreditkarte", "Zahlbar per Kreditkarte ohne Abzug bis zum 15.10.2026."),
        (
            "CARD",
            "en",
            "Credit card",
            "Payable by credit card without deduction by 15 Oct 2026.",
        ),
        ("PAYPAL", "de", "PayPal", "Zahlbar per PayPal ohne Abzug bis zum 15.10.2026."),
    ],
)
def test_a_card_and_paypal_are_online_payments(scene, method, language, means, terms):
    """68: 48 would ask for digits of the card that only the provider knows (BR-DE-24-a)."""
    document = billed(scene, "A-1", payment_method=PaymentMethod(method), language=language)

    assert document.payment == PaymentInstructions(
        means_code="68", means_text=means, remittance="RE-000001"
    )
    assert document.payment_terms == terms
    assert document.printed is not None
    assert document.printed.collect_on is None
    assert XRechnung().cii.check(document) == ()


def test_a_debit_by_a_providers_mandate_is_an_online_payment(scene):
    """BG-19 would name a mandate and a creditor id of ours, which there are none of."""
    document = billed(scene, "A-1", payment_method=PaymentMethod.SEPA_DEBIT, debited_by="stripe")

    assert document.payment == PaymentInstructions(
        means_code="68",
        means_text="Lastschrift unseres Zahlungsdienstleisters",
        remittance="RE-000001",
    )
    assert document.payment_terms == (
        "Zahlbar per Lastschrift unseres Zahlungsdienstleisters ohne Abzug bis zum 15.10.2026."
    )
    assert XRechnung().cii.check(document) == ()


def test_an_english_customer_reads_english(scene):
    """Terms, means, the usual word for a discount, the part of a period: 25 × 17 of 31 days."""
    document = billed(
        scene,
        "A-1",
        country="FR",
        contract={
            "quantity": Decimal("2.5"),
            "discount": Discount(percent=Decimal(10)),
            "until": date(2026, 10, 18),
        },
        eu_tax_id="FR40303265045",
        language="en",
    )

    assert document.printed is not None
    assert document.printed.language == "en"
    assert document.payment_terms == "Payable without deduction by 15 Oct 2026."
    assert document.lines[0].allowances[0].reason == "Discount"
    assert document.lines[0].note == "2.5 × 17 of 31 days"
    (row,) = document.vat
    assert (row.category, row.rate, row.tax) == (TaxCategory.AE, Decimal(0), Decimal("0.00"))
    assert (row.exemption_reason, row.exemption_code) == ("Reverse charge", "VATEX-EU-AE")
    assert document.seller.vat_id == "DE123456788"
    assert document.buyer.vat_id == "FR40303265045"
    assert XRechnung().cii.check(document) == ()


def test_a_german_reads_the_same_in_german(scene):
    """A decimal comma in the part of a period; Rabatt where no reason was given."""
    document = billed(
        scene,
        "A-1",
        contract={
            "quantity": Decimal("2.5"),
            "discount": Discount(percent=Decimal(10), reason=""),
            "until": date(2026, 10, 18),
        },
    )

    assert document.lines[0].note == "2,5 × 17 von 31 Tagen"
    assert document.lines[0].allowances[0].reason == "Rabatt"


@pytest.mark.parametrize(
    ("country", "article", "category", "reason"),
    [
        ("FR", "A-1", "AE", "Steuerschuldnerschaft des Leistungsempfängers"),
        ("FR", "A-4", "K", "Steuerfreie innergemeinschaftliche Lieferung"),
        ("CH", "A-4", "G", "Steuerfreie Ausfuhrlieferung"),
        ("CH", "A-1", "O", "Nicht steuerbar"),
    ],
)
def test_why_there_is_no_vat_is_said_in_german(scene, country, article, category, reason):
    """P14: § 14a (1) UStG prescribes the words for reverse charge."""
    document = billed(scene, article, country=country, eu_tax_id="FR40303265045")

    assert [(row.category, row.exemption_reason) for row in document.vat] == [(category, reason)]


@pytest.mark.parametrize(
    ("country", "article", "reason"),
    [
        ("FR", "A-4", "VAT-exempt intra-Community supply of goods"),
        ("CH", "A-4", "VAT-exempt export of goods"),
        ("CH", "A-1", "Not subject to German VAT"),
        ("DE", "A-3", "Steuerfrei nach § 4 Nr. 21 UStG"),
    ],
)
def test_why_there_is_no_vat_is_said_in_english(scene, country, article, reason):
    """What a tax group says in its own words stays as it was given."""
    ids = "FR40303265045" if country != "DE" else ""
    document = billed(scene, article, country=country, eu_tax_id=ids, language="en")

    assert [row.exemption_reason for row in document.vat] == [reason]


def small_business(database):
    """§ 19 UStG: a tax number, no VAT id, no register."""
    seller = replace(TENANT.seller, vat_id="", register_number="")
    cases = frozenset({TaxCase.SMALL_BUSINESS})
    return ViewScene(database, replace(TENANT, seller=seller, small_business=True, tax_cases=cases))


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("de", "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet."),
        ("en", "No VAT is charged (section 19 of the German VAT Act, small business)."),
    ],
)
def test_a_small_business_is_named_by_its_tax_number(database, language, reason):
    """BR-CO-26: BT-29; category E with a reason and no code."""
    document = billed(small_business(database), "A-1", language=language)

    seller = document.seller
    assert (seller.vat_id, seller.registration, seller.tax_number) == (None, None, "27/123/45678")
    assert seller.identifiers == (Identifier(value="27/123/45678"),)
    (row,) = document.vat
    assert (row.category, row.rate, row.tax) == (TaxCategory.E, Decimal(0), Decimal("0.00"))
    assert (row.exemption_reason, row.exemption_code) == (reason, None)
    assert (document.totals.net, document.totals.gross) == (Decimal("30.00"), Decimal("30.00"))
    assert XRechnung().cii.check(document) == ()


def test_texts_have_one_kind_of_line_end_and_no_blanks_around(scene):
    """XML has no carriage return (a parser makes it a line feed), and no format takes blanks."""
    owner = scene.company.customer(name="Kunde 1 GmbH")
    contract = scene.company.contract(owner, "A-1")
    scene.rewrite(contract, header_text=" eins\r\nzwei\rdrei \n", footer_text="  ")
    scene.bill()

    document = scene.view("RE-000001")

    assert [note.text for note in document.notes] == ["eins\nzwei\ndrei"]
    assert document.printed is not None
    assert document.printed.header_texts == ("eins\nzwei\ndrei",)
    assert document.printed.footer_texts == ()


def test_header_and_footer_are_told_apart_for_the_page(scene):
    """Both are notes (BG-1); the page prints one before the lines and one behind them."""
    contract = scene.company.contract(scene.company.customer(), "A-1")
    scene.rewrite(contract, header_text="Guten Tag", footer_text="Danke")
    scene.bill()

    document = scene.view("RE-000001")

    assert [note.text for note in document.notes] == ["Guten Tag", "Danke"]
    assert document.printed is not None
    assert document.printed.header_texts == ("Guten Tag",)
    assert document.printed.footer_texts == ("Danke",)


def test_a_document_about_nothing_asks_for_nothing(database):
    """All of it discounted, on an invoice that is wanted all the same; BT-81 stays (BR-DE-1)."""
    scene = ViewScene(database, replace(TENANT, zero_documents=True))

    document = billed(scene, "A-1", contract={"discount": Discount(percent=Decimal(100))})

    assert document.totals.due == Decimal("0.00")
    assert (document.payment_terms, document.due_on) == ("Es ist nichts zu zahlen.", None)
    assert (document.payment.means_code, document.payment.transfers) == ("58", (TO_US,))
    assert XRechnung().cii.check(document) == ()


def test_a_document_of_an_earlier_version_reads_the_same(scene):
    """P23: what newer versions freeze as well is not asked of older documents."""
    billed(scene, "A-1", contact=ContactPerson("Uwe Kern", "+49 40 77", "k@k.example"))
    record = scene.record("RE-000001")

    older = without_keys(record, "buyer.phone", "buyer.registerNumber", "seller.tradingName")

    assert invoice_document(older) == invoice_document(record)

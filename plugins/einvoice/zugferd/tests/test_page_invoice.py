"""What stands on the page of an invoice, read back from the PDF."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from faktura.kernel.errors import RenderRefused
from faktura.kernel.terms import DocumentKind, TaxCategory
from faktura.plugin import (
    Allowance,
    Attachment,
    Contact,
    DepositRow,
    DepositTable,
    DirectDebit,
    InvoiceDocument,
    ItemAttribute,
    Note,
    PaymentInstructions,
    PrecedingInvoice,
    PrintDetails,
    VatBreakdown,
)
from faktura.testing.invoices import BUYER, SELLER, sample_invoice, sample_line
from faktura_zugferd.look import Look
from faktura_zugferd.page_data import invoice_page
from faktura_zugferd.typesetting import Typesetter

Read = Callable[..., list[str]]


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    """The house's look."""
    return Typesetter(Look())


@pytest.fixture(scope="module")
def read(typesetter: Typesetter) -> Read:
    """The texts of a document's pages."""

    def pages(
        document: InvoiceDocument, look: Look | None = None, code: Sequence[str] = ()
    ) -> list[str]:
        setter = typesetter if look is None else Typesetter(look)
        return texts(setter.pdf("invoice", invoice_page(document, look or Look(), code)))

    return pages


def texts(pdf: bytes) -> list[str]:
    """The text of each page, any blanks and line ends as one blank."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def test_a_plain_invoice_fits_on_a_page_and_says_what_is_due(read: Read) -> None:
    (page,) = read(sample_invoice())

    assert "Rechnung R-2026-00042" in page
    assert "Wattwerk Beispiel GmbH · Mühlenweg 3 · 07743 Jena" in page
    assert "Stadt Musterfeld Am Markt 1 99999 Musterfeld" in page
    assert "Nettobetrag 100,00 € 19 % Umsatzsteuer auf 100,00 € 19,00 €" in page
    assert "Gesamtbetrag 119,00 € Zu zahlen 119,00 €" in page
    assert "Bitte überweisen Sie 119,00 € bis zum 14.12.2026." in page
    assert "DE02 1203 0000 0000 2020 51" in page
    assert "Seite 1 von 1" in page


def test_the_information_block_names_what_people_ask_for(read: Read) -> None:
    document = sample_invoice(
        contract_reference="V-2024-0815", order_reference="PO 4711", project_reference="Turm 2"
    )

    (page,) = read(document)

    for fact in (
        "Leistungszeitraum 01.11.2026 – 30.11.2026",
        "Vertrag V-2024-0815",
        "Ihre Bestellung PO 4711",
        "Projekt Turm 2",
        "Kundennummer 10042",
        "Leitweg-ID 04011000-12345-03",
        "Ansprechpartner Ada Brandt Telefon +49 3641 55512",
    ):
        assert fact in page


def test_the_page_speaks_english_to_all_others(read: Read) -> None:
    document = sample_invoice(
        lines=(sample_line("12", "120.50"),),
        printed=PrintDetails(kind=DocumentKind.INVOICE, language="fr"),
    )

    (page,) = read(document)

    assert "Invoice R-2026-00042" in page
    assert "months" in page
    assert "1,446.00" in page
    assert "Amount due EUR 1,720.74" in page
    assert "Please transfer EUR 1,720.74 by 14 Dec 2026." in page
    assert "Page 1 of 1" in page


@pytest.mark.parametrize(
    ("kind", "code", "title"),
    [
        (DocumentKind.INVOICE, "380", "Rechnung"),
        (DocumentKind.DEPOSIT, "380", "Anzahlungsrechnung"),
        (DocumentKind.FINAL, "380", "Schlussrechnung"),
        (DocumentKind.CORRECTION, "381", "Rechnungskorrektur"),
        (DocumentKind.CANCELLATION, "384", "Stornorechnung"),
        (DocumentKind.CREDIT_NOTE, "389", "Gutschrift"),
        (DocumentKind.CREDIT_NOTE_CORRECTION, "389", "Gutschriftskorrektur"),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_each_kind_has_its_title(
    kind: DocumentKind, code: str, title: str, named: bool, read: Read
) -> None:
    """F066; a corrected invoice is never a Gutschrift, a self-billed one always (§ 14 (2) UStG)."""
    sign = "-1" if kind in {DocumentKind.CANCELLATION, DocumentKind.CREDIT_NOTE_CORRECTION} else "1"
    document = sample_invoice(type_code=code, kind=kind, lines=(sample_line(sign),))
    if not named:
        document = document.model_copy(update={"printed": None})
        # The code alone does not tell a deposit or a final invoice.
        title = "Rechnung" if code == "380" else title

    (page,) = read(document)

    assert f"{title} R-2026-00042" in page
    assert ("Gutschrift" in page) == (code == "389")


def test_a_self_billed_document_goes_to_the_supplier_with_his_tax_number(read: Read) -> None:
    """§ 14 (4) UStG: the supplier's number; the letter is ours, so the window is his."""
    supplier = BUYER.model_copy(update={"name": "Vertrieb Nord", "tax_number": "12/345/67890"})
    document = sample_invoice(
        type_code="389", kind=DocumentKind.CREDIT_NOTE, seller=supplier, buyer=SELLER
    )

    (page,) = read(document)

    assert "Wattwerk Beispiel GmbH · Mühlenweg 3 · 07743 Jena Vertrieb Nord Am Markt 1" in page
    assert "Ihre Steuernummer 12/345/67890" in page
    assert "Gutschriftsbetrag 119,00 €" in page


def test_a_cancellation_names_its_invoice_and_shows_amounts_below_zero(read: Read) -> None:
    document = sample_invoice(
        type_code="384",
        kind=DocumentKind.CANCELLATION,
        lines=(sample_line("-3", "29.90"),),
        preceding=(PrecedingInvoice(number="R-2026-00001", issued_on=date(2026, 10, 31)),),
        payment=PaymentInstructions(means_code="97"),
    )

    (page,) = read(document)

    assert "zu Rechnung R-2026-00001 vom 31.10.2026" in page
    assert "−3 Monate 29,90 19 % −89,70" in page
    assert "Stornierter Betrag −106,74 €" in page
    assert "Der Betrag wird mit Ihrem Kundenkonto verrechnet." in page


def test_what_is_owed_to_the_customer_is_shown_without_a_sign(read: Read) -> None:
    """BT-113 above BT-112 makes BT-115 negative."""
    (page,) = read(sample_invoice(prepaid=Decimal("150.00")))

    assert "Bereits bezahlt −150,00 € Zu Ihren Gunsten 31,00 €" in page
    assert "31,00 € stehen Ihnen zu." in page


def test_discounts_stand_between_the_amount_and_the_net_of_a_line(read: Read) -> None:
    discount = Allowance(
        amount=Decimal("30.00"), base=Decimal("300.00"), percent=Decimal(10), reason="Treuerabatt"
    )

    (page,) = read(sample_invoice(lines=(sample_line("3", "100.00", allowances=(discount,)),)))

    assert "300,00" in page
    assert "10 % Treuerabatt auf 300,00" in page
    assert page.index(" −30,00") < page.index("Betrag der Position") < page.index(" 270,00")


def test_prices_show_two_to_four_decimals_as_set(read: Read) -> None:
    """F054: the page shows fewer decimals, no amount is computed from them."""
    document = sample_invoice(
        lines=(sample_line("1000", "0.012345"), sample_line("1", "30.00", id="2"))
    )

    (four,) = read(document)
    (two,) = read(document, Look(price_decimals=2))

    assert "0,0123" in four
    assert "30,00 " in four
    assert "0,01 " in two
    assert "12,35" in two  # 1,000 x 0.012345, not 1,000 x 0.01


def test_a_line_explains_a_part_of_a_period(read: Read) -> None:
    """17 of 31 days at 30.00 a month are 16.45."""
    line = sample_line(
        "17",
        "30.00",
        unit_code="DAY",
        price_base=Decimal(31),
        article_number="SM-100",
        description="Fernauslesung",
        attributes=(ItemAttribute(name="Zähler", value="1EMH-77"),),
    )

    (page,) = read(sample_invoice(lines=(line,)))

    assert "17 Tage 30,00 je 31 Tage 19 % 16,45" in page
    assert "01.11.2026 – 30.11.2026 Fernauslesung Zähler: 1EMH-77 Artikelnummer SM-100" in page


def test_a_care_of_line_stands_directly_below_the_company(read: Read) -> None:
    """F055, and F056: the contact person can be hidden."""
    address = BUYER.address.model_copy(update={"line1": "c/o Rathaus Nord", "line2": "Am Markt 1"})
    buyer = BUYER.model_copy(update={"address": address, "contact": Contact(name="Erika Muster")})
    document = sample_invoice(buyer=buyer)

    (shown,) = read(document)
    (hidden,) = read(document, Look(show_contact=False))

    assert "Stadt Musterfeld c/o Rathaus Nord z. Hd. Erika Muster Am Markt 1 " in shown
    assert "Stadt Musterfeld c/o Rathaus Nord Am Markt 1 " in hidden


def test_a_foreign_country_ends_the_address_in_capitals(read: Read) -> None:
    address = BUYER.address.model_copy(update={"country": "FR", "city": "Lyon"})

    (page,) = read(sample_invoice(buyer=BUYER.model_copy(update={"address": address})))

    assert "99999 Lyon FRANKREICH" in page


def test_each_rate_has_its_own_tax_and_exemptions_say_why(read: Read) -> None:
    lines = (
        sample_line("1", "100.00"),
        sample_line("1", "50.00", id="2", vat_rate="7"),
        sample_line("1", "20.00", id="3", vat_category=TaxCategory.AE, vat_rate="0"),
    )

    (page,) = read(sample_invoice(lines=lines))

    assert "19 % Umsatzsteuer auf 100,00 € 19,00 € 7 % Umsatzsteuer auf 50,00 € 3,50 €" in page
    assert "Umsatzsteuer auf 20,00 € (Steuerschuldnerschaft des Leistungsempfängers)" in page
    assert "Umsatzsteuer gesamt 22,50 €" in page
    assert "Steuerschuldnerschaft des Leistungsempfängers" in page


def test_discounts_of_the_document_stand_above_its_net(read: Read) -> None:
    allowance = Allowance(
        amount=Decimal("5.00"), reason="Aktion", vat_category=TaxCategory.S, vat_rate=Decimal(19)
    )

    (page,) = read(sample_invoice(allowances=(allowance,)))

    assert "Summe der Positionen 100,00 € Aktion −5,00 € Nettobetrag 95,00 €" in page


def test_the_tax_in_another_currency_is_shown_too(read: Read) -> None:
    """BT-111."""
    document = sample_invoice(currency="CHF", tax_currency="EUR")
    totals = document.totals.model_copy(update={"vat_accounting": Decimal("20.33")})

    (page,) = read(document.model_copy(update={"totals": totals}))

    assert "119,00 CHF" in page
    assert "Umsatzsteuer in EUR 20,33 €" in page


def test_a_final_invoice_deducts_its_deposits_with_their_tax(read: Read) -> None:
    """F061: date, net, VAT and gross of each; then what remains."""
    rows = tuple(
        DepositRow(
            number=f"A-{no}",
            issued_on=date(2026, 6 + no, 1),
            received_on=date(2026, 6 + no, 15),
            net=Decimal("1000.00"),
            vat_rate=Decimal(19),
            vat=Decimal("190.00"),
            gross=Decimal("1190.00"),
        )
        for no in (1, 2, 3)
    )
    table = DepositTable(
        rows=rows, remaining_net=Decimal("2000.00"), remaining_vat=Decimal("380.00")
    )
    document = sample_invoice(
        lines=(sample_line("1", "5000.00"),),
        prepaid=Decimal("3570.00"),
        notes=(Note(text="abzüglich Anzahlung A-1"),),
        printed=PrintDetails(kind=DocumentKind.FINAL, deposits=table),
    )

    (page,) = read(document)

    assert "A-2 01.08.2026 15.08.2026 1.000,00 19 % 190,00 1.190,00" in page
    assert "Summe der Anzahlungen 3.000,00 570,00 3.570,00" in page
    assert "Verbleibender Betrag 2.000,00 380,00 2.380,00" in page
    assert "Abzüglich Anzahlungen −3.570,00 € Zu zahlen 2.380,00 €" in page
    assert "abzüglich Anzahlung A-1" not in page  # the note says what the table shows


def test_a_direct_debit_is_announced_with_a_hidden_account(read: Read) -> None:
    """SEPA pre-notification: amount, day, mandate, creditor id."""
    debit = DirectDebit(
        mandate="M-0815", creditor_id="DE98ZZZ09999999999", iban="DE02500105170137075030"
    )
    document = sample_invoice(
        payment=PaymentInstructions(means_code="59", direct_debit=debit),
        printed=PrintDetails(kind=DocumentKind.INVOICE, collect_on=date(2026, 12, 14)),
    )

    (page,) = read(document, Look(payment_link="https://pay.example/{number}"))

    assert "Wir ziehen 119,00 € am 14.12.2026 per SEPA-Lastschrift" in page
    assert "DE02 •••• 5030" in page
    assert "0137" not in page
    assert "Mandatsreferenz M-0815 Gläubiger-ID DE98ZZZ09999999999" in page
    assert "pay.example" not in page


@pytest.mark.parametrize(
    ("payment", "sentence"),
    [
        (PaymentInstructions(means_code="68", means_text="PayPal"), "über PayPal bezahlt"),
        (
            PaymentInstructions(means_code="54", card_last_digits="1234"),
            "von Ihrer Karte mit den Endziffern 1234 ab",
        ),
        (PaymentInstructions(means_code="10"), "sind bar zu zahlen"),
    ],
)
def test_other_means_say_how_they_are_paid(
    payment: PaymentInstructions, sentence: str, read: Read
) -> None:
    (page,) = read(sample_invoice(payment=payment))

    assert sentence in page


def test_the_terms_of_the_document_come_before_words_of_ours(read: Read) -> None:
    """BT-20 is printed as it is."""
    (page,) = read(sample_invoice(payment_terms="Zahlbar sofort.\n2 % Skonto bis 07.12.2026."))

    assert "Zahlbar sofort. 2 % Skonto bis 07.12.2026." in page
    assert "Bitte überweisen" not in page


def test_a_payment_link_names_the_document(typesetter: Typesetter) -> None:
    look = Look(payment_link="https://pay.example/{number}")

    pdf = typesetter.pdf("invoice", invoice_page(sample_invoice(number="R/1 a"), look))

    assert "Online bezahlen: https://pay.example/R%2F1%20a" in texts(pdf)[0]
    annotation = (PdfReader(BytesIO(pdf)).pages[0].annotations or [])[0]
    assert annotation.get_object()["/A"]["/URI"] == "https://pay.example/R%2F1%20a"


def test_texts_stand_before_and_behind_the_lines(read: Read) -> None:
    document = sample_invoice(
        notes=(Note(text="Kopf"), Note(text="Fuß")),
        printed=PrintDetails(
            kind=DocumentKind.INVOICE, header_texts=("Kopf\nzweite Zeile",), footer_texts=("Fuß",)
        ),
    )

    (page,) = read(document)
    (bare,) = read(document.model_copy(update={"printed": None}))

    assert page.index("Kopf zweite Zeile") < page.index("Grundgebühr") < page.index("Fuß")
    assert page.count("Fuß") == 1
    assert bare.index("Grundgebühr") < bare.index("Kopf") < bare.index("Fuß")


def test_the_footer_is_the_sellers_or_the_tenants_own(read: Read) -> None:
    (own,) = read(sample_invoice(), Look(footer_columns=("Eigene Spalte\nZeile 2", "Zweite")))
    (house,) = read(sample_invoice())

    assert "Eigene Spalte Zeile 2 Zweite" in own
    assert "Register HRB 4711" not in own
    assert "Register HRB 4711" in house
    assert "USt-IdNr. DE123456788 Steuernummer 37/123/45678" in house


def test_own_texts_never_take_away_what_the_law_wants_of_the_seller(read: Read) -> None:
    """§ 14 (4) Nr. 1 and 2 UStG: name, address, tax number or VAT id stand on each invoice."""
    silent = Look(footer_columns=("Wattwerk",), return_line="Postfach 1, 99998 Anderswo")
    telling = Look(footer_columns=("Wattwerk  Beispiel GmbH\n07743 Jena", "St.-Nr. 37/123/45678"))

    (added,), (own,) = (read(sample_invoice(), look) for look in (silent, telling))

    assert (
        "Wattwerk Wattwerk Beispiel GmbH Mühlenweg 3 07743 Jena USt-IdNr. DE123456788 "
        "Steuernummer 37/123/45678"
    ) in added
    assert "Mühlenweg 3" in own  # the return line
    assert "DE123456788" not in own
    assert own.count("07743 Jena") == 2


@pytest.mark.parametrize(
    ("code", "kind", "quantity", "payee", "said"),
    [
        ("381", DocumentKind.CORRECTION, "1", False, "119,00 € stehen Ihnen zu."),
        ("381", DocumentKind.CORRECTION, "-1", False, "Zu zahlen sind 119,00 €."),
        ("389", DocumentKind.CREDIT_NOTE, "1", True, "119,00 € stehen Ihnen zu."),
        ("389", DocumentKind.CREDIT_NOTE_CORRECTION, "-1", False, "Zu zahlen sind 119,00 €."),
        ("389", DocumentKind.CREDIT_NOTE_CORRECTION, "1", False, "119,00 € stehen Ihnen zu."),
        ("384", DocumentKind.CANCELLATION, "-1", False, "119,00 € stehen Ihnen zu."),
    ],
)
def test_nobody_is_asked_for_money_he_gets(
    code: str, kind: DocumentKind, quantity: str, payee: bool, said: str, read: Read
) -> None:
    """P18: what is positive on a correction or a credit note is paid by us; its account is theirs."""
    (page,) = read(sample_invoice(type_code=code, kind=kind, lines=(sample_line(quantity),)))

    assert said in page
    assert "überweisen" not in page
    assert ("Verwendungszweck" in page) == payee


def test_a_corrected_credit_note_is_called_so(read: Read) -> None:
    """F066: a Gutschrift is no Rechnung."""
    document = sample_invoice(
        type_code="389",
        kind=DocumentKind.CREDIT_NOTE_CORRECTION,
        lines=(sample_line("-1", "40.00"),),
        preceding=(PrecedingInvoice(number="G-1", issued_on=date(2026, 10, 31)),),
    )

    (page,) = read(document)

    assert "zu Gutschrift G-1 vom 31.10.2026" in page


def test_what_only_few_documents_have_is_printed_too(read: Read) -> None:
    """BT-7, BT-124, and the law's own words where the reason is only a code (§ 14a (5) UStG)."""
    untaxed = VatBreakdown(
        category=TaxCategory.AE, rate=Decimal(0), taxable=Decimal(100), tax=Decimal(0),
        exemption_code="VATEX-EU-AE",
    )  # fmt: skip
    document = sample_invoice(
        vat_point_on=date(2026, 11, 15),
        lines=(sample_line(vat_category="AE", vat_rate="0"),),
        vat=(untaxed,),
        attachments=(Attachment(reference="A2", location="https://wattwerk.example/agb"),),
    )

    (page,) = read(document)

    assert "Steuerzeitpunkt 15.11.2026" in page
    assert "Anlagen: A2 (https://wattwerk.example/agb)" in page
    assert "100,00 € Steuerschuldnerschaft des Leistungsempfängers" in page


def test_a_missing_sign_is_refused_with_the_document_named(typesetter: Typesetter) -> None:
    """PDF/A forbids what the typefaces lack; whoever calls replaces it before."""
    data = invoice_page(sample_invoice(lines=(sample_line(name="工"),)), Look())

    with pytest.raises(RenderRefused) as refused:
        typesetter.pdf("invoice", data)

    assert refused.value.place == "Rechnung R-2026-00042"

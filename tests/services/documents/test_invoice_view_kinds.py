"""Deposits, final invoices, corrections and credit notes in the terms of EN 16931 (F061, F066)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.services.company import TENANT, XRechnung
from tests.services.documents.view_scene import ViewScene

from faktura.domain.addresses import ContactPerson
from faktura.domain.customers import Mandate
from faktura.domain.line_parts import LinePart
from faktura.kernel.terms import DocumentKind, PaymentMethod
from faktura.plugin import (
    Contact,
    DepositRow,
    DepositTable,
    Identifier,
    PaymentInstructions,
    PrecedingInvoice,
    PrintDetails,
)
from faktura.services.document_codes import TYPE_CODES


@pytest.fixture
def scene(database):
    """A company with one customer and a contract that bills 30.00 + 5.70 VAT (RE-000001)."""
    scene = ViewScene(database)
    scene.company.contract(scene.company.customer(), "A-1")
    scene.bill()
    return scene


def numbers(document):
    """Net, VAT, gross, prepaid, due."""
    totals = document.totals
    return [str(one) for one in (totals.net, totals.vat, totals.gross, totals.prepaid, totals.due)]


def test_every_kind_has_the_code_of_domain_md():
    """BT-3: 381 and 384 take an invoice back, 389 is written for a partner; 386 makes KoSIT warn."""
    assert {kind.value: code for kind, code in TYPE_CODES.items()} == {
        "INVOICE": "380",
        "DEPOSIT": "380",
        "FINAL": "380",
        "CORRECTION": "381",
        "CANCELLATION": "384",
        "CREDIT_NOTE": "389",
        "CREDIT_NOTE_CORRECTION": "389",
        "OPENING": "380",
        "DUNNING": "380",
    }


def test_a_deposit_asks_for_its_net_and_vat(scene):
    """P19: 100.00 + 19.00, all of it due; nothing is deducted."""
    document = scene.view(scene.deposit("V-1", "100.00"))

    assert (document.number, document.type_code) == ("RE-000002", "380")
    assert numbers(document) == ["100.00", "19.00", "119.00", "0.00", "119.00"]
    assert document.payment_terms == "Zahlbar ohne Abzug bis zum 15.10.2026."
    assert document.printed == PrintDetails(kind=DocumentKind.DEPOSIT)
    assert XRechnung().cii.check(document) == ()


def two_deposits(scene):
    """The final invoice over 1000.00 after deposits of 100.00 and 200.00, both paid."""
    first, second = scene.deposit("V-1", "100.00"), scene.deposit("V-1", "200.00")
    scene.settle(first, 11_900)
    scene.settle(second, 23_800)
    return scene.view(scene.final("V-1", "1000.00", date="2026-10-20"))


def test_a_final_invoice_shows_and_deducts_two_deposits(scene):
    """1000.00 + 190.00 less 100.00 + 19.00 and 200.00 + 38.00: 700.00 + 133.00 = 833.00."""
    document = two_deposits(scene)

    assert document.type_code == "380"
    assert numbers(document) == ["1000.00", "190.00", "1190.00", "357.00", "833.00"]
    assert document.preceding == (
        PrecedingInvoice(number="RE-000002", issued_on=date(2026, 10, 1)),
        PrecedingInvoice(number="RE-000003", issued_on=date(2026, 10, 1)),
    )
    assert [note.text for note in document.notes] == [
        (
            "abzüglich Anzahlung RE-000002 vom 01.10.2026, erhalten am 20.10.2026:"
            " netto 100,00, USt 19 % 19,00, brutto 119,00"
        ),
        (
            "abzüglich Anzahlung RE-000003 vom 01.10.2026, erhalten am 20.10.2026:"
            " netto 200,00, USt 19 % 38,00, brutto 238,00"
        ),
        "verbleiben: netto 700,00, USt 133,00, brutto 833,00",
    ]
    assert document.payment_terms == (
        "Der Restbetrag von 833,00 EUR ist ohne Abzug bis zum 03.11.2026 zahlbar."
    )
    assert document.printed == PrintDetails(
        kind=DocumentKind.FINAL,
        deposits=DepositTable(
            rows=(
                DepositRow(
                    number="RE-000002",
                    issued_on=date(2026, 10, 1),
                    received_on=date(2026, 10, 20),
                    net=Decimal("100.00"),
                    vat_rate=Decimal(19),
                    vat=Decimal("19.00"),
                    gross=Decimal("119.00"),
                ),
                DepositRow(
                    number="RE-000003",
                    issued_on=date(2026, 10, 1),
                    received_on=date(2026, 10, 20),
                    net=Decimal("200.00"),
                    vat_rate=Decimal(19),
                    vat=Decimal("38.00"),
                    gross=Decimal("238.00"),
                ),
            ),
            remaining_net=Decimal("700.00"),
            remaining_vat=Decimal("133.00"),
        ),
    )
    assert XRechnung().cii.check(document) == ()


def test_the_rest_of_a_final_invoice_is_collected_in_english(database):
    """The pre-notification names the rest, not the whole."""
    scene = ViewScene(database)
    mandate = Mandate("M-1", "DE75512108001245126199", date(2026, 9, 1))
    owner = scene.company.customer(
        payment_method=PaymentMethod.SEPA_DEBIT, mandate=mandate, language="en"
    )
    scene.company.contract(owner, "A-1")
    scene.bill()

    document = two_deposits(scene)

    assert document.payment_terms == (
        "We will collect the remaining EUR 833.00 from your account on 3 Nov 2026 under the"
        " SEPA mandate M-1 (creditor identifier DE98ZZZ09999999999)."
    )
    assert document.printed is not None
    assert document.printed.collect_on == date(2026, 11, 3)
    assert [note.text for note in document.notes] == [
        (
            "less deposit RE-000002 of 1 Oct 2026, received on 20 Oct 2026:"
            " net 100.00, VAT 19 % 19.00, gross 119.00"
        ),
        (
            "less deposit RE-000003 of 1 Oct 2026, received on 20 Oct 2026:"
            " net 200.00, VAT 19 % 38.00, gross 238.00"
        ),
        "remaining: net 700.00, VAT 133.00, gross 833.00",
    ]


def test_a_final_invoice_that_deposits_cover_asks_for_nothing(scene):
    """P19: BT-115 may be 0; then there is no day to pay until, and BT-81 stays (BR-DE-1)."""
    number = scene.deposit("V-1", "100.00")
    scene.settle(number, 11_900)

    document = scene.view(scene.final("V-1", "100.00", date="2026-10-20"))

    assert numbers(document) == ["100.00", "19.00", "119.00", "119.00", "0.00"]
    assert document.payment_terms == (
        "Die Anzahlungen decken den Rechnungsbetrag: Es ist nichts mehr zu zahlen."
    )
    assert (document.due_on, document.payment.means_code) == (None, "58")
    assert XRechnung().cii.check(document) == ()


TO_THE_ACCOUNT = PaymentInstructions(
    means_code="97", means_text="Verrechnung mit dem Kundenkonto", remittance="RK-000001"
)


def test_a_cancellation_takes_all_back_with_negative_quantities(scene):
    """384 with BG-3; the reason stands before the lines."""
    document = scene.view(scene.cancel("RE-000001", "Doppelt berechnet"))

    assert (document.number, document.type_code) == ("RK-000001", "384")
    assert numbers(document) == ["-30.00", "-5.70", "-35.70", "0.00", "-35.70"]
    (line,) = document.lines
    assert (line.quantity, line.price, line.net) == (
        Decimal(-1),
        Decimal(30),
        Decimal("-30.00"),
    )
    assert document.preceding == (
        PrecedingInvoice(number="RE-000001", issued_on=date(2026, 10, 1)),
    )
    assert [note.text for note in document.notes] == ["Grund: Doppelt berechnet"]
    assert document.printed == PrintDetails(
        kind=DocumentKind.CANCELLATION, header_texts=("Grund: Doppelt berechnet",)
    )
    assert document.payment_terms == "Der Betrag wird Ihrem Kundenkonto gutgeschrieben."
    assert (document.due_on, document.payment) == (None, TO_THE_ACCOUNT)
    assert XRechnung().cii.check(document) == ()


def test_a_correction_takes_a_part_back_with_positive_amounts(scene):
    """381 over 10.00 of the line: 10.00 + 1.90."""
    document = scene.view(scene.correct("RE-000001", LinePart(1, amount=Decimal("10.00"))))

    assert (document.number, document.type_code) == ("RK-000001", "381")
    assert numbers(document) == ["10.00", "1.90", "11.90", "0.00", "11.90"]
    assert [line.net for line in document.lines] == [Decimal("10.00")]
    assert [one.number for one in document.preceding] == ["RE-000001"]
    assert [note.text for note in document.notes] == ["Grund: Minderleistung"]
    assert document.payment_terms == "Der Betrag wird Ihrem Kundenkonto gutgeschrieben."
    assert (document.due_on, document.payment) == (None, TO_THE_ACCOUNT)
    assert XRechnung().cii.check(document) == ()


def test_corrections_speak_the_customers_language(database):
    """What we word; the reason is what somebody typed."""
    scene = ViewScene(database)
    scene.company.contract(scene.company.customer(language="en"), "A-1")
    scene.bill()

    document = scene.view(scene.cancel("RE-000001", "billed twice"))

    assert [note.text for note in document.notes] == ["Reason: billed twice"]
    assert document.payment_terms == "The amount will be credited to your customer account."
    assert document.payment.means_text == "Set off against the customer account"


PARTNER: dict[str, Any] = {
    "eu_tax_id": "DE136695976",
    "contact": ContactPerson("Uwe Kern", "+49 40 77", "kern@kunde.example"),
    "leitweg_id": "04011000-12345-03",
}


def credited(database, **partner: Any):
    """The credit note to a partner over twice 50.00 and its VAT."""
    scene = ViewScene(database)
    scene.company.contract(scene.company.customer(**{**PARTNER, **partner}), "A-1")
    return scene, scene.credit("K-1", "V-1")


def test_a_credit_note_has_the_partner_as_seller_and_us_as_buyer(database):
    """389, positive: 100.00 + 19.00; § 14 (4) no. 10 UStG: the word Gutschrift."""
    scene, number = credited(database)

    document = scene.view(number)

    assert (document.number, document.type_code) == ("RK-000001", "389")
    assert numbers(document) == ["100.00", "19.00", "119.00", "0.00", "119.00"]
    assert document.seller.name == "Kunde 1 GmbH"
    assert (document.seller.vat_id, document.seller.tax_number) == ("DE136695976", None)
    assert document.seller.identifiers == (Identifier(value="K-1"),)
    assert document.seller.contact == Contact(
        name="Uwe Kern", phone="+49 40 77", email="kern@kunde.example"
    )
    assert (document.buyer.name, document.buyer.vat_id) == ("Werk GmbH", "DE123456788")
    assert (document.buyer.tax_number, document.buyer.identifiers) == (None, ())
    # The number that we know the partner by; a Leitweg-ID leads to the partner, not to us.
    assert document.buyer_reference == "K-1"
    assert [note.text for note in document.notes] == ["Gutschrift"]
    assert document.printed == PrintDetails(kind=DocumentKind.CREDIT_NOTE)
    assert document.payment_terms == "Der Betrag wird Ihrem Kundenkonto gutgeschrieben."
    assert (document.due_on, document.payment) == (None, TO_THE_ACCOUNT)
    assert XRechnung().cii.check(document) == ()


def test_its_correction_has_negative_quantities_and_names_it(database):
    """389 with BG-3 (domain.md)."""
    scene, number = credited(database, language="en")

    document = scene.view(scene.take_credit_back(number, "wrong month"))

    assert (document.number, document.type_code) == ("RK-000002", "389")
    assert numbers(document) == ["-100.00", "-19.00", "-119.00", "0.00", "-119.00"]
    assert [line.quantity for line in document.lines] == [Decimal(-2)]
    assert document.preceding == (
        PrecedingInvoice(number="RK-000001", issued_on=date(2026, 10, 1)),
    )
    assert [note.text for note in document.notes] == [
        "Correction of a self-billing invoice (Gutschrift)",
        "Reason: wrong month",
    ]
    assert document.payment_terms == "The amount will be charged to your customer account."
    assert XRechnung().cii.check(document) == ()


def test_a_partner_is_called_by_what_is_known_without_naming_a_hidden_person(database):
    """F056, BR-DE-5 to 7: the partner's name, the hidden person's phone, the partner's e-mail."""
    hidden = ContactPerson("Uwe Kern", "+49 40 77", "kern@kunde.example", shown=False)
    scene, number = credited(database, contact=hidden)

    document = scene.view(number)

    assert document.seller.contact == Contact(
        name="Kunde 1 GmbH", phone="+49 40 77", email="kunde1@example.com"
    )
    assert "Kern" not in document.model_dump_json()
    assert XRechnung().cii.check(document) == ()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"contact": None}, "BR-DE-6"),
        ({"contact": ContactPerson("Uwe Kern", "", "kern@kunde.example")}, "BR-DE-6"),
        ({"contact": ContactPerson("", "+49 40 77"), "email": ""}, "BR-DE-7"),
    ],
)
def test_a_partner_who_cannot_be_called_or_written_is_found(database, changes, rule):
    """The phone and an e-mail address are mandatory (F110)."""
    scene, number = credited(database, **changes)

    findings = [one.rule for one in XRechnung().cii.check(scene.view(number))]

    assert rule in findings


def test_a_collective_invoice_keeps_each_contracts_texts(database):
    """F053: header and footer with the contract's number; BT-13 is the order they all have."""
    scene = ViewScene(database, replace(TENANT, collective_invoices=True))
    owner = scene.company.customer(order_reference="PO-K")
    first = scene.company.contract(owner, "A-1")
    scene.rewrite(first, header_text="Für die Zentrale")
    second = scene.company.contract(replace(owner, number="K-2"), "A-2")
    scene.rewrite(second, footer_text="Danke, Filiale")
    scene.bill()

    document = scene.view("RE-000001")

    assert (document.contract_reference, document.order_reference) == (None, "PO-K")
    assert [line.note for line in document.lines] == ["Vertrag V-1", "Vertrag V-2"]
    assert document.printed == PrintDetails(
        kind=DocumentKind.INVOICE,
        header_texts=("Vertrag V-1: Für die Zentrale",),
        footer_texts=("Vertrag V-2: Danke, Filiale",),
    )
    assert [note.text for note in document.notes] == [
        "Vertrag V-1: Für die Zentrale",
        "Vertrag V-2: Danke, Filiale",
    ]
    assert numbers(document) == ["39.90", "6.39", "46.29", "0.00", "46.29"]

"""Deposits and final invoices as e-invoices: BT-3 380, BT-113, BT-115, BG-3 and the table (F061)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.services.company import XRechnung
from tests.services.documents.view_scene import without_keys

from faktura.services.invoice_view import invoice_document
from faktura.store.documents import read_document


@pytest.fixture
def seen(scene):
    """A document as formats see it."""

    def call(number):
        with scene.database.read(scene.tenant.id) as tx:
            return invoice_document(read_document(tx, number))

    return call


@pytest.fixture
def electronic(scene):
    """The scene, every document of which must be a right XRechnung."""
    scene.company.tenant = replace(scene.tenant, document_format="xrechnung-cii")
    return scene


def test_a_deposit_is_a_380_over_what_is_asked_for(electronic, seen):
    """P19: 386 makes validators warn. Nothing is prepaid, all of it is due."""
    document = seen(electronic.net("100.00").number)

    assert document.type_code == "380"
    assert (document.totals.prepaid, document.totals.due) == (Decimal("0.00"), Decimal("119.00"))


def test_a_gross_amount_that_is_no_net_plus_its_vat_is_a_right_xrechnung(electronic, seen):
    """1000.39 + 190.08: BR-CO-17 leaves the cent of room that 1190.47 needs."""
    number = electronic.gross("1190.47").number

    assert XRechnung().cii.check(seen(number)) == ()


def test_a_final_invoice_says_what_is_prepaid_and_for_which_deposits(electronic, seen):
    """1190.00 less 119.00: BT-113 119.00, BT-115 1071.00, BG-3 the deposit, the table as notes."""
    electronic.net("100.00")
    electronic.pay("119.00", "RE-000004")

    document = seen(electronic.final_over("1000.00").number)

    totals = document.totals
    assert (totals.net, totals.vat, totals.gross, totals.prepaid, totals.due) == (
        Decimal("1000.00"),
        Decimal("190.00"),
        Decimal("1190.00"),
        Decimal("119.00"),
        Decimal("1071.00"),
    )
    assert document.type_code == "380"
    assert [note.text for note in document.notes] == [
        (
            "abzüglich Anzahlung RE-000004 vom 01.10.2026, erhalten am 03.11.2026:"
            " netto 100,00, USt 19 % 19,00, brutto 119,00"
        ),
        "verbleiben: netto 900,00, USt 171,00, brutto 1.071,00",
    ]
    assert [one.number for one in document.preceding] == ["RE-000004"]
    assert XRechnung().cii.check(document) == ()
    assert b"<ram:TotalPrepaidAmount>119.00<" in XRechnung().cii.render(document)


def test_a_final_invoice_with_nothing_left_to_pay_is_right(electronic, seen):
    """P19: BT-115 may be 0."""
    electronic.gross("119.00")
    electronic.pay("119.00", "RE-000004")

    document = seen(electronic.final_over("100.00").number)

    assert document.totals.due == Decimal("0.00")
    assert XRechnung().cii.check(document) == ()


def test_a_deposit_made_of_a_payment_asks_for_nothing(electronic, seen):
    """119.00 were there before: BT-113 119.00, BT-115 0, and the day of receipt instead of a term."""
    electronic.keep("119.00")

    document = seen(electronic.from_receipt("119.00", "2026-11-05").number)

    assert (document.totals.prepaid, document.totals.due) == (Decimal("119.00"), Decimal("0.00"))
    assert document.payment_terms == (
        "Der Betrag wurde am 05.11.2026 erhalten: Es ist nichts mehr zu zahlen."
    )
    assert document.due_on is None
    assert XRechnung().cii.check(document) == ()


def test_a_deposit_that_an_earlier_version_made_of_a_payment_still_reads(electronic, seen):
    """Its snapshot does not say so: it is a deposit that asks for its amount, as it was sent."""
    electronic.keep("119.00")
    number = electronic.from_receipt("119.00", "2026-11-05").number
    with electronic.database.read(electronic.tenant.id) as tx:
        record = read_document(tx, number)

    older = without_keys(record, "paidBy", "buyer.phone")

    assert invoice_document(older).totals.due == Decimal("119.00")

"""Deposits and final invoices that are taken back: their VAT is taken back with the money (F061)."""

from datetime import date
from decimal import Decimal

import pytest
from tests.services.bank.statement_files import moved, returned, statement

from faktura.kernel.errors import Conflict

SETTLED = {"1593": Decimal(0), "1718": Decimal(0), "1776": Decimal("-53.20")}


def test_a_returned_payment_takes_back_exactly_its_vat(scene):
    """119.00 come in and go back: 19.00 of VAT are due on 3 November and no longer on the 9th."""
    scene.net("100.00")
    scene.upload(
        statement(
            moved("119.00", "RE-000004", on=date(2026, 11, 3), end_to_end_id="E-1"),
            returned("-122.00", original="119.00", on=date(2026, 11, 9), end_to_end_id="E-1"),
        )
    )

    assert scene.postings("rcv:") == [
        "2026-11-03: D 1593 119.00, C 1718 100.00, C 1776 19.00",
        "2026-11-09: C 1593 119.00, D 1718 100.00, D 1776 19.00",
    ]
    assert scene.open()["RE-000004"] == "119.00 EUR"
    assert scene.violations() == []


def test_a_deposit_nobody_paid_is_cancelled_by_reversing_the_request(scene):
    """-119.00: 1593 to debtor; nothing was taxed, nothing is open."""
    scene.net("100.00")

    document = scene.cancel("RE-000004")

    assert scene.postings("cor:") == ["2026-10-01: C 1400 119.00, D 1593 119.00"]
    assert scene.postings("rcv:") == []
    assert {"RE-000004", document.number}.isdisjoint(scene.open())
    assert scene.balance(*SETTLED) == SETTLED
    assert scene.violations() == []


def test_the_money_of_a_cancelled_deposit_is_credit_again_without_vat(scene):
    """119.00 were paid; cancelled on 1 December, the VAT of 19.00 is taken back on that day."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004", date(2026, 11, 3))

    document = scene.cancel("RE-000004")

    day = document.draft.issued_on
    assert scene.postings("rcv:") == [
        "2026-11-03: D 1593 119.00, C 1718 100.00, C 1776 19.00",
        f"{day}: C 1593 119.00, D 1718 100.00, D 1776 19.00",
    ]
    assert {"RE-000004", document.number}.isdisjoint(scene.open())
    assert str(scene.account_of(0)[-1].balance_after) == "-83.30 EUR"
    assert scene.balance(*SETTLED) == SETTLED
    assert scene.violations() == []


def test_credit_of_a_cancelled_deposit_can_be_another_deposit(scene):
    """The 119.00 of 3 November become 60.00 and leave 59.00; VAT of 9.58 is due since then."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004", date(2026, 11, 3))
    scene.cancel("RE-000004")

    scene.from_receipt("60.00", "2026-11-03")

    assert scene.postings("rcv:")[-1] == "2026-11-03: D 1593 60.00, C 1718 50.42, C 1776 9.58"
    assert scene.violations() == []


def test_a_deducted_deposit_is_not_cancelled_before_its_final_invoice(scene):
    """The final invoice would deduct what nobody paid."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004")
    final = scene.final_over("1000.00")

    with pytest.raises(Conflict, match=f"{final.number} deducts RE-000004"):
        scene.cancel("RE-000004")


def test_a_cancelled_final_invoice_gives_its_deposits_back(scene):
    """1190.00 less 119.00, cancelled: the deposit is received as before and is deducted anew."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004")
    final = scene.final_over("1000.00")

    cancellation = scene.cancel(final.number)

    assert scene.postings(f"ded:{cancellation.number}") == [
        "2026-10-01: C 1718 100.00, C 1776 19.00, D 1400 119.00"
    ]
    assert {final.number, cancellation.number}.isdisjoint(scene.open())
    assert scene.balance("1593", "1718", "1776") == {
        "1593": Decimal(0),
        "1718": Decimal("-100.00"),
        "1776": Decimal("-72.20"),
    }
    assert [one.deducted_by for one in scene.deposits()] == [None]
    assert scene.violations() == []

    again = scene.final_over("500.00")

    assert [one.number for one in again.draft.deposits] == ["RE-000004"]
    assert scene.open()[again.number] == "476.00 EUR"
    assert scene.balance("1718", "1776") == {"1718": Decimal(0), "1776": Decimal("-148.20")}
    assert scene.violations() == []

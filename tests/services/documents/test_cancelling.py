"""Cancelling an invoice, and billing it again, on both databases (F064, F067, P18)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest
from tests.services.documents.correction_scene import CorrectionScene

from faktura.domain.line_parts import LinePart
from faktura.domain.numbering import NumberFormat
from faktura.kernel.errors import Conflict, NotFound, OutOfRange, TransitionRefused
from faktura.kernel.terms import ContractState
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.rebilling import rebill_invoice
from faktura.store.billable import view_of
from faktura.store.contracts import update_states
from faktura.store.database import Database
from faktura.store.numbers import RangeFormat
from faktura.store.subscriptions import end_items

NOV = date(2026, 11, 1)


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> CorrectionScene:
    """A company with XRechnung and no contracts."""
    return CorrectionScene(database, tmp_path)


def cancel(scene: CorrectionScene, number: str, **given: object) -> str:
    """Cancel an invoice; the number of the cancellation."""
    with scene.write() as tx:
        return cancel_invoice(tx, scene.desk, number, Cancelling(**given)).number  # type: ignore[arg-type]


def test_an_unpaid_invoice_of_two_rates_is_mirrored_and_settled(scene: CorrectionScene):
    """F064: 30.00 at 19 % and 9.90 at 7 %: -5.70 and -0.69; nothing is open any more."""
    customer = scene.company.customer()
    scene.company.contract(customer, "A-1", "A-2")
    scene.bill()

    number = cancel(scene, "RE-000001", reason="Falscher Kunde")

    assert number == "RK-000001"
    assert scene.totals() == {"RE-000001": "39.90 6.39 46.29", "RK-000001": "-39.90 -6.39 -46.29"}
    assert scene.vat("RK-000001") == ["19 -30.00 -5.70", "7 -9.90 -0.69"]
    assert (scene.open(), scene.balance(customer.id)) == ({}, "0.00")
    assert scene.legs("inv:RE-000001") == [
        "D 1400 46.29", "C 8400 30.00", "C 8300 9.90", "C 1776 5.70", "C 1771 0.69",
    ]  # fmt: skip
    assert scene.legs("cor:RK-000001") == [
        "C 1400 46.29", "D 8400 30.00", "D 8300 9.90", "D 1776 5.70", "D 1771 0.69",
    ]  # fmt: skip
    assert sorted(scene.events()[-2:]) == ["INVOICECORRECTION_CREATED", "INVOICE_CANCELLED"]
    assert scene.violations() == []


def test_a_cancellation_is_printed_as_384_with_negative_quantities(scene: CorrectionScene):
    """domain.md, BR-DE-26: it names the invoice, asks for nothing, and passes XRechnung."""
    scene.company.contract(scene.company.customer(), "A-1", quantity=Decimal(2))
    scene.bill()
    number = cancel(scene, "RE-000001", reason="Falscher Kunde")

    paper = scene.printed(number)

    assert paper.type_code == "384"
    assert [(one.number, one.issued_on) for one in paper.preceding] == [
        ("RE-000001", date(2026, 10, 1))
    ]
    (line,) = paper.lines
    assert (line.quantity, line.price, line.net) == (Decimal(-2), Decimal(30), Decimal("-60.00"))
    assert (paper.totals.gross, paper.totals.due) == (Decimal("-71.40"), Decimal("-71.40"))
    assert (paper.due_on, paper.payment.means_code) == (None, "97")
    assert paper.payment_terms == "Der Betrag wird Ihrem Kundenkonto gutgeschrieben."
    assert paper.notes[0].text == "Grund: Falscher Kunde"
    assert scene.findings(number) == []


def test_what_it_billed_waits_and_the_next_run_bills_it_again(scene: CorrectionScene):
    """F064: the month and the one-off are billed once more, each day exactly once."""
    contract = scene.company.contract(scene.company.customer(), "A-1")
    scene.company.one_off(contract, "A-4", unit_price=Decimal("10.00"), text="Einrichtung")
    scene.bill()

    cancel(scene, "RE-000001")

    assert scene.waiting() == ["2026-10-01 2026-10-02", "2026-10-01 2026-11-01"]
    assert scene.violations() == []
    scene.bill()
    assert scene.totals()["RE-000002"] == "40.00 7.60 47.60"
    assert scene.waiting() == []
    assert {line.description for line in scene.document("RE-000002").lines} == {
        "Membership by the month", "Einrichtung",
    }  # fmt: skip
    scene.bill(NOV)
    assert scene.totals()["RE-000003"] == "30.00 5.70 35.70"
    assert scene.violations() == []


def test_without_billing_again_the_time_counts_as_billed_for_nothing(scene: CorrectionScene):
    """F064: no run bills October again, and no day is missing."""
    contract = scene.company.contract(scene.company.customer(), "A-1")
    scene.company.one_off(contract, "A-4", unit_price=Decimal("10.00"))
    scene.bill()

    cancel(scene, "RE-000001", bill_again=False)
    scene.bill()

    assert (scene.waiting(), list(scene.totals())) == ([], ["RE-000001", "RK-000001"])
    scene.bill(NOV)
    assert scene.totals()["RE-000002"] == "30.00 5.70 35.70"
    assert scene.violations() == []


def test_what_was_paid_stays_visible_credit(scene: CorrectionScene):
    """domain.md: 35.70 of which 20.00 are paid: 15.70 are settled, 20.00 are ours to give back."""
    customer = scene.company.customer()
    scene.company.contract(customer, "A-1")
    scene.bill()
    scene.pay("RE-000001", 2_000)

    cancel(scene, "RE-000001")

    assert scene.open() == {"RK-000001": "-20.00"}
    assert scene.balance(customer.id) == "-20.00"
    assert scene.violations() == []


def test_an_item_that_ended_meanwhile_is_billed_until_its_end(scene: CorrectionScene):
    """F064: only what still is to be billed is: 10 of 31 days of 30.00 are 9.68."""
    contract = scene.company.contract(scene.company.customer(), "A-1")
    scene.bill()
    with scene.write() as tx:
        (item,) = view_of(tx, contract.id).items
        end_items(tx, [replace(item, until=date(2026, 10, 11))])

    cancel(scene, "RE-000001")
    scene.bill()

    assert scene.totals()["RE-000002"] == "9.68 1.84 11.52"
    assert scene.violations() == []


def test_it_is_refused_once_any_part_is_corrected(scene: CorrectionScene):
    """F064: neither a partly corrected nor a cancelled invoice is cancelled, nor a correction."""
    scene.company.contract(scene.company.customer(), "A-1")
    scene.company.contract(scene.company.customer(), "A-1")
    scene.bill()
    cancel(scene, "RE-000001")
    with scene.write() as tx:
        part = Correcting((LinePart(1, percent=Decimal(10)),), "Kulanz")
        correct_invoice(tx, scene.desk, "RE-000002", part)

    for number, said in (
        ("RE-000001", "is corrected by RK-000001"),
        ("RE-000002", "is corrected by RK-000002"),
        ("RK-000001", "of kind CANCELLATION"),
    ):
        with pytest.raises(Conflict, match=said) as refused:
            cancel(scene, number)
        assert "F064" in refused.value.problem
    with pytest.raises(NotFound):
        cancel(scene, "RE-000099")
    assert len(scene.totals()) == 4


def test_a_day_before_the_invoice_is_refused(scene: CorrectionScene):
    """A cancellation is never older than what it cancels; without a day it is of the same day."""
    scene.company.contract(scene.company.customer(), "A-1", start=NOV)
    scene.bill(NOV)

    with pytest.raises(OutOfRange, match="issued on 2026-11-01") as refused:
        cancel(scene, "RE-000001", on=date(2026, 10, 31))
    assert refused.value.place == "date"

    assert scene.document(cancel(scene, "RE-000001")).issued_on == NOV


def test_an_ended_contract_is_not_billed_again_by_a_run(scene: CorrectionScene):
    """F004: ended is final; the invoice is cancelled for good, or rebilled at once."""
    contract = scene.company.contract(scene.company.customer(), "A-1", until=NOV)
    scene.bill()
    ended = replace(contract, state=ContractState.ENDED, end=NOV)
    with scene.write() as tx:
        update_states(tx, [ended])

    with pytest.raises(TransitionRefused, match="is ENDED") as refused:
        cancel(scene, "RE-000001")
    assert refused.value.place == "billAgain"

    with scene.write() as tx:
        documents = rebill_invoice(tx, scene.desk, "RE-000001", Cancelling())
    assert [one.number for one in documents] == ["RK-000001", "RE-000002"]
    assert scene.violations() == []


def test_a_kind_has_its_own_range_once_it_is_set_up(scene: CorrectionScene):
    """F062: cancellations count on their own from then on; no range has a gap."""
    scene.company.contract(scene.company.customer(), "A-1")
    scene.company.contract(scene.company.customer(), "A-1")
    scene.bill()
    cancel(scene, "RE-000001")
    start = date(2026, 10, 2)
    scene.start_range(RangeFormat("CANCELLATION", start, NumberFormat("ST-", 4), 1))

    assert cancel(scene, "RE-000002", on=start) == "ST-0001"

    assert scene.violations() == []
    with pytest.raises(Conflict, match="CANCELLATION"):
        scene.start_range(RangeFormat("FINAL", date(2027, 1, 1), NumberFormat("ST-1", 4), 1))


def test_of_two_cancels_at_once_one_wins(scene: CorrectionScene):
    """P47: the second waits for the customer's account, and then finds the invoice corrected."""
    scene.company.contract(scene.company.customer(), "A-1")
    scene.bill()
    done: list[str] = []

    def try_it() -> None:
        try:
            done.append(cancel(scene, "RE-000001"))
        except Conflict as refused:
            done.append(refused.code)

    threads = [Thread(target=try_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == ["RK-000001", "conflict"]
    assert scene.violations() == []

"""Claims that are given up, and live again, on both databases (§ 17 UStG)."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.services.accounting.money import MoneyScene
from tests.services.bank.statement_files import moved, returned, statement

from faktura.domain.events import EventType
from faktura.domain.line_parts import LinePart
from faktura.domain.payment_state import PaymentState
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import Conflict, OutOfRange, TransitionRefused
from faktura.kernel.terms import Chart
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.posting import set_account
from faktura.store.database import Database
from faktura.store.document_lists import PaidAsOf, Wanted, list_documents
from faktura.store.documents import read_document
from faktura.store.invoice_details import invoice_details
from faktura.store.settlements import read_settled

LATER = date(2026, 12, 24)


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> MoneyScene:
    """Three invoices."""
    return MoneyScene(database, tmp_path / "content")


def states(scene: MoneyScene) -> dict[str, str]:
    """Where each document's payment stands in the list, and whether one document says the same."""
    with scene.database.read(scene.tenant.id) as tx:
        found = {row.number: row.state(LATER).value for row in list_documents(tx)}
        for number, state in found.items():
            assert invoice_details(tx, number, None).state(LATER) == state
            settled = read_settled(tx, read_document(tx, number))
            given_up = settled.written_off and not settled.open
            assert given_up is (state == "WRITTEN_OFF")
            (listed,) = (
                row.number
                for row in list_documents(tx, Wanted(paid=PaidAsOf(PaymentState(state), LATER)))
                if row.number == number
            )
            assert listed == number
    return found


def test_what_is_written_off_is_open_no_more_and_says_so(scene: MoneyScene):
    """5.70 of 35.70 are VAT; RE-000002 was paid, of RE-000003 nothing."""
    scene.record("RE-000002", "100.00")

    done = scene.write_off("RE-000001")

    assert (str(done.amount), str(done.tax), str(done.open)) == (
        "35.70 EUR",
        "5.70 EUR",
        "0.00 EUR",
    )
    assert states(scene) == {
        "RE-000001": "WRITTEN_OFF", "RE-000002": "PAID", "RE-000003": "OVERDUE",
    }  # fmt: skip
    posted = scene.account_of(0)[-1]
    assert (posted.fact.value, posted.text, posted.remittance, str(posted.balance_after)) == (
        "WRITE_OFF", "Ausbuchung RE-000001", "Insolvenz", "0.00 EUR",
    )  # fmt: skip
    assert scene.events("RE-000001")[-1][1] == EventType.INVOICE_WRITTEN_OFF
    assert scene.violations() == []


def test_parts_sum_to_the_vat_of_the_document(scene: MoneyScene):
    """0.01, 10.00 and the rest of 35.70: 0.00, 1.60 and 4.10 of VAT are 5.70.

    10.01 x 5.70 / 35.70 = 1.5982; what comes before counts: 1.60 - 0.00, then 5.70 - 1.60.
    """
    parts = [scene.write_off("RE-000001", amount=one) for one in ("0.01", "10.00")]
    parts.append(scene.write_off("RE-000001"))

    assert [str(one.tax.decimal) for one in parts] == ["0.00", "1.60", "4.10"]
    assert [str(one.open.decimal) for one in parts] == ["35.69", "25.69", "0.00"]
    assert str(scene.recover("RE-000001")) == "35.70 EUR"
    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.events("RE-000001")[-1][1] == EventType.INVOICE_SET_UNPAID
    again = scene.write_off("RE-000001", amount="10.00")
    assert str(again.tax.decimal) == "1.60"
    assert states(scene)["RE-000001"] == "OVERDUE"
    assert scene.violations() == []


def test_money_for_a_written_off_document_needs_it_undone(scene: MoneyScene):
    """The VAT lives again with the claim: undo, then record."""
    scene.write_off("RE-000001")
    with pytest.raises(TransitionRefused, match="written off"):
        scene.record("RE-000001", "35.70")

    scene.recover("RE-000001")
    scene.record("RE-000001", "20.00")
    rest = scene.write_off("RE-000001")

    assert (str(rest.amount.decimal), str(rest.tax.decimal)) == ("15.70", "2.51")
    assert scene.violations() == []


def test_money_from_the_bank_needs_it_undone_as_well(scene: MoneyScene):
    """It waits; assigned to the document it would be credit, and its VAT stay corrected."""
    scene.write_off("RE-000001")
    scene.upload(statement(moved("35.70", "RE-000001")))
    with pytest.raises(TransitionRefused, match="RE-000001 was written off"):
        scene.assign("RE-000001")

    scene.recover("RE-000001")
    scene.assign("RE-000001")

    assert states(scene)["RE-000001"] == "PAID"
    assert str(scene.account_of(0)[-1].balance_after) == "0.00 EUR"
    assert scene.violations() == []


def test_drafts_are_posted_in_the_order_in_which_they_came(database: Database, tmp_path: Path):
    """F106: a chart of one's own has no accounts; what takes an entry back stands behind it."""
    scene = MoneyScene(database, tmp_path / "content", chart=Chart.OWN)
    scene.write_off("RE-000001")
    assert isinstance(database.clock, FixedClock)
    database.clock.advance(timedelta(hours=1))
    scene.recover("RE-000001")

    with database.write(scene.tenant.id) as tx:
        for key, account in (
            ("RECEIVABLES", "1400"),
            ("REVENUE", "8400"),
            ("VAT", "1776"),
            ("WRITE_OFF", "2400"),
        ):
            set_account(tx, key, account)

    assert scene.posted()[-2:] == [
        "WRITE_OFF: S 2400 30.00, S 1776 5.70, H 1400 35.70",
        "RECOVERY: H 2400 30.00, H 1776 5.70, S 1400 35.70",
    ]
    assert scene.violations() == []


def test_what_was_corrected_is_not_corrected_again(scene: MoneyScene):
    """297.50 less 119.00: the rest of 178.50 has 28.50 of VAT. A written-off one is not corrected."""
    part = Correcting((LinePart(1, amount=Decimal("100.00")),), "Kulanz")
    with scene.database.write(scene.tenant.id) as tx:
        correct_invoice(tx, scene.desk, "RE-000003", part)

    done = scene.write_off("RE-000003")

    assert (str(done.amount.decimal), str(done.tax.decimal)) == ("178.50", "28.50")
    with scene.database.write(scene.tenant.id) as tx, pytest.raises(Conflict, match="written off"):
        correct_invoice(tx, scene.desk, "RE-000003", part)
    with pytest.raises(Conflict, match="written off"):
        scene.cancel("RE-000003")
    assert scene.violations() == []


def test_a_debit_that_comes_back_after_the_rest_was_written_off_is_owed(scene: MoneyScene):
    """20.00 of 35.70 were paid, 15.70 given up with 2.51 of VAT; the 20.00 have the other 3.19."""
    scene.record("RE-000001", "20.00", reference="B-1")
    assert str(scene.write_off("RE-000001").tax) == "2.51 EUR"
    scene.upload(statement(returned("-20.00", "?", original="20.00")))
    scene.assign("RE-000001")
    assert states(scene)["RE-000001"] == "OVERDUE"

    done = scene.write_off("RE-000001")

    assert (str(done.amount), str(done.tax)) == ("20.00 EUR", "3.19 EUR")
    assert str(scene.recover("RE-000001")) == "35.70 EUR"
    assert scene.balance("1400", "2406", "1776") == {
        "1400": Decimal("433.20"), "2406": Decimal(0), "1776": Decimal("-53.20"),
    }  # fmt: skip
    assert scene.violations() == []


def test_what_is_not_owed_is_not_written_off(scene: MoneyScene):
    """More than is open, nothing open, a deposit, a day before the invoice, nothing to undo."""
    with pytest.raises(TransitionRefused, match=r"35\.70 EUR are open"):
        scene.write_off("RE-000001", amount="35.71")
    with pytest.raises(OutOfRange, match="issued on"):
        scene.write_off("RE-000001", date="2026-09-30")
    with pytest.raises(OutOfRange):
        scene.write_off("RE-000001", date="2029-09-30")
    with pytest.raises(Conflict, match="nothing"):
        scene.recover("RE-000001")
    deposit = scene.net("100.00").number
    with pytest.raises(TransitionRefused, match="DEPOSIT"):
        scene.write_off(deposit)
    scene.record("RE-000002", "100.00")
    with pytest.raises(TransitionRefused, match="nothing is owed"):
        scene.write_off("RE-000002")

"""Correcting parts of an invoice, on both databases (F066, P15, P18)."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.services.documents.correction_scene import CorrectionScene

from faktura.domain.discounts import Discount
from faktura.domain.line_parts import LinePart
from faktura.domain.payment_state import PaymentState
from faktura.kernel.errors import (
    Conflict,
    FakturaError,
    FieldInvalid,
    FieldMissing,
    FieldRepeated,
    NegativeTotal,
    NotFound,
    OutOfRange,
)
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.correcting import Correcting, correct_invoice
from faktura.store.database import Database
from faktura.store.document_lists import PaidAsOf, Wanted, list_documents
from faktura.store.invoice_details import invoice_details

THIRD = Decimal("33.33")
NOV = date(2026, 11, 1)


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> CorrectionScene:
    """A company with XRechnung and no contracts."""
    return CorrectionScene(database, tmp_path)


@pytest.fixture
def ten(scene: CorrectionScene) -> CorrectionScene:
    """RE-000001 over 10.00 net, 1.90 VAT: 0.04 machines at 250.00."""
    scene.company.contract(scene.company.customer(), "A-4", quantity=Decimal("0.04"))
    scene.bill()
    return scene


def correct(scene: CorrectionScene, *parts: LinePart, number: str = "RE-000001") -> str:
    """Correct an invoice; the number of the correction."""
    with scene.write() as tx:
        return correct_invoice(tx, scene.desk, number, Correcting(parts, "Kulanz")).number


def states(scene: CorrectionScene) -> dict[str, str]:
    """Number and state of all documents, by list, and each as its own page says it."""
    with scene.database.read(scene.tenant.id) as tx:
        rows = list_documents(tx)
        found = {row.number: row.state(NOV).value for row in rows}
        assert found == {
            row.number: invoice_details(tx, row.number, None).state(NOV) for row in rows
        }
        for state in PaymentState:
            listed = list_documents(tx, Wanted(paid=PaidAsOf(state, NOV)))
            expected = {number for number, one in found.items() if one == state}
            assert {row.number for row in listed} == expected
    return dict(sorted(found.items()))


def test_thirds_add_up_to_the_invoice_to_the_cent(ten: CorrectionScene):
    """P18: 33.33 % twice, then the rest; VAT of each alone would come to 1.89, not to 1.90."""
    first = correct(ten, LinePart(1, percent=THIRD))
    assert ten.open() == {"RE-000001": "7.94"}
    correct(ten, LinePart(1, percent=THIRD))
    correct(ten, LinePart(1))

    assert ten.totals() == {
        "RE-000001": "10.00 1.90 11.90",
        "RK-000001": "-3.33 -0.63 -3.96",
        "RK-000002": "-3.33 -0.64 -3.97",
        "RK-000003": "-3.34 -0.63 -3.97",
    }
    assert ten.open() == {}
    assert ten.legs(f"cor:{first}") == ["C 1400 3.96", "D 8400 3.33", "D 1776 0.63"]
    assert ten.legs("cor:RK-000002") == ["C 1400 3.97", "D 8400 3.33", "D 1776 0.64"]
    assert states(ten)["RE-000001"] == "CORRECTED"
    assert ten.violations() == []
    with pytest.raises(Conflict, match="nothing is left of RE-000001") as refused:
        correct(ten, LinePart(1))
    assert "F064" in refused.value.problem


def test_a_correction_is_printed_as_381_with_positive_amounts(ten: CorrectionScene):
    """domain.md, P18: never below zero on paper; it names the invoice and passes XRechnung."""
    paper = ten.printed(correct(ten, LinePart(1, percent=THIRD)))

    assert paper.type_code == "381"
    (line,) = paper.lines
    assert (line.quantity, line.price, line.net) == (Decimal(1), Decimal("3.33"), Decimal("3.33"))
    (vat,) = paper.vat
    assert (vat.taxable, vat.tax) == (Decimal("3.33"), Decimal("0.63"))
    totals = paper.totals
    assert (totals.lines, totals.gross, totals.due) == (
        Decimal("3.33"), Decimal("3.96"), Decimal("3.96"),
    )  # fmt: skip
    assert [one.number for one in paper.preceding] == ["RE-000001"]
    assert (paper.due_on, paper.payment.means_code, paper.payment.transfers) == (None, "97", ())
    assert ten.findings("RK-000001") == []


def test_what_was_billed_stays_billed(ten: CorrectionScene):
    """F066: a correction makes October cheaper, it does not bill it again."""
    correct(ten, LinePart(1))

    ten.bill()

    assert (ten.waiting(), list(ten.totals())) == ([], ["RE-000001", "RK-000001"])


def test_a_part_is_an_amount_a_quantity_or_per_cent(scene: CorrectionScene):
    """F066: of 2 x 30.00 half a month, and 5.00 of 9.90; each rounded once."""
    scene.company.contract(scene.company.customer(), "A-1", "A-2", quantity=Decimal(2))
    scene.bill()

    correct(scene, LinePart(1, quantity=Decimal("0.5")), LinePart(2, amount=Decimal("5.00")))

    assert scene.totals()["RK-000001"] == "-20.00 -3.20 -23.20"
    assert scene.vat("RK-000001") == ["19 -15.00 -2.85", "7 -5.00 -0.35"]
    assert scene.violations() == []


def test_a_discounted_line_is_corrected_from_what_was_charged(scene: CorrectionScene):
    """P15: of 30.00 less 10 % half is 13.50; its VAT falls from 5.13 to 2.57, so by 2.56."""
    off = Discount(percent=Decimal(10), reason="Treue")
    scene.company.contract(scene.company.customer(), "A-1", discount=off)
    scene.company.contract(scene.company.customer(), "A-1", discount=off)
    scene.bill()

    correct(scene, LinePart(1, percent=Decimal(50)))
    correct(scene, LinePart(1), number="RE-000002")

    assert scene.totals()["RK-000001"] == "-13.50 -2.56 -16.06"
    assert scene.totals()["RK-000002"] == "-27.00 -5.13 -32.13"
    (line,) = scene.printed("RK-000002").lines
    (allowance,) = line.allowances
    assert (line.quantity, line.net, allowance.amount, allowance.base) == (
        Decimal(1), Decimal("27.00"), Decimal("3.00"), Decimal("30.00"),
    )  # fmt: skip
    assert scene.findings("RK-000002") == []
    assert scene.violations() == []


def test_the_states_of_documents_that_were_taken_back(scene: CorrectionScene):
    """F064: cancelled, corrected in part, and as they were; lists and pages say the same."""
    for _ in range(3):
        scene.company.contract(scene.company.customer(), "A-1")
    scene.bill()
    scene.pay("RE-000002", 3_570)
    with scene.write() as tx:
        cancel_invoice(tx, scene.desk, "RE-000001", Cancelling())
    correct(scene, LinePart(1, amount=Decimal("10.00")), number="RE-000002")
    correct(scene, LinePart(1, amount=Decimal("10.00")), number="RE-000003")

    assert states(scene) == {
        "RE-000001": "CANCELLED",
        "RE-000002": "PAID",
        "RE-000003": "OVERDUE",
        "RK-000001": "PAID",
        "RK-000002": "CREDIT",
        "RK-000003": "PAID",
    }


@pytest.mark.parametrize(
    ("parts", "error", "said"),
    [
        ((), FieldMissing, "no line is named"),
        ((LinePart(2),), NotFound, "has no line 2"),
        ((LinePart(1), LinePart(1)), FieldRepeated, "named twice"),
        ((LinePart(1, amount=Decimal("10.01")),), OutOfRange, "10.00 EUR are left"),
        ((LinePart(1, Decimal(1), Decimal(1)),), FieldInvalid, "three ways"),
        ((LinePart(1, percent=Decimal("0.01")),), OutOfRange, "cannot be taken back"),
    ],
)
def test_what_cannot_be_taken_back_is_refused(
    ten: CorrectionScene, parts: tuple[LinePart, ...], error: type[FakturaError], said: str
):
    """F066: no number is spent, nothing changes."""
    with pytest.raises(error, match=said):
        correct(ten, *parts)
    assert list(ten.totals()) == ["RE-000001"]


def test_a_correction_never_asks_for_money(scene: CorrectionScene):
    """P18: taking a voucher of 50.00 back would cost the customer more: rebill instead."""
    contract = scene.company.contract(scene.company.customer(), "A-4")
    scene.company.one_off(contract, "A-4", unit_price=Decimal("-50.00"), text="Gutschein")
    scene.bill()

    with pytest.raises(NegativeTotal, match=r"ask for 59\.50 EUR more"):
        correct(scene, LinePart(2))
    assert correct(scene, LinePart(1), LinePart(2)) == "RK-000001"
    assert scene.totals()["RK-000001"] == "-200.00 -38.00 -238.00"
    assert scene.violations() == []


def test_corrections_never_give_more_than_the_invoice_charged(scene: CorrectionScene):
    """P18: of 238.00 after a voucher not 297.50, also not in parts; line and voucher go together."""
    customer = scene.company.customer()
    contract = scene.company.contract(customer, "A-4")
    scene.company.one_off(contract, "A-4", unit_price=Decimal("-50.00"), text="Gutschein")
    scene.bill()

    with pytest.raises(NegativeTotal, match=r"238\.00 EUR are left: 297\.50 EUR are more"):
        correct(scene, LinePart(1))
    assert correct(scene, LinePart(1, amount=Decimal("150.00"))) == "RK-000001"
    with pytest.raises(NegativeTotal, match=r"59\.50 EUR are left: 119\.00 EUR are more"):
        correct(scene, LinePart(1))
    assert correct(scene, LinePart(1), LinePart(2)) == "RK-000002"
    assert scene.totals()["RK-000002"] == "-50.00 -9.50 -59.50"
    assert (scene.open(), scene.balance(customer.id)) == ({}, "0.00")
    assert scene.violations() == []

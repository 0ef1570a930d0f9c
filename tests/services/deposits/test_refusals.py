"""What deposits and final invoices refuse by name, writing nothing (F061)."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError
from tests.services.deposits.scene import CONTRACT

from faktura.kernel.errors import (
    FieldInvalid,
    FieldMissing,
    FieldRepeated,
    NegativeTotal,
    NotFound,
    OutOfRange,
    TransitionRefused,
)
from faktura.services.deposits import request_deposit
from faktura.services.imports.deposit_fields import DepositFields


def test_deposits_of_more_than_the_service_are_refused(scene):
    """119.00 cannot be deducted of 95.20: the rest would be a credit nobody gave."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004")

    with pytest.raises(NegativeTotal, match=r"119\.00 EUR are more than .* 95\.20 EUR \(F061\)"):
        scene.final_over("80.00")
    assert scene.violations() == []


def test_a_deposit_that_is_asked_for_and_not_paid_is_not_deducted(scene):
    """It would be owed beside the whole service: it is left out by those who say so."""
    scene.net("100.00")

    for given in ({}, {"deposits": ["RE-000004"]}):
        with pytest.raises(TransitionRefused, match=r"over 119\.00 EUR only 0\.00 EUR") as e:
            scene.final_over("1000.00", **given)
        assert "Wait for the money, cancel the deposit invoice" in e.value.mend

    assert scene.final_over("1000.00", deposits=[]).draft.deposits == ()


def test_a_deposit_that_is_paid_in_part_is_not_left_out_silently(scene):
    """Its VAT would be owed twice: 9.58 with the money and again with the final invoice."""
    scene.net("100.00")
    scene.pay("60.00", "Rate")
    scene.assign("RE-000004")

    with pytest.raises(TransitionRefused, match=r"only 60\.00 EUR are received"):
        scene.final_over("1000.00")
    assert scene.final_over("1000.00", deposits=[]).draft.deposits == ()


def test_a_deposit_is_deducted_once(scene):
    """The second final invoice finds none, and refuses the one that is named."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004")
    scene.final_over("1000.00")

    with pytest.raises(TransitionRefused, match="RE-000004 is deducted by RE-000005 already"):
        scene.final_over("1000.00", deposits=["RE-000004"])
    assert scene.final_over("1000.00").draft.deposits == ()


def test_a_cancelled_deposit_is_not_deducted(scene):
    """Nothing is left of it."""
    scene.net("100.00")
    scene.cancel("RE-000004")

    with pytest.raises(TransitionRefused, match="RE-000004 was taken back"):
        scene.final_over("1000.00", deposits=["RE-000004"])


def test_a_deposit_of_another_contract_is_not_found(scene):
    """Nor is one named twice taken."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004")

    with pytest.raises(NotFound, match="no deposit invoice RE-000001"):
        scene.final_over("1000.00", deposits=["RE-000001"])
    with pytest.raises(FieldRepeated):
        scene.final_over("1000.00", deposits=["RE-000004", "RE-000004"])


def test_a_final_invoice_over_nothing_is_refused(scene):
    """No position, no activity: there is no service to bill."""
    with pytest.raises(TransitionRefused, match="nothing waits on contract V-1"):
        scene.final()
    with pytest.raises(FieldInvalid, match="own service periods"):
        scene.final(serviceFrom="2026-10-01")
    with pytest.raises(TransitionRefused, match="costs nothing"):
        scene.final_over("0.00")
    assert scene.count("document") == 3


def test_more_than_the_free_credit_of_that_day_is_refused(scene):
    """238.00 came on the 5th: not 238.01, not on the 6th, and not twice."""
    scene.keep("238.00", date(2026, 11, 5))

    with pytest.raises(TransitionRefused, match=r"238\.00 EUR of .* not 238\.01 EUR") as e:
        scene.from_receipt("238.01", "2026-11-05")
    assert "238.00 EUR of 2026-11-05" in e.value.mend
    with pytest.raises(TransitionRefused, match=r"0\.00 EUR of what was received on 2026-11-06"):
        scene.from_receipt("238.00", "2026-11-06")
    scene.from_receipt("238.00", "2026-11-05")
    with pytest.raises(TransitionRefused) as e:
        scene.from_receipt("0.01", "2026-11-05")
    assert e.value.mend == "Assign the payment to the customer"
    assert scene.violations() == []


def test_two_payments_of_a_day_are_one_deposit(scene):
    """100.00 and 138.00 of the 5th: 138.00 are taken of both, 100.00 stay free."""
    scene.keep("100.00", date(2026, 11, 5))
    scene.keep("138.00", date(2026, 11, 5))

    scene.from_receipt("138.00", "2026-11-05")

    assert [str(one.amount) for one in scene.allocations("RE-000004")] == [
        "100.00 EUR",
        "38.00 EUR",
    ]
    scene.from_receipt("100.00", "2026-11-05")
    assert scene.violations() == []


def test_a_payment_that_was_set_unpaid_is_no_credit(scene):
    """200.00 of the 5th paid 119.00 and left 81.00; taken back whole, the 100.00 of the 6th stay."""
    scene.net("100.00")
    scene.pay("200.00", "Vorkasse", date(2026, 11, 5))
    scene.assign("RE-000004")
    scene.keep("100.00", date(2026, 11, 6))

    scene.set_unpaid("RE-000004")

    with pytest.raises(TransitionRefused, match=r"0\.00 EUR of what was received on 2026-11-05"):
        scene.from_receipt("81.00", "2026-11-05")
    scene.from_receipt("100.00", "2026-11-06")
    assert scene.balance("1718", "1776") == {"1718": Decimal("-84.03"), "1776": Decimal("-69.17")}
    assert scene.violations() == []


def test_positions_are_net_or_gross_never_both(scene):
    """Neither in one position nor side by side; there is at least one, above nothing."""
    with pytest.raises(FieldInvalid, match="either a net or a gross amount"):
        scene.request({"articleNumber": "A-4", "net": "1.00", "gross": "1.19"})
    with pytest.raises(FieldInvalid, match="either a net or a gross amount"):
        scene.request({"articleNumber": "A-4"})
    with pytest.raises(FieldInvalid, match="stand on one deposit"):
        scene.request(
            {"articleNumber": "A-4", "net": "1.00"}, {"articleNumber": "A-4", "gross": "1.19"}
        )
    with pytest.raises(ValidationError, match="a deposit is for something"):
        scene.request()
    unchecked = DepositFields.model_construct(positions=())
    with scene.database.write(scene.tenant.id) as tx, pytest.raises(FieldMissing, match="no pos"):
        request_deposit(tx, scene.desk, CONTRACT, unchecked)
    with pytest.raises(OutOfRange, match="not after serviceFrom"):
        scene.net("1.00", serviceFrom="2026-10-02", serviceUntil="2026-10-02")
    assert scene.count("document") == 3


def test_a_final_invoice_is_not_dated_before_a_deposit_that_it_deducts(scene):
    """F061: received on 3 November, so the invoice of 2 November cannot say that it was."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004")

    with pytest.raises(OutOfRange, match="cannot be deducted on 2026-11-02") as refused:
        scene.final_over("500.00", date="2026-11-02")

    assert (refused.value.place, refused.value.mend) == ("date", "Use 2026-11-03 or later")
    assert scene.count("document") == 4
    assert scene.final_over("500.00", date="2026-11-03").number == "RE-000005"
    assert scene.violations() == []

"""Fees of returns that the bank books apart: to the fee account, once, beside their return (F095)."""

from datetime import date
from typing import Any

from tests.services.bank.statement_files import moved, returned, statement

from faktura.domain.chargebacks import Chargeback
from faktura.kernel.bank_terms import MovementState
from faktura.store.chargebacks import ChargebackFilter, list_chargebacks

COLLECTED: dict[str, Any] = {"gvc": "171", "bank_code": "PMNT/IDDT/ESDD"}
FEE: dict[str, Any] = {"gvc": "808", "bank_code": "ACMT/MDOP/CHRG"}
BACK = returned("-35.70", original="35.70", end_to_end_id="COLL-1")


def collect(scene, number="RE-000001", amount="35.70", end_to_end_id="COLL-1"):
    """A debit that is collected."""
    line = moved(amount, number, end_to_end_id=end_to_end_id, on=date(2026, 11, 3), **COLLECTED)
    scene.upload(statement(line), name=f"{number}.txt")


def chargebacks(scene) -> list[Chargeback]:
    """All chargebacks, newest first."""
    with scene.database.read(scene.tenant.id) as tx:
        return [one.chargeback for one in list_chargebacks(tx, ChargebackFilter())]


def test_a_fee_that_names_the_end_to_end_id_is_booked_to_the_fee_account(scene):
    """75.50 and 4.50 apart are the sample of the reference: here 35.70, and 4.50 a day later."""
    collect(scene)
    scene.upload(statement(BACK), name="back.txt")

    report = scene.upload(
        statement(
            moved(
                "-4.50",
                "ENTGELT RUECKLASTSCHRIFT 1 X 4,50 EUR REF COLL-1",
                on=date(2026, 11, 12),
                **FEE,
            )
        ),
        name="fee.txt",
    )

    assert (report.matched.booked, report.matched.open) == (1, 0)
    assert scene.legs("fee:") == ["D 4970 4.50", "C 1200 4.50"]
    assert [one.state for one in scene.movements()] == [
        MovementState.BOOKED,
        MovementState.RETURNED,
        MovementState.BOOKED,
    ]
    assert scene.movements()[2].rule == "return-fee"
    (row,) = chargebacks(scene)
    assert (str(row.amount), str(row.fee)) == ("35.70 EUR", "4.50 EUR")
    assert str(scene.account_of(0)[-1].balance_after) == "35.70 EUR"
    assert scene.violations() == []


def test_a_fee_in_the_same_file_as_its_return_finds_it(scene):
    """A second pass takes what the first could not know; it names the invoice only."""
    collect(scene)

    scene.upload(
        statement(moved("-4.50", "ENTGELT RETOURE RE-000001", **FEE), BACK), name="both.txt"
    )

    assert scene.waiting() == []
    assert scene.legs("fee:") == ["D 4970 4.50", "C 1200 4.50"]
    assert scene.violations() == []


def test_a_fee_that_names_the_invoice_without_a_word_of_a_return_is_its_fee(scene):
    """GVC 808 and the number of a debit that came back."""
    collect(scene)
    scene.upload(statement(BACK), name="back.txt")

    scene.upload(statement(moved("-4.50", "ENTGELT REF RE-000001", **FEE)), name="fee.txt")

    assert scene.legs("fee:") == ["D 4970 4.50", "C 1200 4.50"]


def test_a_fee_that_names_nothing_follows_the_only_return_of_the_days_before(scene):
    """On the same account."""
    collect(scene)

    scene.upload(
        statement(BACK, moved("-4.50", "ENTGELT RUECKLASTSCHRIFT", on=date(2026, 11, 12), **FEE)),
        name="both.txt",
    )

    assert scene.waiting() == []
    assert scene.legs("fee:") == ["D 4970 4.50", "C 1200 4.50"]


def test_a_fee_that_names_nothing_waits_where_another_return_is_not_booked_yet(scene):
    """It may be the fee of the one whose payment nobody knows."""
    collect(scene)

    scene.upload(
        statement(
            BACK,
            returned("-20.00", original="20.00", end_to_end_id="OLD-1"),
            moved("-4.50", "ENTGELT RUECKLASTSCHRIFT", on=date(2026, 11, 12), **FEE),
        ),
        name="both.txt",
    )

    assert scene.waiting() == [
        ("-20.00 EUR", "return-without-payment"),
        ("-4.50 EUR", "return-fee-unknown"),
    ]
    assert scene.legs("fee:") == []


def test_a_second_fee_of_a_return_waits(scene):
    """The bank stated 3.50 inside the return; 4.50 apart is for a person to look at."""
    collect(scene)
    inside = returned("-39.20", original="35.70", end_to_end_id="COLL-1")

    scene.upload(
        statement(inside, moved("-4.50", "ENTGELT RUECKLASTSCHRIFT COLL-1", **FEE)),
        name="both.txt",
    )

    assert scene.waiting() == [("-4.50 EUR", "return-fee-known")]
    assert scene.legs("fee:") == ["D 4970 3.50", "C 1200 3.50"]


def test_two_fees_for_one_return_in_one_file_are_booked_once(scene):
    """The first is its fee."""
    collect(scene)
    fee = moved("-4.50", "ENTGELT RUECKLASTSCHRIFT COLL-1", on=date(2026, 11, 12), **FEE)
    scene.upload(statement(BACK), name="back.txt")

    scene.upload(statement(fee, fee.model_copy(update={"detail_index": 1})), name="fees.txt")

    assert scene.legs("fee:") == ["D 4970 4.50", "C 1200 4.50"]
    assert scene.waiting() == [("-4.50 EUR", "return-fee-known")]


def test_a_fee_whose_return_is_not_known_waits_for_it(scene):
    """It is booked once the return is, in whatever order the bank tells (P31)."""
    collect(scene)
    scene.upload(
        statement(moved("-4.50", "ENTGELT RUECKLASTSCHRIFT REF COLL-1", **FEE)), name="fee.txt"
    )
    assert scene.waiting() == [("-4.50 EUR", "return-fee-unknown")]

    scene.upload(statement(BACK), name="back.txt")

    assert scene.waiting() == []
    assert scene.legs("fee:") == ["D 4970 4.50", "C 1200 4.50"]


def test_the_fees_of_a_month_wait_for_a_person(scene):
    """Nobody can tell how much of it is whose."""
    collect(scene)

    scene.upload(
        statement(BACK, moved("-9.00", "ENTGELT RUECKLASTSCHRIFTEN NOVEMBER", **FEE)),
        name="month.txt",
    )

    assert scene.waiting() == [("-9.00 EUR", "return-fee-collective")]


def test_other_costs_of_the_bank_are_left_alone(scene):
    """What names no return is no fee of one, whatever number it bears."""
    collect(scene)

    scene.upload(statement(BACK, moved("-9.00", "KONTOFUEHRUNG 4711", **FEE)), name="month.txt")

    assert scene.waiting() == [("-9.00 EUR", "bank")]
    assert scene.legs("fee:") == []


def test_a_fee_without_ledger_account_waits_in_the_journal(open_scene):
    """F106: its entry is a draft like the return's."""
    scene = open_scene(ledger_account=None)
    collect(scene)

    scene.upload(
        statement(BACK, moved("-4.50", "ENTGELT RUECKLASTSCHRIFT COLL-1", **FEE)), name="2.txt"
    )

    assert scene.waiting() == []
    assert scene.count("draft_entry") == 3
    assert scene.violations() == []

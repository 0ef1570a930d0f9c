"""A booked return is taken back by reversal: the payment counts again, a person decides (P25)."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from tests.services.bank.statement_files import moved, returned, statement
from tests.services.payments.taken_back import TakenBackScene

from faktura.domain.attempts import Attempt
from faktura.domain.events import EventType
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.errors import Conflict, FieldMissing, OutOfRange, TransitionRefused
from faktura.kernel.payment_terms import AttemptState, ChargebackState, FollowUp
from faktura.kernel.terms import AccountFact, PaymentMethod
from faktura.services.assignment import assign
from faktura.services.setting_unpaid import SettingUnpaid, set_unpaid
from faktura.services.undoing_returns import UndoneReturn, is_fee_of_return, undo_return
from faktura.store import tables
from faktura.store.database import Database

ON = date(2026, 11, 13)
COLLECTED: dict[str, Any] = {
    "end_to_end_id": "COLL-1", "gvc": "171", "bank_code": "PMNT/IDDT/ESDD",
}  # fmt: skip
FEE: dict[str, Any] = {"gvc": "808", "bank_code": "ACMT/MDOP/CHRG"}


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> TakenBackScene:
    """RE-000001 is 35.70, RE-000002 100.00, RE-000003 297.50; nothing is paid."""
    return TakenBackScene(database, tmp_path / "content")


def come_back(scene: TakenBackScene, reason: str = "AM04") -> UUID:
    """35.70 are collected and come back with a fee of 3.50; the movement of the return."""
    scene.upload(statement(moved("35.70", "RE-000001", on=date(2026, 11, 3), **COLLECTED)))
    back = returned("-39.20", original="35.70", end_to_end_id="COLL-1", return_reason=reason)
    scene.upload(statement(back), name="back.txt")
    (movement,) = scene.movements(MovementState.RETURNED)
    return movement.id


def undo(scene: TakenBackScene, movement: UUID, on: date = ON) -> UndoneReturn:
    """A person takes it back."""
    with scene.database.write(scene.tenant.id) as tx:
        return undo_return(tx, scene.tenant, movement, "falsch zugeordnet", on)


def debit(scene: TakenBackScene) -> Attempt:
    """A debit of ours that was credited and came back for want of money: it is tried again."""
    means = scene.means(0, instance=None, creditor_id="DE98ZZZ09999999999", reference="M-1")
    attempt = scene.attempt("RE-000001", method=PaymentMethod.SEPA_DEBIT, means=means)
    own = {**COLLECTED, "end_to_end_id": attempt.id.hex}
    scene.upload(statement(moved("35.70", on=date(2026, 11, 3), **own)))
    back = returned("-39.20", original="35.70", end_to_end_id=attempt.id.hex)
    scene.upload(statement(back), name="back.txt")
    return attempt


def test_an_undone_return_counts_as_paid_again(scene: TakenBackScene) -> None:
    """Account, journal and document: each entry has its reversal, the fee as well."""
    movement = come_back(scene)
    scene.posted()

    done = undo(scene, movement)

    assert (done.numbers, str(done.amount), str(done.fee)) == (
        ("RE-000001",), "35.70 EUR", "3.50 EUR",
    )  # fmt: skip
    assert "RE-000001" not in scene.open()
    assert scene.legs("ret:undone:") == ["C 1400 35.70", "D 1200 35.70"]
    assert scene.legs("fee:undone:") == ["C 4970 3.50", "D 1200 3.50"]
    last = scene.account_of(0)[-1]
    assert (last.fact, str(last.amount), str(last.balance_after), last.value_date) == (
        AccountFact.RETURN, "-35.70 EUR", "0.00 EUR", ON,
    )  # fmt: skip
    assert last.text == "Rücklastschrift RE-000001 zurückgenommen"
    assert [(one.no, one.reverses_no) for one in scene.allocations("RE-000001")] == [
        (1, None), (2, 1), (3, 2),
    ]  # fmt: skip
    assert scene.events("RE-000001")[-1] == (4, EventType.CHARGEBACK_WON)
    assert scene.violations() == []


def test_an_undone_return_waits_and_no_rule_books_it_again(scene: TakenBackScene) -> None:
    """Its decision says why; the next run leaves it alone."""
    movement = come_back(scene)

    undo(scene, movement)
    scene.upload(statement(moved("1.00", "anything")), name="more.txt")

    (waiting,) = [one for one in scene.movements(MovementState.OPEN) if one.id == movement]
    assert (waiting.rule, waiting.reason) == ("undone", "falsch zugeordnet")
    assert "RE-000001" not in scene.open()


def test_a_person_assigns_an_undone_return_to_another_document(scene: TakenBackScene) -> None:
    """It is a chargeback of its own; the first one stays as one that was won."""
    movement = come_back(scene)
    scene.upload(statement(moved("35.70", "RE-000002")), name="part.txt")
    (part,) = [one for one in scene.movements(MovementState.OPEN) if one.amount.minor == 3570]
    with scene.database.write(scene.tenant.id) as tx:
        assign(tx, scene.tenant, part.id, ["RE-000002"])
    undo(scene, movement)

    with scene.database.write(scene.tenant.id) as tx:
        assign(tx, scene.tenant, movement, ["RE-000002"])

    assert scene.open()["RE-000002"] == "100.00 EUR"
    assert [(one.subject, one.state, str(one.fee)) for one in scene.chargebacks()] == [
        (f"movement:{movement}:again1", ChargebackState.LOST, "3.50 EUR"),
        (f"movement:{movement}", ChargebackState.WON, "3.50 EUR"),
    ]
    assert scene.violations() == []

    undo(scene, movement)

    assert scene.open()["RE-000002"] == "64.30 EUR"
    assert {one.state for one in scene.chargebacks()} == {ChargebackState.WON}
    assert scene.violations() == []


def test_a_later_return_takes_the_same_payment_back_by_itself(scene: TakenBackScene) -> None:
    """The payment counts again, so that a true return of it finds it by its end-to-end id."""
    movement = come_back(scene)
    undo(scene, movement)

    again = returned("-35.70", original="35.70", end_to_end_id="COLL-1", on=date(2026, 11, 20))
    scene.upload(statement(again), name="again.txt")

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.violations() == []


def test_a_document_whose_return_was_undone_can_be_set_unpaid(scene: TakenBackScene) -> None:
    """Its payment is the bank's credit again, and that movement waits then (F065)."""
    movement = come_back(scene)
    undo(scene, movement)

    with scene.database.write(scene.tenant.id) as tx:
        set_unpaid(tx, scene.tenant, "RE-000001", SettingUnpaid("Irrtum", ON))

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert [str(one.amount) for one in scene.movements(MovementState.OPEN)] == [
        "35.70 EUR", "-39.20 EUR",
    ]  # fmt: skip
    assert scene.violations() == []


def test_a_debit_whose_return_was_undone_is_paid_and_not_tried_again(scene: TakenBackScene) -> None:
    """AM04 had planned another try."""
    attempt = debit(scene)
    assert scene.now(attempt).retry_at is not None
    (movement,) = scene.movements(MovementState.RETURNED)

    done = undo(scene, movement.id)

    assert (scene.now(attempt).state, scene.now(attempt).retry_at) == (
        AttemptState.SUCCEEDED, None,
    )  # fmt: skip
    assert done.stays == ("the customer was told of the return",)
    assert scene.violations() == []


def test_what_followed_a_return_stays_and_is_told(scene: TakenBackScene) -> None:
    """Contract and mandate stay as they are: whoever undoes the return decides about them."""
    scene.policy(FollowUp.PAUSE_SUBSCRIPTION, method=PaymentMethod.SEPA_DEBIT)
    movement = come_back(scene, "MD06")

    done = undo(scene, movement)

    assert done.stays == (
        "V-1: PAUSED",
        "the mandate is not used any more: MD06 Widerspruch durch Zahler",
        "the customer was told of the return",
    )


def test_an_attempt_that_is_under_way_meanwhile_is_told(scene: TakenBackScene) -> None:
    """It may bring the money once more."""
    attempt = debit(scene)
    (movement,) = scene.movements(MovementState.RETURNED)
    again = scene.attempt("RE-000001", method=PaymentMethod.SEPA_DEBIT)
    assert scene.now(attempt).state is AttemptState.CHARGED_BACK

    done = undo(scene, movement.id)

    assert done.stays[-1] == (
        f"attempt {again.id} over 35.70 EUR is PENDING: it may bring the money once more"
    )


def test_a_return_of_what_was_paid_otherwise_since_is_not_undone(scene: TakenBackScene) -> None:
    """The invoice would be paid twice."""
    movement = come_back(scene)
    scene.upload(statement(moved("35.70", "RE-000001", on=date(2026, 11, 12))), name="paid.txt")

    with pytest.raises(Conflict, match=r"0\.00 EUR are open of RE-000001"):
        undo(scene, movement)


@pytest.mark.parametrize(
    ("reason", "on", "error"),
    [("  ", ON, FieldMissing), ("falsch", date(2036, 1, 1), OutOfRange)],
)
def test_undoing_needs_a_reason_and_a_day_that_can_be(
    scene: TakenBackScene, reason: str, on: date, error: type[Exception]
) -> None:
    """Whoever reads the books later wants to know."""
    movement = come_back(scene)

    with pytest.raises(error), scene.database.write(scene.tenant.id) as tx:
        undo_return(tx, scene.tenant, movement, reason, on)


def test_what_is_no_return_is_not_undone_as_one(scene: TakenBackScene) -> None:
    """A payment is taken back otherwise; a return cannot be undone twice."""
    movement = come_back(scene)
    payment = scene.movements(MovementState.BOOKED)[0]
    with pytest.raises(TransitionRefused, match="neither as a return"):
        undo(scene, payment.id)
    undo(scene, movement)

    with pytest.raises(TransitionRefused, match="it is OPEN"):
        undo(scene, movement)


def test_a_fee_that_was_booked_apart_is_undone_by_itself(scene: TakenBackScene) -> None:
    """The return stays booked and has no fee any more; the fee waits for a person."""
    scene.upload(statement(moved("35.70", "RE-000001", on=date(2026, 11, 3), **COLLECTED)))
    back = returned("-35.70", original="35.70", end_to_end_id="COLL-1")
    fee = moved("-4.50", "ENTGELT RUECKLASTSCHRIFT COLL-1", on=date(2026, 11, 12), **FEE)
    scene.upload(statement(back, fee), name="back.txt")
    movement = scene.movements(MovementState.BOOKED)[-1]
    with scene.database.read(scene.tenant.id) as tx:
        assert is_fee_of_return(tx, movement.id)

    done = undo(scene, movement.id)

    assert (done.numbers, str(done.amount), str(done.fee)) == (
        ("RE-000001",), "0.00 EUR", "4.50 EUR",
    )  # fmt: skip
    assert scene.legs("fee:undone:") == ["C 4970 4.50", "D 1200 4.50"]
    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert [str(one.fee) for one in scene.chargebacks()] == ["0.00 EUR"]
    scene.upload(statement(moved("1.00", "anything")), name="more.txt")
    assert [one.id for one in scene.movements(MovementState.OPEN)][:1] == [
        next(one.id for one in scene.movements(MovementState.OPEN) if one.amount.minor == 100)
    ]
    assert scene.violations() == []


def test_a_return_whose_fee_stands_apart_leaves_that_fee(scene: TakenBackScene) -> None:
    """The bank has its 4.50, whosever return it was: people are told."""
    scene.upload(statement(moved("35.70", "RE-000001", on=date(2026, 11, 3), **COLLECTED)))
    back = returned("-35.70", original="35.70", end_to_end_id="COLL-1")
    fee = moved("-4.50", "ENTGELT RUECKLASTSCHRIFT COLL-1", on=date(2026, 11, 12), **FEE)
    scene.upload(statement(back, fee), name="back.txt")
    (movement,) = scene.movements(MovementState.RETURNED)

    done = undo(scene, movement.id)

    assert str(done.fee) == "0.00 EUR"
    assert done.stays[-1] == "the fee of 4.50 EUR that was booked apart: undo it by itself"
    assert scene.violations() == []


def test_a_return_that_waits_in_the_journal_is_undone_there(scene: TakenBackScene) -> None:
    """F106: the reversal of a draft is a draft."""
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(update(tables.bank_account).values(ledger_account=None))
    movement = come_back(scene)
    before = scene.count("draft_entry")

    undo(scene, movement)

    assert scene.count("draft_entry") == before + 2
    assert scene.violations() == []

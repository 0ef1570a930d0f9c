"""Debits over our own bank: credited and returned by statements (F093-F095, O13, decision 0023)."""

from datetime import date
from pathlib import Path

import pytest
from tests.services.bank.statement_files import moved, returned, statement
from tests.services.payments.taken_back import TakenBackScene

from faktura.domain.attempts import Attempt
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.payment_terms import AttemptState, ChargebackState, FollowUp, MeansState
from faktura.kernel.terms import PaymentMethod
from faktura.services.assignment import assign
from faktura.store.database import Database
from faktura.store.payment_means import find_mandate

SEPA = PaymentMethod.SEPA_DEBIT


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> TakenBackScene:
    """Three invoices, none paid."""
    return TakenBackScene(database, tmp_path / "content")


def debit(scene: TakenBackScene, number: str = "RE-000001") -> Attempt:
    """A debit of ours in a file of our bank."""
    means = scene.means(0, instance=None, creditor_id="DE98ZZZ09999999999", reference="M-1")
    return scene.attempt(number, method=SEPA, means=means)


def credit(scene: TakenBackScene, attempt: Attempt, amount: str = "35.70") -> None:
    """The bank credits it."""
    line = moved(
        amount, "SEPA", end_to_end_id=attempt.id.hex, gvc="171", bank_code="PMNT/IDDT/ESDD"
    )
    scene.upload(statement(line), name=f"credit {amount}.txt")


def give_back(scene: TakenBackScene, attempt: Attempt, reason: str = "AM04") -> None:
    """The bank books it back with a fee of 3.50."""
    line = returned(
        "-39.20", original="35.70", end_to_end_id=attempt.id.hex, return_reason=reason,
        on=date(2026, 11, 12),
    )  # fmt: skip
    scene.upload(statement(line), name="return.txt")


def test_the_bank_credits_a_debit_and_its_document_is_paid(scene: TakenBackScene) -> None:
    """By the movement, on the bank account; no number stands in its text."""
    attempt = debit(scene)

    credit(scene, attempt)

    assert "RE-000001" not in scene.open()
    assert scene.posted() == ["PAYMENT: S 1200 35.70, H 1400 35.70"]
    assert scene.now(attempt).state is AttemptState.SUCCEEDED
    assert [one.state for one in scene.movements()] == [MovementState.BOOKED]
    assert scene.violations() == []


def test_a_credit_of_another_amount_waits_for_a_person(scene: TakenBackScene) -> None:
    """Nothing is guessed; assigned by a person the debit is done."""
    attempt = debit(scene)
    credit(scene, attempt, "35.69")
    assert scene.waiting() == [("35.69 EUR", "debit-differs")]
    assert scene.now(attempt).state is AttemptState.PENDING

    (movement,) = scene.movements()
    with scene.database.write(scene.tenant.id) as tx:
        assign(tx, scene.tenant, movement.id, ["RE-000001"])

    assert scene.open()["RE-000001"] == "0.01 EUR"
    assert scene.now(attempt).state is AttemptState.SUCCEEDED


def test_a_debit_that_is_not_needed_any_more_stays_as_credit(scene: TakenBackScene) -> None:
    """Paid by transfer while it was on its way (P37)."""
    attempt = debit(scene)
    scene.record("RE-000001", "30.00")

    credit(scene, attempt)

    assert "RE-000001" not in scene.open()
    assert scene.owes() == "-30.00 EUR"
    assert scene.violations() == []


def test_a_returned_debit_is_a_chargeback_with_its_follow_up(scene: TakenBackScene) -> None:
    """G8 with the policy: 39.20 = 35.70 + fee 3.50; AC04 suspends the mandate."""
    scene.policy(FollowUp.PAUSE_SUBSCRIPTION, method=SEPA)
    attempt = debit(scene)
    credit(scene, attempt)
    scene.posted()

    give_back(scene, attempt, "AC04")

    assert scene.posted() == [
        "RETURN: S 1400 35.70, H 1200 35.70", "RETURN_FEE: S 4970 3.50, H 1200 3.50",
    ]  # fmt: skip
    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.now(attempt).state is AttemptState.CHARGED_BACK
    (row,) = scene.chargebacks()
    (_, movement) = scene.movements()
    assert (row.subject, row.movement_id, row.attempt_id) == (
        f"movement:{movement.id}", movement.id, attempt.id,
    )  # fmt: skip
    assert (str(row.amount), str(row.fee), row.reason, row.state) == (
        "35.70 EUR", "3.50 EUR", "AC04", ChargebackState.LOST,
    )  # fmt: skip
    assert [(one.number, one.done.value) for one in row.course.steps] == [("V-1", "PAUSED")]
    assert len(scene.told("CHARGEBACK_RECEIVED")) == 1
    assert [one["notice"] for one in scene.told("CUSTOMER_NOTICE")] == ["CHARGEBACK"]
    with scene.database.read(scene.tenant.id) as tx:
        mandate = find_mandate(tx, "DE98ZZZ09999999999", "m-1")
    assert mandate is not None
    assert mandate.state is MeansState.SUSPENDED
    assert scene.violations() == []


def test_a_debit_that_came_back_for_want_of_money_is_collected_again_after_its_days(
    scene: TakenBackScene,
) -> None:
    """O13: AM04 on 10.11. is tried again on 13.11., by the schedule of debits; AC04 is not."""
    attempt = debit(scene)
    credit(scene, attempt)

    give_back(scene, attempt, "AM04")

    again = scene.now(attempt)
    assert again.state is AttemptState.CHARGED_BACK
    assert again.retry_at is not None
    assert str(again.retry_at.date()) == "2026-11-13"


def test_a_debit_whose_account_is_closed_is_not_collected_again(scene: TakenBackScene) -> None:
    """AC04: only another account helps."""
    attempt = debit(scene)
    credit(scene, attempt)

    give_back(scene, attempt, "AC04")

    assert scene.now(attempt).retry_at is None


def test_a_return_before_its_credit_fails_the_debit_at_once_and_is_booked_once_both_are_there(
    scene: TakenBackScene,
) -> None:
    """P31: one chargeback, one mail, one follow-up, whichever the bank tells first."""
    scene.policy(FollowUp.PAUSE_SUBSCRIPTION, method=SEPA)
    attempt = debit(scene)

    give_back(scene, attempt)

    assert scene.now(attempt).state is AttemptState.FAILED
    assert scene.waiting() == [("-39.20 EUR", "return-without-payment")]
    assert len(scene.chargebacks()) == 1
    assert scene.posted() == []

    credit(scene, attempt)

    assert scene.waiting() == []
    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.now(attempt).state is AttemptState.CHARGED_BACK
    (row,) = scene.chargebacks()
    assert (str(row.fee), row.movement_id) == ("3.50 EUR", scene.movements()[1].id)
    assert [one["notice"] for one in scene.told("CUSTOMER_NOTICE")] == ["CHARGEBACK"]
    assert len(scene.told("CONTRACT_PAUSED")) == 1
    assert scene.violations() == []


def test_a_return_of_a_payment_that_is_no_debit_of_ours_is_a_chargeback_too(
    scene: TakenBackScene,
) -> None:
    """Collected with another program: the mandate that the bank names is suspended."""
    means = scene.means(0, instance=None, creditor_id="DE98ZZZ09999999999", reference="M-1")
    collected = moved("35.70", "RE-000001", end_to_end_id="OLD-1", gvc="171")
    line = returned(
        "-39.20", original="35.70", end_to_end_id="OLD-1", return_reason="MD06",
        mandate_id="M-1", on=date(2026, 11, 12),
    )  # fmt: skip
    scene.upload(statement(collected, line))

    (row,) = scene.chargebacks()
    assert (row.attempt_id, row.reason, row.method) == (None, "MD06", SEPA)
    assert row.course.contracts == ("V-1",)
    assert scene.means_now(means).state is MeansState.SUSPENDED


def test_a_return_that_a_person_assigns_is_a_chargeback(scene: TakenBackScene) -> None:
    """The rules could not say which payment; the person does."""
    scene.policy(FollowUp.CUSTOMER_TO_TRANSFER, method=SEPA)
    scene.upload(statement(moved("35.70", "RE-000001")))
    line = returned("-39.20", "RETOURE", original="35.70", on=date(2026, 11, 12))
    scene.upload(statement(line), name="2.txt")
    (movement,) = scene.movements(MovementState.OPEN)

    with scene.database.write(scene.tenant.id) as tx:
        assign(tx, scene.tenant, movement.id, ["RE-000001"])

    (row,) = scene.chargebacks()
    assert (row.subject, row.follow_up) == (
        f"movement:{movement.id}", FollowUp.CUSTOMER_TO_TRANSFER,
    )  # fmt: skip
    assert [one.why for one in row.course.steps] == ["pays by TRANSFER"]
    assert scene.violations() == []


def test_a_person_assigns_the_return_of_a_debit_whose_credit_was_paid_by_its_number(
    scene: TakenBackScene,
) -> None:
    """The bank left the id out of the credit: one chargeback, of the debit, and it failed."""
    attempt = debit(scene)
    scene.upload(statement(moved("35.70", "RE-000001")), name="credit.txt")
    give_back(scene, attempt)
    assert scene.now(attempt).state is AttemptState.FAILED
    (movement,) = scene.movements(MovementState.OPEN)

    with scene.database.write(scene.tenant.id) as tx:
        assign(tx, scene.tenant, movement.id, ["RE-000001"])

    assert scene.open()["RE-000001"] == "35.70 EUR"
    (row,) = scene.chargebacks()
    assert (row.attempt_id, row.movement_id) == (attempt.id, movement.id)
    assert scene.violations() == []


def test_a_return_that_a_person_assigns_fails_a_debit_that_was_still_pending(
    scene: TakenBackScene,
) -> None:
    """Its statement does not add up, so the rules left all of it to a person."""
    attempt = debit(scene)
    scene.upload(statement(moved("35.70", "RE-000001")), name="credit.txt")
    line = returned("-39.20", original="35.70", end_to_end_id=attempt.id.hex,
                    return_reason="AM04", on=date(2026, 11, 12))  # fmt: skip
    scene.upload(statement(line, balanced=False), name="return.txt")
    assert scene.now(attempt).state is AttemptState.PENDING
    (movement,) = scene.movements(MovementState.OPEN)

    with scene.database.write(scene.tenant.id) as tx:
        assign(tx, scene.tenant, movement.id, ["RE-000001"])

    assert scene.now(attempt).state is AttemptState.FAILED
    assert len(scene.chargebacks()) == 1
    assert scene.violations() == []


def test_a_return_of_a_debit_that_was_kept_as_credit_leaves_the_transfer(
    scene: TakenBackScene,
) -> None:
    """Paid by transfer and collected as well: nobody can give back a transfer."""
    attempt = debit(scene)
    scene.upload(statement(moved("35.70", "RE-000001", gvc="166")), name="transfer.txt")
    credit(scene, attempt)

    give_back(scene, attempt)

    assert scene.waiting() == [("-39.20 EUR", "return-without-payment")]
    assert "RE-000001" not in scene.open()


def test_a_return_that_names_only_the_mandate_finds_the_debit_of_ours(
    scene: TakenBackScene,
) -> None:
    """The mandate of the debit and its amount: the attempt is charged back."""
    attempt = debit(scene)
    credit(scene, attempt)

    line = returned("-39.20", original="35.70", mandate_id="M-1", on=date(2026, 11, 12))
    scene.upload(statement(line), name="return.txt")

    assert scene.now(attempt).state is AttemptState.CHARGED_BACK
    assert scene.open()["RE-000001"] == "35.70 EUR"
    (row,) = scene.chargebacks()
    assert row.attempt_id == attempt.id
    assert scene.violations() == []


def test_the_text_of_a_return_names_the_debit_and_its_reason(scene: TakenBackScene) -> None:
    """GVC 835 and a text in capitals: the attempt's id and the closed account stand in it."""
    attempt = debit(scene)
    credit(scene, attempt)

    text = f"RUECKLASTSCHRIFT EREF+{attempt.id.hex.upper()} MREF+M-1"
    line = moved("-39.20", text, "KONTO ERLOSCHEN", gvc="835", on=date(2026, 11, 12))
    scene.upload(statement(line), name="return.txt")

    assert scene.now(attempt).state is AttemptState.CHARGED_BACK
    (row,) = scene.chargebacks()
    assert (row.reason, str(row.fee), row.attempt_id) == ("AC04", "3.50 EUR", attempt.id)
    assert scene.violations() == []

"""The credit of a debit of ours is taken back by a person, and assigned again (P25, decision 0023)."""

from datetime import date
from pathlib import Path

import pytest
from tests.services.bank.people import WRONG, Person
from tests.services.bank.statement_files import moved, returned, statement
from tests.services.payments.taken_back import TakenBackScene

from faktura.domain.attempts import Attempt
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.payment_terms import AttemptState
from faktura.kernel.terms import PaymentMethod
from faktura.store.database import Database


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> TakenBackScene:
    """Three invoices, none paid."""
    return TakenBackScene(database, tmp_path / "content")


@pytest.fixture
def credited(scene: TakenBackScene) -> Attempt:
    """A debit of RE-000001 that the bank credited."""
    means = scene.means(0, instance=None, creditor_id="DE98ZZZ09999999999", reference="M-1")
    attempt = scene.attempt("RE-000001", method=PaymentMethod.SEPA_DEBIT, means=means)
    line = moved("35.70", "SEPA", end_to_end_id=attempt.id.hex, gvc="171")
    scene.upload(statement(line), name="credit.txt")
    return attempt


def test_the_credit_of_a_debit_is_taken_back_and_waits(scene: TakenBackScene, credited: Attempt):
    """Only a person knows what it was for; the debit itself did succeed."""
    person = Person(scene)

    done = person.undo(person.booked())

    assert done.numbers == ("RE-000001",)
    assert done.stays == (
        f"attempt {credited.id} over 35.70 EUR for RE-000001 stays SUCCEEDED: its debit was collected",
    )
    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.waiting() == [("35.70 EUR", "undone")]
    assert scene.now(credited).state is AttemptState.SUCCEEDED
    assert scene.violations() == []


def test_a_return_undoes_what_the_credit_was_assigned_to_since(
    scene: TakenBackScene, credited: Attempt
):
    """Taken back, assigned once more, returned by the bank: the invoice is open again."""
    person = Person(scene)
    person.undo(person.booked(), WRONG)
    person.assign("RE-000001")
    assert "RE-000001" not in scene.open()

    line = returned(
        "-39.20", original="35.70", end_to_end_id=credited.id.hex, on=date(2026, 11, 12)
    )
    scene.upload(statement(line), name="return.txt")

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert len(scene.movements(MovementState.RETURNED)) == 1
    assert scene.violations() == []

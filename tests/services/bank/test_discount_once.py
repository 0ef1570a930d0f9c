"""Cash discount is taken of a document once, whatever happens between; on both databases (§ 17 UStG)."""

from datetime import date

import pytest
from tests.services.bank.people import TWO_PERCENT, Person
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, returned, statement

from faktura.kernel.errors import TransitionRefused
from faktura.kernel.terms import AccountFact
from faktura.services.imports.payment_fields import TakenBackFields
from faktura.services.write_offs import undo_write_off

FIFTH, SIXTH, SEVENTH = (date(2026, 10, day) for day in (5, 6, 7))


@pytest.fixture
def person(scene: BankScene) -> Person:
    """A person whose company grants 2 % within 14 days, and takes it by itself."""
    found = Person(scene)
    found.may(discount=TWO_PERCENT, takes_discount=True)
    return found


def paid_with_discount_and_returned(scene: BankScene) -> None:
    """291.55 of 297.50 with 5.95 of discount; then the bank takes the money back."""
    paid = moved("291.55", "RE-000003", on=FIFTH, source_ref="1", end_to_end_id="E-1")
    back = returned("-291.55", "RE-000003", on=SIXTH, source_ref="2", end_to_end_id="E-1")
    scene.upload(statement(paid))
    scene.upload(statement(back), name="returned.txt")


@pytest.mark.usefixtures("person")
def test_a_document_that_a_return_opens_is_paid_with_discount_right_behind_it(scene):
    """Nothing is open of RE-000003 when the movements are read: the return opens it among them."""
    paid = moved("297.50", "RE-000003", on=FIFTH, source_ref="1", end_to_end_id="E-1")
    back = returned("-297.50", "RE-000003", on=SIXTH, source_ref="2", end_to_end_id="E-1")
    again = moved("291.55", "RE-000003", on=SEVENTH, source_ref="3")
    scene.upload(statement(paid))

    scene.upload(statement(back, again), name="returned.txt")

    assert "RE-000003" not in scene.open()
    assert scene.legs("dis:") == ["D 8736 5.00", "D 1776 0.95", "C 1400 5.95"]
    assert scene.violations() == []


@pytest.mark.usefixtures("person")
def test_no_rule_takes_more_than_the_percent_after_a_return(scene):
    """5.95 were recovered with the return; 285.72 is short of the 291.55, in time or not."""
    paid_with_discount_and_returned(scene)

    scene.upload(statement(moved("285.72", "RE-000003", on=SEVENTH)), name="again.txt")

    assert scene.waiting() == [("285.72 EUR", "underpaid")]
    assert scene.legs("dis:") == ["D 8736 5.00", "D 1776 0.95", "C 1400 5.95"]


@pytest.mark.usefixtures("person")
def test_what_is_paid_in_time_once_more_has_its_discount_once_more(scene):
    """The first one was recovered: 5.95 are given up of RE-000003 in the end."""
    paid_with_discount_and_returned(scene)

    scene.upload(statement(moved("291.55", "RE-000003", on=SEVENTH)), name="again.txt")

    assert "RE-000003" not in scene.open()
    assert scene.legs("dis:") == ["D 8736 5.00", "D 1776 0.95", "C 1400 5.95"] * 2
    assert scene.legs("rec:") == ["C 8736 5.00", "C 1776 0.95", "D 1400 5.95"]
    assert scene.violations() == []


def test_a_person_grants_the_percent_once(scene, person):
    """100.00, then 191.55 with 5.95, which is 2 % of 297.50; the 100.00 come back, not the discount."""
    scene.upload(statement(moved("100.00", "Rate", on=FIFTH, end_to_end_id="E-1")))
    person.assign("RE-000003")
    scene.upload(statement(moved("191.55", "Rest", on=SIXTH)), name="rest.txt")
    person.assign("RE-000003", rest_as=AccountFact.CASH_DISCOUNT)
    back = returned("-100.00", "Rate", on=SEVENTH, end_to_end_id="E-1")
    scene.upload(statement(back), name="returned.txt")
    assert scene.open()["RE-000003"] == "100.00 EUR"
    scene.upload(statement(moved("98.00", "Rate", on=SEVENTH, source_ref="9")), name="again.txt")

    with pytest.raises(TransitionRefused, match=r"2\.00 EUR .* at most 0\.00 EUR"):
        person.assign("RE-000003", rest_as=AccountFact.CASH_DISCOUNT)

    person.assign("RE-000003")
    assert scene.open()["RE-000003"] == "2.00 EUR"
    assert scene.violations() == []


def test_what_a_rule_gave_up_is_taken_back_by_its_document_and_by_its_movement(scene, person):
    """First the discount alone, then the payment: the proof of the match holds all the while."""
    scene.upload(statement(moved("291.55", "RE-000003", on=FIFTH)))
    with scene.database.write(scene.tenant.id) as tx:
        given = TakenBackFields.model_validate({"reason": "Kein Skonto vereinbart"})
        undo_write_off(tx, scene.tenant, "RE-000003", given)
    assert scene.open()["RE-000003"] == "5.95 EUR"
    assert scene.violations() == []

    person.undo(person.booked())

    assert scene.open()["RE-000003"] == "297.50 EUR"
    assert scene.legs("rec:") == ["C 8736 5.00", "C 1776 0.95", "D 1400 5.95"]
    assert scene.violations() == []

"""A booked movement is taken back whole, by reversal; on both databases (P25, F065)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from tests.services.bank.people import ON, TWO_PERCENT, WRONG, Person
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, returned, statement
from tests.services.waiting import until_it_waits

from faktura.flows.statements import match_open
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.errors import Conflict, NotFound, OutOfRange, TransitionRefused
from faktura.kernel.terms import AccountFact
from faktura.services.assignment import assign, assign_to_customer
from faktura.services.imports.payment_fields import RefundFields, TakenBackFields
from faktura.services.person_desk import Assigned
from faktura.services.refunds import record_refund
from faktura.services.setting_unpaid import SettingUnpaid, set_unpaid
from faktura.services.undoing_matches import undo
from faktura.services.write_offs import undo_write_off

PAYER = "DE89370400440532013000"


@pytest.fixture
def person(scene: BankScene) -> Person:
    """A person who decides."""
    return Person(scene)


def test_what_a_rule_booked_is_taken_back_and_waits_for_a_person(scene, person):
    """Account, allocation and journal leg by leg; the rules do not book it again."""
    scene.upload(statement(moved("35.70", "RE-000001")))
    movement_id = person.booked()

    done = person.undo(movement_id)

    assert done.numbers == ("RE-000001",)
    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert [(t.fact.value, str(t.amount)) for t in scene.account_of(0)] == [
        ("INVOICE", "35.70 EUR"), ("PAYMENT", "-35.70 EUR"), ("SET_UNPAID", "35.70 EUR"),
    ]  # fmt: skip
    assert scene.account_of(0)[-1].value_date == ON
    assert scene.legs("unp:") == ["C 1200 35.70", "D 1400 35.70"]
    assert scene.waiting() == [("35.70 EUR", "undone")]
    assert match_open(scene.database, scene.tenant).booked == 0
    (movement,) = scene.movements(MovementState.OPEN)
    assert (movement.reason, movement.proposals) == ("Falsch zugeordnet", ())
    assert scene.violations() == []


def test_it_may_be_decided_and_taken_back_any_number_of_times(scene, person):
    """Each booking has entries of its own."""
    scene.upload(statement(moved("35.70", "RE-000001")))
    movement_id = person.booked()
    for _ in range(3):
        person.undo(movement_id)
        person.split({"RE-000002": "30.00"}, K_1="5.70")
        assert scene.open()["RE-000002"] == "70.00 EUR"

    assert person.undo(movement_id).numbers == ("RE-000002",)

    assert scene.open() == {
        "RE-000001": "35.70 EUR", "RE-000002": "100.00 EUR", "RE-000003": "297.50 EUR",
    }  # fmt: skip
    assert str(scene.account_of(0)[-1].balance_after) == "35.70 EUR"
    assert scene.violations() == []


def test_credit_that_was_kept_is_taken_back_with_it(scene, person):
    """Also where no document was named at all."""
    scene.upload(statement(moved("20.00", "Vorauszahlung")))
    movement_id = person.waiting
    with scene.database.write(scene.tenant.id) as tx:
        assign_to_customer(tx, scene.tenant, movement_id, "K-1")

    assert person.undo(movement_id).numbers == ()

    last = scene.account_of(0)[-1]
    assert (last.text, str(last.balance_after)) == (
        "Zahlung ohne Rechnung zurückgenommen", "35.70 EUR",
    )  # fmt: skip
    assert scene.violations() == []


def test_credit_that_was_paid_out_since_is_in_the_way(scene, person):
    """P37: nothing would say who owes it."""
    scene.upload(statement(moved("40.00", "zu viel")))
    person.assign("RE-000001")
    given = RefundFields.model_validate(
        {"amount": "4.30", "account": scene.account.iban, "valueDate": "2026-10-20"}
    )
    with scene.database.write(scene.tenant.id) as tx:
        record_refund(tx, scene.tenant, "K-1", given)

    with pytest.raises(Conflict, match=r"4\.30 EUR of it stayed as credit, of which 0\.00 EUR"):
        person.undo(person.booked())

    assert "RE-000001" not in scene.open()


@pytest.mark.parametrize(
    ("number", "amount", "fact", "left", "legs"),
    [
        (
            "RE-000001", "35.00", AccountFact.WRITE_OFF, "35.70 EUR",
            ["C 2406 0.59", "C 1776 0.11", "D 1400 0.70"],
        ),
        (
            "RE-000003", "291.55", AccountFact.CASH_DISCOUNT, "297.50 EUR",
            ["C 8736 5.00", "C 1776 0.95", "D 1400 5.95"],
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("unpaid", [False, True])
def test_what_was_given_up_with_it_is_owed_again(
    scene, person, number, amount, fact, left, legs, unpaid
):
    """With its VAT; by undoing the movement, or by setting its document unpaid. Twice as well."""
    person.may(most_given_up=100, discount=TWO_PERCENT)
    scene.upload(statement(moved(amount, "Rechnung")))
    for times in (1, 2):
        person.assign(number, rest_as=fact)
        assert number not in scene.open()

        if unpaid:
            with scene.database.write(scene.tenant.id) as tx:
                set_unpaid(tx, scene.tenant, number, SettingUnpaid("Falsch", ON))
        else:
            assert person.undo(person.booked()).numbers == (number,)

        assert scene.open()[number] == left
        assert scene.legs("rec:") == legs * times
    assert scene.violations() == []


def test_a_discount_that_a_rule_took_is_taken_back_with_its_payment(scene, person):
    """Every booking of a rule can be undone, its explicit postings too."""
    person.may(discount=TWO_PERCENT, takes_discount=True)
    scene.upload(statement(moved("291.55", "RE-000003 abzgl. Skonto", on=date(2026, 10, 14))))
    assert "RE-000003" not in scene.open()
    assert scene.legs("dis:") == ["D 8736 5.00", "D 1776 0.95", "C 1400 5.95"]

    assert person.undo(person.booked()).numbers == ("RE-000003",)

    assert scene.open()["RE-000003"] == "297.50 EUR"
    assert scene.legs("rec:") == ["C 8736 5.00", "C 1776 0.95", "D 1400 5.95"]
    assert scene.violations() == []


def test_what_was_given_up_and_taken_back_before_is_not_taken_back_again(scene, person):
    """First the write-off alone, by its document; then the movement."""
    person.may(most_given_up=100)
    scene.upload(statement(moved("35.00", "Rechnung")))
    person.assign("RE-000001", rest_as=AccountFact.WRITE_OFF)
    with scene.database.write(scene.tenant.id) as tx:
        again = TakenBackFields.model_validate({"reason": "Zahlt doch"})
        undo_write_off(tx, scene.tenant, "RE-000001", again)
    assert scene.open()["RE-000001"] == "0.70 EUR"

    person.undo(person.booked())

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.legs("rec:") == ["C 2406 0.59", "C 1776 0.11", "D 1400 0.70"]
    assert scene.violations() == []


def test_who_paid_is_forgotten_with_it(scene, person):
    """A confirmation that was wrong teaches nothing."""
    scene.upload(statement(moved("20.00", "Abschlag", counterparty_iban=PAYER)))
    person.assign("RE-000001")
    assert person.known_payers() == [(PAYER, "K-1")]

    person.undo(person.booked())

    assert person.known_payers() == []


def test_a_draft_is_taken_back_by_a_draft(open_scene):
    """F106: both complete themselves in the order in which they came."""
    scene = open_scene(ledger_account=None)
    person = Person(scene)
    scene.upload(statement(moved("35.70", "RE-000001")))

    person.undo(person.booked())

    assert scene.count("draft_entry") == 2
    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.violations() == []


def test_a_part_that_came_back_since_is_in_the_way(scene, person):
    """The return is undone first."""
    scene.upload(
        statement(
            moved("35.70", "RE-000001", source_ref="1"),
            returned("-39.20", end_to_end_id="UNKNOWN"),
        )
    )
    movement_id = person.booked()
    person.assign("RE-000001")

    with pytest.raises(Conflict, match="taken back already"):
        person.undo(movement_id)


def test_a_return_is_undone_and_the_payment_counts_again(scene, person):
    """The fee too; then it waits for a person."""
    scene.upload(
        statement(moved("35.70", "RE-000001"), returned("-39.20", end_to_end_id="UNKNOWN"))
    )
    person.assign("RE-000001")
    (back,) = scene.movements(MovementState.RETURNED)

    done = person.undo(back.id)

    assert done.numbers == ("RE-000001",)
    assert "RE-000001" not in scene.open()
    assert scene.waiting()[0][0] == "-39.20 EUR"
    assert scene.violations() == []


def test_only_what_is_booked_is_taken_back(scene, person):
    """What waits is not, and nobody's movement is not found."""
    scene.upload(statement(moved("20.00", "Abschlag")))

    with pytest.raises(TransitionRefused, match="it is OPEN: nothing is booked"):
        person.undo(person.waiting)
    with pytest.raises(NotFound):
        person.undo(UUID(int=7))


@pytest.mark.parametrize("day", [date(2026, 11, 10), date(2029, 1, 1)])
def test_the_day_is_not_before_the_money_nor_far_off(scene, person, day):
    """It came on 11 November."""
    scene.upload(statement(moved("35.70", "RE-000001")))
    given = TakenBackFields.model_validate({"reason": "Irrtum", "date": day})

    with pytest.raises(OutOfRange):
        person.undo(person.booked(), given)


def test_without_a_day_it_counts_from_today_or_from_the_moneys_day(scene, person):
    """Today is 1 October here, the money came later."""
    scene.upload(statement(moved("35.70", "RE-000001")))
    given = TakenBackFields.model_validate({"reason": "Irrtum"})

    person.undo(person.booked(), given)

    assert scene.account_of(0)[-1].value_date == date(2026, 11, 11)


def test_a_transfer_for_very_many_documents_is_found_whole(scene, person, monkeypatch):
    """Its entries are read in portions; here of two."""
    monkeypatch.setattr("faktura.services.taking_back._KEYS_A_QUERY", 2)
    scene.bill_november()
    scene.upload(statement(moved("173.40", "Sammler")))
    person.split({"RE-000001": "35.70", "RE-000002": "100.00", "RE-000004": "35.70"}, K_3="2.00")

    done = person.undo(person.booked(), WRONG)

    assert done.numbers == ("RE-000001", "RE-000002", "RE-000004")
    assert str(scene.account_of(2)[-1].text) == "Zahlung ohne Rechnung zurückgenommen"
    assert scene.violations() == []


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_who_waits_for_an_undoing_books_under_a_name_of_its_own(scene, person):
    """P47: how often it was taken back is read once the movement is locked, not before."""
    scene.upload(statement(moved("35.70", "RE-000001")))
    movement_id = person.booked()

    def assigned() -> Assigned:
        with scene.database.write(scene.tenant.id) as tx:
            return assign(tx, scene.tenant, movement_id, ["RE-000001"])

    with ThreadPoolExecutor(1) as pool:
        with scene.database.write(scene.tenant.id) as tx:
            undo(tx, scene.tenant, movement_id, WRONG)
            other = pool.submit(assigned)
            until_it_waits(scene.database, other)
        assert other.result(60).state is MovementState.BOOKED

    assert scene.legs(f"pay:{movement_id}:again1:") == ["D 1200 35.70", "C 1400 35.70"]
    assert scene.violations() == []

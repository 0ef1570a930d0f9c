"""A person confirms what is proposed or marked; on both databases (F097, O6)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.services.bank.people import TWO_PERCENT, Person, settles
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, statement

from faktura.domain.matches import Outcome
from faktura.flows.statements import match_open
from faktura.kernel.bank_terms import AutoBooking, MovementState
from faktura.kernel.errors import Conflict, CurrencyMismatch, OutOfRange, TransitionRefused
from faktura.kernel.terms import AccountFact
from faktura.services.assignment import assign
from faktura.services.confirming import Confirming, confirm
from faktura.store.movement_lists import read_decisions

PAYER = "DE89370400440532013000"


@pytest.fixture
def person(scene: BankScene) -> Person:
    """A person who looks at what waits."""
    return Person(scene)


def test_a_proposal_is_booked_as_it_is_shown_and_its_payer_is_known(scene, person):
    """20.00 of 35.70; who paid from the account is learned from the confirmation."""
    scene.upload(statement(moved("20.00", "Abschlag", counterparty_iban=PAYER)))
    person.propose(settles({"RE-000002": "20.00"}), settles({"RE-000001": "20.00"}))

    done = person.confirm(Confirming(2))

    assert done.state is MovementState.BOOKED
    assert [(number, str(part)) for number, part in done.parts] == [("RE-000001", "20.00 EUR")]
    assert scene.open()["RE-000001"] == "15.70 EUR"
    (movement,) = scene.movements()
    assert (movement.rule, movement.reason) == ("person", "underpaid confirmed by a person")
    with scene.database.read(scene.tenant.id) as tx:
        decision = read_decisions(tx, movement.id)[-1]
    assert (decision.outcome, decision.proof["confirmed"], decision.proof["proposal"]) == (
        "ASSIGNED", 2, 2,
    )  # fmt: skip
    assert person.known_payers() == [(PAYER, "K-1")]
    assert scene.violations() == []


def test_what_is_left_becomes_credit_of_the_proposals_customer(scene, person):
    """A duplicate payment: no document, all of it credit of the one who paid it."""
    scene.upload(statement(moved("35.70", "schon bezahlt")))
    customer = scene.customers[0].id
    person.propose(settles({}, rest="35.70", customer_id=customer, rule="already-paid"))

    done = person.confirm()

    assert done.parts == ()
    assert [(number, str(part)) for number, part in done.credits] == [("K-1", "35.70 EUR")]
    assert person.known_payers() == []
    assert scene.violations() == []


def test_an_overpayment_is_credit_of_the_documents_customer(scene, person):
    """Nobody else is named: it is theirs."""
    scene.upload(statement(moved("40.00", "zu viel")))
    person.propose(settles({"RE-000001": "35.70"}, rest="4.30", rule="overpaid"))

    done = person.confirm()

    assert [(number, str(part)) for number, part in done.credits] == [("K-1", "4.30 EUR")]
    assert scene.open().keys() == {"RE-000002", "RE-000003"}


def test_a_rest_of_documents_of_several_customers_needs_to_be_said(scene, person):
    """Nobody knows whose it is."""
    scene.upload(statement(moved("140.00", "zu viel")))
    both = {"RE-000001": "35.70", "RE-000002": "100.00"}
    person.propose(settles(both, rest="4.30", rule="overpaid"))

    with pytest.raises(TransitionRefused, match="nobody says whose"):
        person.confirm()


def test_a_marked_match_is_booked_by_a_person(scene, person):
    """The tenant only wants to be told; nothing is posted before somebody confirms it."""
    person.may(auto=AutoBooking.MARK)
    scene.upload(statement(moved("35.70", "RE-000001")))
    (movement,) = scene.movements(MovementState.OPEN)
    assert movement.marked
    assert len(movement.proposals) == 1
    assert scene.open()["RE-000001"] == "35.70 EUR"

    person.confirm()

    assert "RE-000001" not in scene.open()
    (movement,) = scene.movements()
    assert (movement.state, movement.marked, movement.proposals) == (
        MovementState.BOOKED, False, (),
    )  # fmt: skip
    assert scene.violations() == []


def test_a_proposed_discount_is_posted_as_such(scene, person):
    """2 % of 297.50: 5.95 with its VAT, without any limit for write-offs."""
    person.may(discount=TWO_PERCENT)
    scene.upload(statement(moved("291.55", "abzgl. Skonto")))
    person.propose(settles({"RE-000003": "291.55"}, given_up="5.95", rule="cash-discount"))

    done = person.confirm()

    assert [(number, str(part)) for number, part in done.given_up] == [("RE-000003", "5.95 EUR")]
    assert scene.legs("dis:") == ["D 8736 5.00", "D 1776 0.95", "C 1400 5.95"]


def test_a_proposed_difference_is_written_off_within_the_limit(scene, person):
    """0.70 where 0.50 may be given up is refused, and booked once 1.00 may be."""
    scene.upload(statement(moved("35.00", "RE 1")))
    person.propose(settles({"RE-000001": "35.00"}, given_up="0.70", rule="charges"))
    person.may(most_given_up=50)
    with pytest.raises(TransitionRefused, match=r"at most 0\.50 EUR"):
        person.confirm()

    person.may(most_given_up=100)
    person.confirm()

    assert scene.legs("wo:") == ["D 2406 0.59", "D 1776 0.11", "C 1400 0.70"]
    assert "RE-000001" not in scene.open()


def test_an_underpayment_is_confirmed_and_its_rest_given_up(scene, person):
    """The proposal leaves 0.70 open; the person says what becomes of it."""
    person.may(most_given_up=100)
    scene.upload(statement(moved("35.00", "RE 1")))
    person.propose(settles({"RE-000001": "35.00"}))

    person.confirm(Confirming(rest_as=AccountFact.WRITE_OFF))

    assert "RE-000001" not in scene.open()


def test_documents_that_stand_differently_by_now_are_a_conflict(scene, person):
    """P38: another payment came in between; what changed is said and nothing is booked."""
    scene.upload(statement(moved("35.70", "Oktober", source_ref="1")))
    first = person.waiting
    person.propose(settles({"RE-000001": "35.70"}))
    scene.upload(statement(moved("20.00", "RE-000001", source_ref="2")), name="b.txt")
    (second,) = [one.id for one in scene.movements(MovementState.OPEN) if one.id != first]
    with scene.database.write(scene.tenant.id) as tx:
        assign(tx, scene.tenant, second, ["RE-000001"])

    with pytest.raises(
        Conflict, match=r"35\.70 EUR of RE-000001 would be settled, 15\.70 EUR are open now"
    ):
        person.confirm()

    assert scene.open()["RE-000001"] == "15.70 EUR"


def test_two_people_who_confirm_at_once_book_it_once(scene, person):
    """The second one looks at it after the first one: it is booked already (P47)."""
    scene.upload(statement(moved("20.00", "Abschlag")))
    person.propose(settles({"RE-000001": "20.00"}))
    movement_id = person.waiting

    def call() -> bool:
        try:
            with scene.database.write(scene.tenant.id) as tx:
                confirm(tx, scene.tenant, movement_id)
        except TransitionRefused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(call) for _ in range(2)]

    assert sorted(run.result() for run in runs) == [False, True]
    assert len(scene.allocations("RE-000001")) == 1
    assert scene.violations() == []


def test_a_difference_that_changed_is_a_conflict(scene, person):
    """0.70 were to be given up; 35.70 are open, so 5.70 would be."""
    person.may(most_given_up=1000)
    scene.upload(statement(moved("30.00", "RE 1")))
    person.propose(settles({"RE-000001": "30.00"}, given_up="0.70", rule="charges"))

    with pytest.raises(Conflict, match=r"0\.70 EUR would be given up, 5\.70 EUR stay open now"):
        person.confirm()


def test_credit_that_is_set_off_is_no_invoice(scene, person):
    """A credit note is taken with its sign: 297.50 less 59.50."""
    number = scene.issue_credit(scene.customers[2], "50.00")
    scene.upload(statement(moved("238.00", "abzgl. Gutschrift")))
    person.propose(settles({"RE-000003": "297.50", number: "-59.50"}, rule="named-exact"))

    person.confirm()

    assert {"RE-000003", number}.isdisjoint(scene.open())


def test_a_document_in_another_currency_is_not_settled(scene, person):
    """A person sees that it was meant; the amount that came is no amount of it."""
    scene.upload(statement(moved("35.70", "RE 1", currency="USD")))
    person.propose(settles({"RE-000001": "35.70"}, rule="other-currency"))

    with pytest.raises(CurrencyMismatch, match="movement is in USD, RE-000001 in EUR"):
        person.confirm()


def test_only_what_is_proposed_can_be_confirmed(scene, person):
    """Proposals count from 1; a movement without any needs to be assigned."""
    scene.upload(statement(moved("20.00", "Abschlag")))
    with pytest.raises(OutOfRange, match="no proposal 1; there are 0"):
        person.confirm()
    person.propose(settles({"RE-000001": "20.00"}))

    for no in (0, 2):
        with pytest.raises(OutOfRange, match=f"no proposal {no}; there are 1"):
            person.confirm(Confirming(no))


def test_a_decision_that_is_not_the_last_one_is_a_conflict(scene, person):
    """What was looked at is not what would be booked."""
    scene.upload(statement(moved("20.00", "Abschlag")))
    person.propose(settles({"RE-000001": "20.00"}))

    with pytest.raises(Conflict, match="decision 1 is not the last one, 2 is"):
        person.confirm(Confirming(decision_no=1))

    person.confirm(Confirming(decision_no=2))
    with pytest.raises(ValueError, match="not enough values"):
        person.confirm()


def test_a_movement_that_no_rule_looked_at_has_nothing_to_confirm(scene, person):
    """As one that was held until now: bank match looks at it."""
    scene.upload(statement(moved("20.00", "Abschlag")))
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.exec_driver_sql("DELETE FROM match_decision")

    with pytest.raises(Conflict, match="no rule looked at it yet"):
        person.confirm()


def test_what_the_rules_decide_again_does_not_change_what_is_confirmed(scene, person):
    """A run in between finds the same and writes nothing new."""
    scene.upload(statement(moved("20.00", "RE-000001")))
    match_open(scene.database, scene.tenant)
    (before,) = scene.movements(MovementState.OPEN)
    match_open(scene.database, scene.tenant)

    (after,) = scene.movements(MovementState.OPEN)

    assert after == before


def test_a_marked_outcome_is_told_in_the_list(scene, person):
    """What is only proposed is not marked."""
    scene.upload(statement(moved("20.00", "Abschlag")))
    person.propose(settles({"RE-000001": "20.00"}))
    assert not scene.movements()[0].marked
    person.propose(settles({"RE-000001": "20.00"}), outcome=Outcome.MARKED)

    assert scene.movements()[0].marked

"""A person decides what a waiting movement is for (P36, P37)."""

from datetime import date
from uuid import UUID

import pytest
from tests.services.bank.statement_files import moved, returned, statement

from faktura.domain.violations import Proof
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.errors import FieldMissing, NotFound, TransitionRefused
from faktura.services.assignment import assign, assign_to_customer


@pytest.fixture
def assigned(scene):
    """Assign the only waiting movement to these documents."""

    def call(*numbers: str):
        [movement] = scene.movements(MovementState.OPEN)
        with scene.database.write(scene.tenant.id) as tx:
            return assign(tx, scene.tenant, movement.id, numbers)

    return call


def test_a_partial_payment_lowers_what_is_open(scene, assigned):
    """20.00 of 35.70; the rest stays open for dunning."""
    scene.upload(statement(moved("20.00", "Abschlag")))

    done = assigned("RE-000001")

    assert done.state is MovementState.BOOKED
    assert [(number, str(part)) for number, part in done.parts] == [("RE-000001", "20.00 EUR")]
    assert scene.open()["RE-000001"] == "15.70 EUR"
    [movement] = scene.movements()
    assert (movement.rule, movement.reason) == ("person", "assigned by a person")
    assert scene.violations() == []


def test_several_documents_are_settled_oldest_first(scene, assigned):
    """October's 35.70 before November's: 50.00 leaves 21.40 of the later one."""
    scene.bill_november()
    scene.upload(statement(moved("50.00", "Miete")))

    done = assigned("RE-000004", "RE-000001")

    assert [(number, str(part)) for number, part in done.parts] == [
        ("RE-000001", "35.70 EUR"),
        ("RE-000004", "14.30 EUR"),
    ]
    assert scene.open()["RE-000004"] == "21.40 EUR"


def test_what_is_left_stays_visible_as_credit(scene, assigned):
    """P37: an overpayment is never refused; it is credit on the account and in the ledger."""
    scene.upload(statement(moved("40.00", "zu viel")))

    done = assigned("RE-000001")

    assert str(done.credit) == "4.30 EUR"
    account = scene.account_of(0)
    assert [str(t.amount) for t in account] == ["35.70 EUR", "-35.70 EUR", "-4.30 EUR"]
    assert str(account[-1].balance_after) == "-4.30 EUR"
    assert account[-1].text == "Zahlung ohne Rechnung"
    assert scene.legs("pay:") == ["D 1200 35.70", "C 1400 35.70", "D 1200 4.30", "C 1400 4.30"]
    assert scene.movements()[0].reason == "assigned by a person, 4.30 EUR kept as credit of K-1"
    assert scene.violations() == []


def test_a_double_payment_becomes_credit_as_a_whole(scene, assigned):
    """Nothing is open of the invoice any more."""
    scene.upload(
        statement(
            moved("35.70", "RE-000001", source_ref="1"), moved("35.70", "RE-000001", source_ref="2")
        )
    )

    done = assigned("RE-000001")

    assert (done.parts, str(done.credit)) == ((), "35.70 EUR")
    assert scene.violations() == []


def test_a_return_is_assigned_to_the_payment_it_undoes(scene, assigned):
    """The bank said nothing of its fee: the person's word makes it 3.50."""
    scene.upload(
        statement(moved("35.70", "RE-000001"), returned("-39.20", end_to_end_id="UNKNOWN"))
    )

    done = assigned("RE-000001")

    assert (done.state, str(done.fee)) == (MovementState.RETURNED, "3.50 EUR")
    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.legs("fee:") == ["D 4970 3.50", "C 1200 3.50"]
    assert scene.movements(MovementState.RETURNED)[0].reason.endswith("fee 3.50 EUR")
    assert scene.violations() == []


def test_a_return_of_another_amount_than_was_paid_is_refused(scene, assigned):
    """The bank names 71.40 and 3.00: the rest of one document alone would be no fee."""
    scene.bill_november()
    scene.upload(
        statement(
            moved("71.40", "RE-000001 RE-000004"),
            returned("-74.40", original="71.40", end_to_end_id="UNKNOWN"),
        )
    )

    with pytest.raises(TransitionRefused, match=r"71\.40 EUR was given back, but 35\.70 EUR"):
        assigned("RE-000001")

    assert str(assigned("RE-000001", "RE-000004").fee) == "3.00 EUR"


def test_a_return_of_less_than_was_paid_is_refused(scene, assigned):
    """A fee cannot be negative."""
    scene.upload(
        statement(moved("35.70", "RE-000001"), returned("-30.00", end_to_end_id="UNKNOWN"))
    )

    with pytest.raises(TransitionRefused, match=r"30\.00 EUR was taken back, but 35\.70 EUR"):
        assigned("RE-000001")


def test_a_return_of_a_document_without_payment_is_refused(scene, assigned):
    """There is nothing to undo."""
    scene.upload(statement(returned("-39.20", end_to_end_id="UNKNOWN")))

    with pytest.raises(TransitionRefused, match="0 payments of RE-000001"):
        assigned("RE-000001")


def test_credit_is_paid_out_up_to_what_is_open(scene, assigned):
    """-40.00 of a credit of -59.50; more than there is would be refused."""
    number = scene.issue_credit(scene.customers[0], "50.00")
    scene.upload(statement(moved("-40.00", "Erstattung")))

    assigned(number)

    assert scene.open()[number] == "-19.50 EUR"
    assert scene.violations(Proof.LEDGER, Proof.ACCOUNTS) == []


def test_paying_out_more_than_the_credit_is_refused(scene, assigned):
    """It would be a claim nobody has billed."""
    scene.upload(statement(moved("-10.00", "Erstattung")))

    with pytest.raises(TransitionRefused, match=r"10\.00 EUR more was paid out"):
        assigned("RE-000001")
    assert scene.waiting() == [("-10.00 EUR", "no-number")]


def test_documents_of_several_customers_are_refused(scene, assigned):
    """Nobody could say whose the rest is."""
    scene.upload(statement(moved("10.00")))

    with pytest.raises(TransitionRefused, match="several customers"):
        assigned("RE-000001", "RE-000002")


def test_an_unknown_document_is_not_found(scene, assigned):
    """The message names it."""
    scene.upload(statement(moved("10.00")))

    with pytest.raises(NotFound, match="RE-999999"):
        assigned("RE-000001", "RE-999999")


def test_without_a_document_nothing_is_assigned(scene, assigned):
    """Money is never booked to nothing."""
    scene.upload(statement(moved("10.00")))

    with pytest.raises(FieldMissing):
        assigned()


def test_a_movement_is_assigned_once(scene):
    """What is booked is booked; a correction is another fact."""
    scene.upload(statement(moved("35.70", "RE-000001", on=date(2026, 11, 3))))
    [movement] = scene.movements()

    with (
        scene.database.write(scene.tenant.id) as tx,
        pytest.raises(TransitionRefused, match="BOOKED already"),
    ):
        assign(tx, scene.tenant, movement.id, ["RE-000002"])
    with scene.database.write(scene.tenant.id) as tx, pytest.raises(NotFound):
        assign(tx, scene.tenant, UUID(int=7), ["RE-000002"])


@pytest.fixture
def kept(scene):
    """Keep the only waiting movement as credit of this customer."""

    def call(customer_number: str):
        [movement] = scene.movements(MovementState.OPEN)
        with scene.database.write(scene.tenant.id) as tx:
            return assign_to_customer(tx, scene.tenant, movement.id, customer_number)

    return call


def test_a_payment_without_a_document_becomes_credit_of_its_customer(scene, kept):
    """P37: whole, visible on the account, from the bank to the receivable; the invoice stays open."""
    scene.upload(statement(moved("20.00", "Vorauszahlung")))

    done = kept("K-1")

    assert (done.state, done.parts, str(done.credit)) == (MovementState.BOOKED, (), "20.00 EUR")
    assert [(str(t.amount), str(t.balance_after)) for t in scene.account_of(0)] == [
        ("35.70 EUR", "35.70 EUR"),
        ("-20.00 EUR", "15.70 EUR"),
    ]
    assert scene.account_of(0)[-1].remittance == "Vorauszahlung"
    assert scene.legs("pay:") == ["D 1200 20.00", "C 1400 20.00"]
    assert scene.open()["RE-000001"] == "35.70 EUR"
    reason = "assigned by a person, 20.00 EUR kept as credit of K-1"
    assert scene.movements(MovementState.BOOKED)[0].reason == reason
    assert scene.violations() == []


def test_money_that_went_out_is_no_credit(scene, kept):
    """Only documents say what it was for."""
    scene.upload(statement(moved("-20.00", "Erstattung")))

    with pytest.raises(TransitionRefused, match=r"-20\.00 EUR did not come in"):
        kept("K-1")

    assert scene.waiting() == [("-20.00 EUR", "no-number")]


def test_credit_of_a_customer_nobody_has_is_refused(scene, kept):
    """The message names the number."""
    scene.upload(statement(moved("20.00")))

    with pytest.raises(NotFound, match="there is no customer K-99"):
        kept("K-99")


def test_a_booked_payment_does_not_become_credit_as_well(scene):
    """It is booked once."""
    scene.upload(statement(moved("35.70", "RE-000001")))
    [movement] = scene.movements()

    with (
        scene.database.write(scene.tenant.id) as tx,
        pytest.raises(TransitionRefused, match="BOOKED already"),
    ):
        assign_to_customer(tx, scene.tenant, movement.id, "K-1")

"""What follows a chargeback, once, for the method that was used (F030, F094, P34, P35)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.services.company import bill
from tests.services.payments.taken_back import TakenBackScene

from faktura.domain.contracts import Contract
from faktura.domain.jobs import JobName, JobState
from faktura.domain.pauses import Pause
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import ChargebackState, FollowUp, MeansState
from faktura.kernel.terms import ContractState, PaymentMethod
from faktura.services.chargebacks import late_failure
from faktura.services.imports.opening_file import OpeningItemFields
from faktura.services.opening_items import create_opening_item
from faktura.services.pausing import pause_subscription, resume_subscription
from faktura.store.billable import view_of
from faktura.store.contracts import read_contract, update_frame, update_states
from faktura.store.customers import read_customer, replace_customers
from faktura.store.database import Database
from faktura.store.jobs import read_jobs
from faktura.store.subscriptions import end_items

TODAY = date(2026, 11, 10)


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> TakenBackScene:
    """Three invoices, none paid; all customers pay by card."""
    scene = TakenBackScene(database, tmp_path / "content")
    for no, customer in enumerate(scene.customers):
        scene.customers[no] = replace(customer, payment_method=PaymentMethod.CARD)
    with database.write(scene.tenant.id) as tx:
        replace_customers(tx, scene.customers)
    return scene


def contract(scene: TakenBackScene, number: str = "V-1") -> Contract:
    """The contract as it is now."""
    with scene.database.read(scene.tenant.id) as tx:
        return read_contract(tx, number)


def pauses(scene: TakenBackScene, number: str = "V-1") -> list[Pause]:
    """The pauses of a contract's subscription."""
    with scene.database.read(scene.tenant.id) as tx:
        (item,) = view_of(tx, read_contract(tx, number).id).items
    return list(item.subscription.pauses)


def steps(scene: TakenBackScene) -> list[tuple[str, str, str]]:
    """What the newest chargeback's follow-up did."""
    return [(one.number, one.done.value, one.why) for one in scene.chargebacks()[0].course.steps]


def change(scene: TakenBackScene, how: Callable[[Contract], Contract]) -> None:
    """The first contract changes."""
    with scene.database.write(scene.tenant.id) as tx:
        changed = how(read_contract(tx, "V-1"))
        update_states(tx, [changed])
        update_frame(tx, changed)


def test_the_subscription_is_paused_from_today_and_the_pause_names_the_chargeback(
    scene: TakenBackScene,
) -> None:
    """F030: the cause stands with the pause (P35)."""
    scene.policy(FollowUp.PAUSE_SUBSCRIPTION)
    scene.dispute(scene.paid("RE-000001"))

    (pause,) = pauses(scene)
    assert (pause.start, pause.end) == (TODAY, None)
    assert pause.reason == "Rückbelastung RE-000001 (double:dp_1)"
    assert steps(scene) == [("V-1", "PAUSED", "")]
    assert scene.chargebacks()[0].follow_up is FollowUp.PAUSE_SUBSCRIPTION
    assert scene.told("CUSTOMER_NOTICE")[0]["changed"] == {"V-1": "PAUSED"}
    assert len(scene.told("CONTRACT_PAUSED")) == 1
    assert scene.violations() == []


def test_a_second_return_in_the_same_pause_does_not_pause_twice(scene: TakenBackScene) -> None:
    """P35; another one after it was resumed pauses again."""
    scene.policy(FollowUp.PAUSE_SUBSCRIPTION)
    attempt = scene.paid("RE-000001")
    scene.dispute(attempt, "double:dp_1", "10.00")
    scene.dispute(attempt, "double:dp_2", "10.00")

    assert len(pauses(scene)) == 1
    assert steps(scene) == [("V-1", "NOTHING", "paused already")]

    with scene.database.write(scene.tenant.id) as tx:
        resume_subscription(tx, scene.tenant, "V-1", on=date(2026, 11, 11))
    scene.clock.advance(date(2026, 11, 20) - TODAY)
    scene.dispute(attempt, "double:dp_3", "15.70")
    assert [one.start for one in pauses(scene)] == [TODAY, date(2026, 11, 20)]


def test_the_pause_ends_where_a_planned_one_begins(scene: TakenBackScene) -> None:
    """What somebody planned for December stays as it is."""
    planned = Pause(date(2026, 12, 1), date(2027, 1, 1), "Winter")
    with scene.database.write(scene.tenant.id) as tx:
        pause_subscription(tx, scene.tenant, "V-1", planned)
    scene.policy(FollowUp.PAUSE_SUBSCRIPTION)

    scene.dispute(scene.paid("RE-000001"))

    assert [(one.start, one.end) for one in pauses(scene)] == [
        (TODAY, date(2026, 12, 1)), (date(2026, 12, 1), date(2027, 1, 1)),
    ]  # fmt: skip


def test_what_cannot_be_paused_says_why_and_the_money_is_booked(scene: TakenBackScene) -> None:
    """No service is left of the subscription."""
    scene.policy(FollowUp.PAUSE_SUBSCRIPTION)
    attempt = scene.paid("RE-000001")
    with scene.database.write(scene.tenant.id) as tx:
        (item,) = view_of(tx, read_contract(tx, "V-1").id).items
        end_items(tx, [replace(item, until=date(2026, 11, 1))])

    scene.dispute(attempt)

    assert steps(scene) == [("V-1", "NOTHING", "no service is left on 2026-11-10 (F037)")]
    assert scene.open()["RE-000001"] == "35.70 EUR"


@pytest.mark.parametrize("what", [FollowUp.PAUSE_SUBSCRIPTION, FollowUp.CONTRACT_TO_TRANSFER])
def test_a_contract_that_is_not_active_any_more_stays_as_it_is(
    scene: TakenBackScene, what: FollowUp
) -> None:
    """P34: the money is booked all the same."""
    scene.policy(what)
    attempt = scene.paid("RE-000001")
    change(scene, lambda one: replace(one, state=ContractState.ENDED, end=date(2026, 11, 1)))

    scene.dispute(attempt)

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert (pauses(scene), contract(scene).payment_method) == ([], None)
    assert steps(scene) == [("V-1", "NOTHING", "contract is ENDED (P34)")]


def test_the_contract_pays_by_transfer_from_now_on_and_its_customer_as_before(
    scene: TakenBackScene,
) -> None:
    """F094: no mail of its own about it, the chargeback's says so."""
    scene.policy(FollowUp.CONTRACT_TO_TRANSFER)
    scene.dispute(scene.paid("RE-000001"))

    assert contract(scene).payment_method is PaymentMethod.TRANSFER
    assert contract(scene, "V-2").payment_method is None
    assert steps(scene) == [("V-1", "MOVED", "")]
    (notice,) = scene.told("CUSTOMER_NOTICE")
    assert (notice["followUp"], notice["changed"]) == ("CONTRACT_TO_TRANSFER", {"V-1": "MOVED"})


def test_the_customer_pays_by_transfer_from_now_on(scene: TakenBackScene) -> None:
    """Of the customer alone, once."""
    scene.policy(FollowUp.CUSTOMER_TO_TRANSFER)
    attempt = scene.paid("RE-000001")
    scene.dispute(attempt, "double:dp_1", "10.00")
    assert steps(scene) == [("K-1", "MOVED", "")]

    scene.dispute(attempt, "double:dp_2", "10.00")
    assert steps(scene) == [("K-1", "NOTHING", "pays by TRANSFER")]
    with scene.database.read(scene.tenant.id) as tx:
        methods = [read_customer(tx, number).payment_method for number in ("K-1", "K-2")]
    assert methods == [PaymentMethod.TRANSFER, PaymentMethod.CARD]
    assert len(scene.told("CUSTOMER_CHANGED")) == 1


def test_the_policy_is_that_of_the_method_that_was_used(scene: TakenBackScene) -> None:
    """The customer pays by PayPal by now: the card's policy counts, but PayPal did not fail."""
    scene.policy(FollowUp.CONTRACT_TO_TRANSFER, method=PaymentMethod.CARD)
    attempt = scene.paid("RE-000001")
    change(scene, lambda one: replace(one, payment_method=PaymentMethod.PAYPAL))

    scene.dispute(attempt)

    assert scene.chargebacks()[0].follow_up is FollowUp.CONTRACT_TO_TRANSFER
    assert contract(scene).payment_method is PaymentMethod.PAYPAL
    assert steps(scene) == [("V-1", "NOTHING", "is paid by PAYPAL")]

    other = scene.paid("RE-000002", method=PaymentMethod.PAYPAL)
    scene.dispute(other, "double:dp_2")
    assert scene.chargebacks()[0].follow_up is FollowUp.NONE


def test_what_followed_is_not_undone_when_it_is_won(scene: TakenBackScene) -> None:
    """A person decides: the task says what was done. Won first, nothing follows."""
    scene.policy(FollowUp.CONTRACT_TO_TRANSFER)
    attempt = scene.paid("RE-000001")
    scene.dispute(attempt)
    scene.won(attempt)
    assert contract(scene).payment_method is PaymentMethod.TRANSFER
    assert scene.tasks() == [("CHARGEBACK_WON", "double:dp_1")]

    scene.won(scene.paid("RE-000002"), "double:dp_2")
    assert contract(scene, "V-2").payment_method is None
    assert len(scene.told("CUSTOMER_NOTICE")) == 1


def test_a_document_without_a_contract_is_booked_and_nothing_follows(scene: TakenBackScene) -> None:
    """An opening item that was paid on a page."""
    scene.policy(FollowUp.PAUSE_SUBSCRIPTION)
    old = OpeningItemFields.model_validate(
        {
            "customerNumber": "K-1",
            "number": "ALT-17",
            "issuedOn": "2026-08-15",
            "dueOn": "2026-09-14",
            "amount": "119.00",
        }
    )
    with scene.database.write(scene.tenant.id) as tx:
        create_opening_item(tx, scene.tenant, old)

    scene.dispute(scene.paid("ALT-17"))

    assert scene.open()["ALT-17"] == "119.00 EUR"
    assert (scene.chargebacks()[0].course.contracts, steps(scene)) == ((), [])
    assert pauses(scene) == []


def test_all_contracts_of_a_collective_invoice_are_concerned(scene: TakenBackScene) -> None:
    """F053, F094: one document of two contracts, both pay by transfer from now on."""
    scene.company.tenant = replace(scene.tenant, collective_invoices=True)
    owner = replace(scene.customers[0], number="K-1-B")
    scene.company.contract(owner, "A-2", start=date(2026, 11, 1))
    bill(scene.database, scene.tenant, date(2026, 11, 1))
    collective = next(number for number, amount in scene.open().items() if amount == "46.29 EUR")
    scene.policy(FollowUp.CONTRACT_TO_TRANSFER)

    scene.dispute(scene.paid(collective))

    assert steps(scene) == [("V-1", "MOVED", ""), ("V-1-B", "MOVED", "")]
    for number in ("V-1", "V-1-B"):
        assert contract(scene, number).payment_method is PaymentMethod.TRANSFER


def test_further_actions_are_asked_for_once_each(scene: TakenBackScene) -> None:
    """A job for each name of the policy, in the same transaction."""
    scene.policy(FollowUp.NONE, "lock", "tell-crm")
    attempt = scene.paid("RE-000001")
    scene.dispute(attempt)
    scene.dispute(attempt)

    with scene.database.read(scene.tenant.id) as tx:
        jobs = read_jobs(tx, list(JobState), 100)
    asked = [one.args for one in jobs if one.name is JobName.ACT_ON_CHARGEBACK]
    chargeback = str(scene.chargebacks()[0].id)
    assert sorted(asked, key=lambda args: str(args["action"])) == [
        {"chargeback": chargeback, "action": "lock"},
        {"chargeback": chargeback, "action": "tell-crm"},
    ]


def test_a_debit_that_failed_late_sets_the_same_going_but_takes_nothing_back(
    scene: TakenBackScene,
) -> None:
    """Pending SEPA that fails with AC04: no reversal, the mandate rests, the policy is done, once."""
    scene.policy(FollowUp.CUSTOMER_TO_TRANSFER, method=PaymentMethod.SEPA_DEBIT)
    means = scene.means(0)
    attempt = scene.attempt("RE-000001", method=PaymentMethod.SEPA_DEBIT, means=means)
    scene.posted()

    scene.fail(attempt, "AC04")
    scene.fail(attempt, "AC04")

    assert scene.posted() == []
    assert scene.open()["RE-000001"] == "35.70 EUR"
    (row,) = scene.chargebacks()
    assert (row.subject, row.state, row.reason) == (
        f"double:{attempt.reference}", ChargebackState.LOST, "AC04",
    )  # fmt: skip
    assert row.course.booked_as == ""
    assert steps(scene) == [("K-1", "NOTHING", "pays by CARD")]
    assert scene.means_now(means).state is MeansState.SUSPENDED
    assert [one["notice"] for one in scene.told("CUSTOMER_NOTICE")] == ["CHARGEBACK"]
    (told,) = scene.told("CHARGEBACK_RECEIVED")
    assert (told["booked"], told["reason"]) == (False, "AC04")
    assert scene.violations() == []


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("AM04", MeansState.ACTIVE),
        ("insufficient_funds", MeansState.ACTIVE),
        ("MD06", MeansState.SUSPENDED),
        ("account_closed", MeansState.SUSPENDED),
        ("MD01", MeansState.GONE),
        ("ZZ99", MeansState.ACTIVE),
    ],
)
def test_the_reason_says_what_becomes_of_the_mandate(
    scene: TakenBackScene, code: str, state: MeansState
) -> None:
    """O13."""
    means = scene.means(0)
    attempt = scene.attempt("RE-000001", method=PaymentMethod.SEPA_DEBIT, means=means)
    scene.fail(attempt, code)

    assert scene.means_now(means).state is state


def test_the_fee_of_a_late_failure_is_booked_although_nothing_else_is(
    scene: TakenBackScene,
) -> None:
    """F095: 7.50 are a cost of payment traffic."""
    attempt = scene.attempt("RE-000001", method=PaymentMethod.SEPA_DEBIT)
    scene.posted()
    with scene.database.write(scene.tenant.id) as tx:
        opened = late_failure(tx, scene.tenant, attempt, "AM04", Money(750, "EUR"))
        again = late_failure(tx, scene.tenant, attempt, "AM04", Money(750, "EUR"))

    assert (opened is not None, again) == (True, None)
    assert scene.posted() == ["PROVIDER_FEE: S 4970 7.50, H 1360 7.50"]
    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert not scene.won(scene.now_paid(attempt), f"double:{attempt.reference}")
    assert scene.violations() == []

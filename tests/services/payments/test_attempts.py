"""Collecting: written before it is sent, sent once, booked once (payments 6.5; P26, P28)."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from tests.services.payments.collected import CollectScene

from faktura.domain.jobs import JobName, JobState
from faktura.domain.payment_policies import PaymentPolicies
from faktura.flows.payment_jobs import ask_for_collection
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import Succeeded
from faktura.store.database import Database
from faktura.store.jobs import read_jobs
from faktura.testing.double_steps import Do, Step

DAY = "collect:2026-10-15"


def test_what_is_due_is_collected_once_and_booked_with_its_fee(database: Database, tmp_path: Path):
    """payments 6.5: one attempt, one charge under its key, payment and fee apart, nothing open."""
    scene = CollectScene(database, tmp_path, customers=2)
    scene.store.script(Step(Do.SUCCEED, invoice="RE-000001", fee=Decimal("0.55")))

    collected = scene.collect()
    again = scene.collect()

    assert (collected.opened, dict(collected.tally.states)) == (2, {"SUCCEEDED": 2})
    assert (again.opened, again.left) == (0, [])
    assert scene.open() == {}
    assert scene.store.audit().charges == {"RE-000001": 1, "RE-000002": 1}
    keys = sorted(one.id.hex for one in scene.all_attempts())
    assert sorted(key for key, _ in scene.store.calls()) == keys
    assert sorted(scene.entry_texts()[2:]) == [
        "Gebühr Zahlung RE-000001",
        "Zahlung RE-000001",
        "Zahlung RE-000002",
    ]
    assert scene.tasks() == []


def test_the_request_is_frozen_with_the_attempt(database: Database, tmp_path: Path):
    """P26: what is sent says whose it is, what it is for, and never changes."""
    scene = CollectScene(database, tmp_path)

    scene.collect()

    (attempt,) = scene.attempts()
    request = json.loads(attempt.request)
    assert request["attempt"] == str(attempt.id)
    assert (request["tenant"], request["amount"], request["currency"]) == ("werk", "35.70", "EUR")
    assert (request["invoice_number"], request["customer_number"]) == ("RE-000001", "K-1")
    assert (request["means"]["reference"], request["due_on"]) == ("tok_K-1", "2026-10-15")
    assert request["description"] == "Werk GmbH RE-000001"


def test_nothing_is_collected_before_it_is_due(database: Database, tmp_path: Path):
    """F102: due on 15 October is not collected on the 14th."""
    scene = CollectScene(database, tmp_path)

    early = scene.collect(date(2026, 10, 14))

    assert (early.opened, early.left, scene.states()) == (0, [], [])


def test_who_pays_by_transfer_is_not_asked(database: Database, tmp_path: Path):
    """F030: transfer is paid by the customer; that is no problem to speak of."""
    scene = CollectScene(database, tmp_path, method=PaymentMethod.TRANSFER)

    collected = scene.collect()

    assert (collected.opened, collected.left) == (0, [])


def test_a_run_for_one_method_leaves_the_others(database: Database, tmp_path: Path):
    """A run with a method collects that method."""
    scene = CollectScene(database, tmp_path)

    assert scene.collect(method=PaymentMethod.PAYPAL).opened == 0
    assert scene.collect(method=PaymentMethod.CARD).opened == 1


def test_what_cannot_be_collected_is_said(database: Database, tmp_path: Path):
    """P43, bad input: below the provider's minimum is a reason, never a silent skip."""
    scene = CollectScene(database, tmp_path, settings={"minimum": "50.00"})

    collected = scene.collect()

    (left,) = collected.left
    assert left.number == "RE-000001"
    assert left.reason == "35.70 EUR is less than the 50.00 EUR that double collects at least"
    assert scene.store.calls() == []


def test_a_payment_under_way_blocks_the_next(database: Database, tmp_path: Path):
    """P28: one live attempt a document, also for a person."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.PEND))
    scene.collect()

    again, by_hand = scene.collect(), scene.retry()

    assert scene.states() == ["PENDING"]
    assert (again.opened, again.left) == (0, [])
    assert [one.reason for one in by_hand.left] == ["a payment is under way"]


def test_the_limits_of_schemes_hold_for_people_too(database: Database, tmp_path: Path):
    """payments 6.6: five tries a document, ten a card and 30 days, whoever asks."""
    policies = PaymentPolicies(most_tries=2)
    scene = CollectScene(database, tmp_path, policies=policies)
    scene.store.script(*[Step(Do.DECLINE, code="51")] * 3)
    scene.collect()
    scene.retry()

    third = scene.retry()

    assert scene.states() == ["FAILED", "FAILED"]
    assert [one.reason for one in third.left] == ["it was tried 2 times, which is the most"]


def test_a_card_is_not_asked_more_often_than_schemes_allow(database: Database, tmp_path: Path):
    """payments 6.6: counted by fingerprint over all documents, forgotten after 30 days."""
    policies = PaymentPolicies(most_tries_of_means=1)
    scene = CollectScene(database, tmp_path, policies=policies)
    scene.store.script(Step(Do.DECLINE, code="51"))
    scene.collect()

    early = scene.retry()
    scene.clock.advance(timedelta(days=31))
    late = scene.retry()

    assert [one.reason for one in early.left] == [
        "Visa 4242 was asked 1 times in 30 days, which is the most"
    ]
    assert late.opened == 1


def test_what_was_paid_meanwhile_is_not_sent(database: Database, tmp_path: Path):
    """payments 6.5, tx2: a created attempt whose document owes another amount is cancelled."""
    scene = CollectScene(database, tmp_path)
    scene.leave_behind()
    scene.pay_by_bank(3_570)

    scene.resolve(timedelta(minutes=3))

    assert (scene.states(), scene.store.calls()) == (["CANCELLED"], [])


def test_an_amount_that_differs_settles_nothing(database: Database, tmp_path: Path):
    """Point 2: an answer's amount and currency must equal the attempt's."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.DIFFER))

    scene.collect()
    other = Succeeded(reference="dp_1", amount=Decimal("35.70"), currency="USD", at=scene.now)
    scene.report(other)

    assert scene.states() == ["UNKNOWN"]
    assert scene.open() == {"RE-000001": "35.70 EUR"}
    assert scene.task_kinds() == ["PAYMENT_DIFFERS"]


def test_money_for_a_paid_document_is_credit_and_a_task(database: Database, tmp_path: Path):
    """6.5, P37: a late success pays what is open; the rest stays visible, and a person is asked."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.PEND))
    scene.collect()
    scene.pay_by_bank(3_000)
    done = Succeeded(reference="dp_1", amount=Decimal("35.70"), currency="EUR", at=scene.now)

    first, second = scene.report(done), scene.report(done)

    assert (first.moved, second.moved) == (True, False)
    assert (scene.states(), scene.open()) == (["SUCCEEDED"], {})
    assert scene.balance() == "-30.00 EUR"
    assert scene.task_kinds() == ["PAYMENT_UNEXPECTED"]


def test_a_failed_attempt_becomes_money_when_the_provider_says_so(
    database: Database, tmp_path: Path
):
    """6.5: failed or cancelled beats nothing; a late success is booked."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.DECLINE, code="51"))
    scene.collect()

    scene.report(Succeeded(reference="dp_9", amount=Decimal("35.7"), currency="EUR", at=scene.now))

    (attempt,) = scene.attempts()
    assert (attempt.state.value, attempt.failure, attempt.retry_at) == ("SUCCEEDED", None, None)
    assert scene.open() == {}


def test_a_run_outside_the_hours_of_collection_waits(database: Database, tmp_path: Path):
    """payments 6.6: scheduled runs keep to the tenant's hours; a retry has its own minute in them."""
    policies = PaymentPolicies(not_before=time(9), not_after=time(10))
    scene = CollectScene(database, tmp_path, policies=policies)
    scene.store.script(Step(Do.DECLINE, code="51"))

    scene.job(at=datetime(2026, 10, 15, 8, 0, tzinfo=UTC))
    outside = scene.states()
    scene.job(at=datetime(2026, 10, 16, 7, 30, tzinfo=UTC))

    (attempt,) = scene.attempts()
    assert outside == []
    assert attempt.retry_at is not None
    assert attempt.retry_at.date() == date(2026, 10, 17)
    assert time(7) <= attempt.retry_at.time() < time(8)


def test_the_days_collection_waits_for_the_hours_of_collection(database: Database, tmp_path: Path):
    """payments 6.6: put in once a day, due when the tenant's hours begin."""
    policies = PaymentPolicies(not_before=time(11), not_after=time(12))
    scene = CollectScene(database, tmp_path, policies=policies)

    for _ in range(2):
        with database.write(scene.tenant.id) as tx:
            ask_for_collection(tx, scene.tenant)

    with database.read(scene.tenant.id) as tx:
        (job,) = [one for one in read_jobs(tx, [JobState.READY], 50) if one.key == DAY]
    assert (job.name, job.args) == (JobName.COLLECT_PAYMENTS, {"scope": "due"})
    assert job.run_at == datetime(2026, 10, 15, 9, 0, tzinfo=UTC)

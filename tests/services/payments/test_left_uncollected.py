"""What a scheduled collection leaves is never left silently: a task, once, and a line in the log."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.services.payments.collected import CollectScene

from faktura.domain.payment_policies import PaymentPolicies
from faktura.kernel.payment_terms import MeansState
from faktura.store.database import Database
from faktura.store.payment_means import find_means, rewrite_means
from faktura.testing.double_steps import Do, Step

MORNING = datetime(2026, 10, 15, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)
TOO_LITTLE = (
    "RE-000001 is due and is not collected: 35.70 EUR is less than the 50.00 EUR that double"
    " collects at least. Mend that, then: faktura payments retry RE-000001, or have the customer"
    " pay it: faktura payments link RE-000001"
)


def suspend(scene: CollectScene, reference: str) -> None:
    """A means of payment is not used any more."""
    with scene.database.write(scene.tenant.id) as tx:
        means = find_means(tx, "double", reference)
        assert means is not None
        rewrite_means(tx, [replace(means, state=MeansState.SUSPENDED, reason="lost")])


def test_what_is_due_and_cannot_be_collected_is_one_task(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    """P43: said by the scheduled run too, once however often it runs, until it is collected."""
    caplog.set_level(logging.INFO, "faktura.payments")
    scene = CollectScene(database, tmp_path, customers=2, settings={"minimum": "50.00"})

    scene.job(at=MORNING)
    scene.job(at=MORNING + DAY)
    asked = scene.tasks()
    scene.settings = {}
    scene.job(at=MORNING + 2 * DAY)

    assert [kind for kind, _ in asked] == ["PAYMENT_REJECTED", "PAYMENT_REJECTED"]
    assert ("PAYMENT_REJECTED", TOO_LITTLE) in asked
    assert (scene.states(), scene.tasks()) == (["SUCCEEDED"], [])
    told = [one for one in caplog.messages if one.startswith("payments_left")]
    line = (
        "payments_left tenant=werk documents=2 others=0"
        " reasons=2 x 35.70 EUR is less than the 50.00 EUR that double collects a…"
    )
    assert told == [line, line]


def test_a_task_ends_where_the_document_is_paid_otherwise(database: Database, tmp_path: Path):
    """Paid by transfer: nobody needs to mend its collection."""
    scene = CollectScene(database, tmp_path, settings={"minimum": "50.00"})
    scene.job(at=MORNING)
    before = scene.task_kinds()
    scene.pay_by_bank(3_570)
    scene.job(at=MORNING + DAY)

    assert (before, scene.task_kinds()) == (["PAYMENT_REJECTED"], [])


def test_a_dead_means_is_a_task_where_its_death_was_not_told(database: Database, tmp_path: Path):
    """P43: an invoice that was never tried is; one that the card refused was told of then."""
    scene = CollectScene(database, tmp_path, customers=2)
    scene.store.script(Step(Do.DECLINE, invoice="RE-000001", code="41", hard=True))
    suspend(scene, "tok_K-2")
    scene.job(at=MORNING)
    suspend(scene, "tok_K-1")

    scene.job(at=MORNING + DAY)

    ((_, problem),) = scene.tasks()
    assert (scene.states("RE-000001"), scene.states("RE-000002")) == (["FAILED"], [])
    assert "RE-000002 is due and is not collected: Visa 4242 is suspended: lost." in problem


def test_used_up_tries_are_a_task(database: Database, tmp_path: Path):
    """payments 6.6: nobody may ask that card again, and somebody has to know."""
    scene = CollectScene(database, tmp_path, policies=PaymentPolicies(most_tries=1))
    scene.store.script(Step(Do.DECLINE, code="51"))
    scene.job(at=MORNING)
    early = scene.tasks()

    scene.job(at=MORNING + DAY)

    ((kind, problem),) = scene.tasks()
    assert (early, kind) == ([], "PAYMENT_REJECTED")
    assert "it was tried 1 times, which is the most" in problem


def test_what_waits_for_its_turn_asks_nobody(database: Database, tmp_path: Path):
    """On its way, tried again later, over a paused account, not due: no task."""
    scene = CollectScene(database, tmp_path, customers=3)
    scene.store.script(
        Step(Do.PEND, invoice="RE-000001"), Step(Do.DECLINE, invoice="RE-000002", code="51")
    )
    scene.job(at=MORNING)
    scene.job(at=MORNING + timedelta(hours=1))
    waiting = scene.tasks()
    scene.pause()
    scene.job(at=MORNING + 5 * DAY)

    assert (waiting, scene.tasks()) == ([], [])
    assert scene.states("RE-000002") == ["FAILED"]

"""What providers say, and what follows from it (payments 6.3, 6.7)."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from tests.services.payments.collected import CollectScene

from faktura.domain.payment_policies import PaymentPolicies
from faktura.kernel.errors import NotFound
from faktura.plugin import ActionNeeded, Cancelled, Declined, Pending, Succeeded, Unclear
from faktura.services.outcomes import Report, apply_reports
from faktura.store.database import Database
from faktura.store.payment_means import means_of_customers
from faktura.testing.double_steps import Do, Step

FAILED, NOTICE = "RECURRING_PAYMENT_FAILED", "CUSTOMER_NOTICE"


def test_a_soft_decline_is_told_once_and_tried_again(database: Database, tmp_path: Path):
    """6.3: failed, the event, the mail, the next try tomorrow; then it is paid."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.DECLINE, code="51"))
    scene.collect()
    scene.report(Declined(hard=False, code="51"))
    early = scene.collect()
    scene.clock.advance(timedelta(days=1, hours=12))
    scene.collect(retries_only=True)

    first, second = scene.attempts()
    assert (first.state.value, first.failure, second.state.value) == ("FAILED", "SOFT", "SUCCEEDED")
    assert second.previous_id == first.id
    assert [one.reason[:28] for one in early.left] == ["it is tried again at 2026-10"]
    assert scene.events() == [FAILED, NOTICE]
    (told,) = (json.loads(one) for one in scene.events(FAILED))
    assert (told["invoice"], told["contracts"], told["customer"]) == ("RE-000001", ["V-1"], "K-1")
    assert (told["method"], told["class"], told["code"]) == ("CARD", "SOFT", "51")
    assert told["attempt"] == str(first.id)
    assert told["nextRetryAt"].startswith("2026-10-16T")
    assert told["actionUrl"].startswith("/pay/")
    (notice,) = (json.loads(one) for one in scene.events(NOTICE))
    assert (notice["notice"], notice["reason"], notice["language"]) == (
        "PAYMENT_FAILED",
        "GENERAL",
        "de",
    )
    assert "@" not in scene.events(NOTICE)[0]


def test_a_second_soft_decline_is_left_to_dunning(database: Database, tmp_path: Path):
    """6.3: the customer is written to the first time; the world hears of each attempt."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(*[Step(Do.DECLINE, code="51")] * 2)
    scene.collect()
    scene.clock.advance(timedelta(days=1, hours=12))
    scene.collect(retries_only=True)

    assert scene.events() == [FAILED, NOTICE, FAILED]


def test_a_hard_decline_waits_for_another_means(database: Database, tmp_path: Path):
    """6.3, P43: not tried by itself; a means that is gone is not offered again."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(
        Step(Do.DECLINE, code="stolen_card", hard=True, means_gone=True, reason="ENTER_AGAIN")
    )
    scene.collect()

    again = scene.collect()

    (attempt,) = scene.attempts()
    assert (attempt.failure, attempt.retry_at) == ("HARD", None)
    assert [one.reason for one in again.left] == ["no card is saved at payment account double"]
    with database.read(scene.tenant.id) as tx:
        (means,) = means_of_customers(tx, [attempt.customer_id])[attempt.customer_id]
    assert (means.state.value, means.reason) == ("GONE", "stolen_card")
    (notice,) = (json.loads(one) for one in scene.events(NOTICE))
    assert notice["reason"] == "ENTER_AGAIN"


def test_our_own_mistake_is_a_task_and_no_mail(database: Database, tmp_path: Path):
    """6.3: rejected alarms the operator, never the customer; nobody tries it again by itself."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.REJECT, code="parameter_missing"))

    scene.collect()

    assert scene.states() == ["FAILED"]
    assert scene.events() == [FAILED]
    assert scene.task_kinds() == ["PAYMENT_REJECTED"]
    assert scene.collect().opened == 0


def test_a_customer_who_must_confirm_is_asked_and_lapses(database: Database, tmp_path: Path):
    """6.3: needs-action with the link; after the days of the policy it is called off, told once."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.ACT))
    scene.collect()
    before = scene.states()

    scene.resolve(timedelta(days=6))
    waiting = scene.states()
    scene.resolve(timedelta(days=1))

    (attempt,) = scene.attempts()
    assert (before, waiting) == (["ACTION_NEEDED"], ["ACTION_NEEDED"])
    assert (attempt.state.value, attempt.failure, attempt.retry_at) == ("FAILED", "LAPSED", None)
    assert scene.store.payment("RE-000001").state == "CANCELLED"
    assert scene.events() == [FAILED, NOTICE]
    (notice,) = (json.loads(one) for one in scene.events(NOTICE))
    assert (notice["notice"], notice["reason"]) == ("ACTION_NEEDED", "CONFIRM")


def test_who_confirmed_in_the_last_minute_has_paid(database: Database, tmp_path: Path):
    """6.5: what cannot be called off any more gives its real outcome."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.ACT))
    scene.collect()
    scene.store.settle("RE-000001", scene.now)

    scene.resolve(timedelta(days=7))

    assert (scene.states(), scene.open()) == (["SUCCEEDED"], {})


def test_a_provider_that_refuses_our_key_is_asked_no_more(database: Database, tmp_path: Path):
    """Point 7: the queue pauses, the operator is alarmed once, no customer hears of it."""
    scene = CollectScene(database, tmp_path, customers=2)
    scene.store.script(*[Step(Do.BROKEN)] * 2)

    scene.collect()
    again = scene.collect()
    scene.resolve(timedelta(hours=1))

    assert scene.states("RE-000001") == ["SENT"]
    assert (again.opened, scene.task_kinds()) == (0, ["PROVIDER_BROKEN"])
    assert scene.events() == ["PROVIDER_ACCOUNT_CHANGED"]
    assert len(scene.store.calls()) <= 2
    assert scene.store.audit().charges == {}


def test_a_resumed_account_goes_on_with_what_waited(database: Database, tmp_path: Path):
    """Point 7: what was not taken is sent under the same key."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.BROKEN))
    scene.collect()
    scene.resume()

    scene.resolve(timedelta(minutes=16))

    (attempt,) = scene.attempts()
    assert attempt.state.value == "SUCCEEDED"
    assert [key for key, _ in scene.store.calls()] == [attempt.id.hex] * 2


def test_a_pending_debit_is_neither_paid_nor_failed_by_time(database: Database, tmp_path: Path):
    """6.5: processing is not paid; after its day and two bank days a person is asked, daily looked."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.PEND))
    scene.collect()

    scene.resolve(timedelta(days=8))
    early = scene.task_kinds()
    scene.resolve(timedelta(days=4))
    scene.resolve(timedelta(days=1))

    assert (scene.states(), scene.open()) == (["PENDING"], {"RE-000001": "35.70 EUR"})
    assert (early, scene.task_kinds()) == ([], ["PAYMENT_OVERDUE"])
    assert len(scene.store.calls("look_up")) == 3
    assert scene.report(Unclear(why="timeout")).moved is False


def test_reports_that_come_late_change_nothing(database: Database, tmp_path: Path):
    """O5: a yes stays a yes whatever comes after it."""
    scene = CollectScene(database, tmp_path)
    scene.collect()
    day = scene.now.date()

    late = [
        scene.report(Declined(hard=True, code="x")),
        scene.report(Cancelled()),
        scene.report(ActionNeeded()),
        scene.report(Unclear(why="lost")),
        scene.report(
            Pending(reference="dp_1", amount="35.70", currency="EUR", expected_by=day)  # type: ignore[arg-type]  # read as JSON is
        ),
    ]

    assert [one.moved for one in late] == [False] * 5
    assert (scene.states(), scene.events(), scene.tasks()) == (["SUCCEEDED"], [], [])


def test_a_report_of_an_unknown_attempt_is_refused(database: Database, tmp_path: Path):
    """The caller decides what is foreign; nothing is guessed."""
    scene = CollectScene(database, tmp_path, policies=PaymentPolicies())
    nobody = Report(UUID(int=4_711), Unclear(why="?"))

    with database.write(scene.tenant.id) as tx, pytest.raises(NotFound):
        apply_reports(tx, scene.tenant, [nobody])


def test_who_failed_and_paid_in_the_same_breath_has_paid(database: Database, tmp_path: Path):
    """O5: nobody is told of a failure that was none."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.PEND))
    scene.collect()
    (pending,) = scene.attempts()
    paid = Succeeded(
        reference=pending.reference or "", amount=Decimal("35.70"), currency="EUR", at=scene.now
    )
    reports = [Report(pending.id, Declined(hard=False, code="51")), Report(pending.id, paid)]

    with database.write(scene.tenant.id) as tx:
        apply_reports(tx, scene.tenant, reports)

    assert (scene.states(), scene.open(), scene.tasks()) == (["SUCCEEDED"], {}, [])
    assert scene.events() == []

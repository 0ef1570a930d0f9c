"""When failed work is tried again, and which handler does which job."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from faktura.domain.jobs import ClaimedJob, JobName, Postponed, Quarantined
from faktura.flows.retry import (
    POLICIES,
    RetryPolicy,
    after_failure,
    after_loss,
    when_to_deliver_again,
)
from faktura.flows.tasks import HANDLERS, SCHEDULE
from faktura.kernel.errors import FileUnreadable, PluginMissing, SettingMissing
from faktura.kernel.outside_errors import LinkRefused

NOW = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
ID = UUID("01a190f9-0000-7001-8000-000000000001")


def job(attempt, name=JobName.SEND_EXPORT):
    return ClaimedJob(1, ID, name, {}, attempt, "w")


def test_every_job_has_a_handler_and_a_policy():
    """A name without one would be put in and never done."""
    assert set(HANDLERS) == set(JobName)
    assert set(POLICIES) == set(JobName)


def test_what_is_scheduled_is_a_job():
    """The schedule puts jobs in by name, without arguments."""
    assert set(SCHEDULE) == {
        JobName.CONTRACT_DAY,
        JobName.ACCOUNTING_DAY,
        JobName.PAYMENT_DAY,
        JobName.COLLECT_PAYMENTS,
        JobName.RESOLVE_PAYMENTS,
        JobName.POLL_PROVIDERS,
        JobName.BANK_DAY,
        JobName.OUTBOX_ROUND,
        JobName.MAIL_DAY,
        JobName.RUN_DUNNING,
        JobName.VAT_DAY,
        JobName.TIDY_UP,
    }


def test_each_pause_doubles_until_the_longest():
    """10 s, 20 s, 40 s, then a minute each time."""
    policy = RetryPolicy(9, timedelta(seconds=10), timedelta(minutes=1))

    pauses = [policy.pause_after(attempt).seconds for attempt in (1, 2, 3, 4, 9)]

    assert pauses == [10, 20, 40, 60, 60]


def test_another_system_is_tried_for_more_than_a_day():
    """14 attempts: 30 s to 4 h 16 min, then three pauses of 6 hours: 26 hours and a half in all."""
    pauses = [POLICIES[JobName.SEND_EXPORT].pause_after(attempt) for attempt in range(1, 14)]

    assert sum(pauses, timedelta()) == timedelta(hours=26, minutes=31, seconds=30)


def test_a_subscriber_is_told_ten_times_in_three_days():
    """The tenth try comes after 73 hours and 36 minutes; then nobody tries any more."""
    at = NOW
    for tries in range(1, 10):
        again = when_to_deliver_again(tries, at)
        assert again is not None
        at = again

    assert at - NOW == timedelta(hours=73, minutes=36)
    assert when_to_deliver_again(10, at) is None


@pytest.mark.parametrize(
    ("wish", "pause"),
    [(30, timedelta(minutes=1)), (7200, timedelta(hours=2)), (10**9, timedelta(hours=24))],
)
def test_a_subscriber_is_left_alone_as_long_as_it_asks_for_up_to_a_day(wish, pause):
    """A wish shorter than our own pause changes nothing."""
    assert when_to_deliver_again(1, NOW, timedelta(seconds=wish)) == NOW + pause


def test_a_failed_job_is_postponed_with_its_named_error():
    """What a person needs: code, problem, place, mend."""
    error = SettingMissing("no url is set", place="instance hook", mend="Set HOOK__URL")

    outcome = after_failure(job(2), error, NOW)

    assert outcome == Postponed(
        NOW + timedelta(seconds=60),
        {
            "code": "setting_missing",
            "problem": "no url is set",
            "place": "instance hook",
            "mend": "Set HOOK__URL",
        },
    )


def test_an_error_nobody_named_is_kept_by_its_type():
    """A bug shows as such, in one line."""
    outcome = after_failure(job(1), KeyError("seal"), NOW)

    assert isinstance(outcome, Postponed)
    assert outcome.error["code"] == "unexpected"
    assert outcome.error["problem"] == "KeyError: 'seal'"


def test_an_error_can_be_written_whatever_another_system_said():
    """JSON can bring half a character, which no database takes: all that settle with it would wait."""
    outcome = after_failure(job(1), SettingMissing("they say \ud800", place="\udc80"), NOW)

    assert isinstance(outcome, Postponed)
    assert (outcome.error["problem"], outcome.error["place"]) == ("they say ?", "?")


@pytest.mark.parametrize(("attempt", "outcome"), [(13, Postponed), (14, Quarantined)])
def test_the_last_attempt_ends_in_quarantine(attempt, outcome):
    """A subscriber has 14 attempts; then a person decides."""
    assert type(after_failure(job(attempt), ValueError("no"), NOW)) is outcome


@pytest.mark.parametrize(
    "error", [LinkRefused("it says INVALID_INPUT"), FileUnreadable("no"), PluginMissing("no")]
)
def test_a_register_that_refuses_a_question_is_not_asked_it_again(error):
    """Jobs of one member state stand in line: the next customer's must not wait a day for this one."""
    assert type(after_failure(job(1, JobName.CHECK_VAT_ID), error, NOW)) is Quarantined
    assert type(after_failure(job(1), error, NOW)) is Postponed


def test_a_job_whose_worker_died_is_due_at_once():
    """The job is not to blame."""
    outcome = after_loss(job(1), NOW)

    assert isinstance(outcome, Postponed)
    assert (outcome.run_at, outcome.error["code"]) == (NOW, "worker_lost")


def test_a_job_that_kills_its_workers_is_quarantined():
    """Otherwise it would take down one worker after the other for ever."""
    outcome = after_loss(job(14), NOW)

    assert isinstance(outcome, Quarantined)
    assert outcome.error["place"] == "job 01a190f9-0000-7001-8000-000000000001"

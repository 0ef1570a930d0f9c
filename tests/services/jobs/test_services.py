"""What a person does with jobs, and what the schedule puts in."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from faktura.domain.jobs import Finished, JobName, JobState, Quarantined
from faktura.flows.tasks import HANDLERS, SCHEDULE, start_what_is_due
from faktura.kernel.errors import NotFound, TransitionRefused
from faktura.services.jobs import list_jobs, retry_job, show_job
from faktura.store.jobs import enqueue
from faktura.store.queues import queue_of
from faktura.store.schedule import take_tick

LEASE = timedelta(seconds=60)
NOBODY = UUID("01a190f9-0000-7001-8000-00000000dead")
TOLD = {"code": "delivery_failed", "problem": "no answer", "place": "", "mend": ""}


def put(database, n, tenant_id=1):
    with database.write(tenant_id) as tx:
        return enqueue(tx, JobName.DELIVER, {"n": n})


def all_jobs(database, tenant_id=1, states=tuple(JobState), limit=50):
    with database.read(tenant_id) as tx:
        return list_jobs(tx, states, limit)


def test_jobs_are_listed_newest_first_by_state(database):
    """A person sees the tenant's own jobs only."""
    for n in (1, 2, 3):
        put(database, n)
    put(database, 9, tenant_id=2)
    queue = queue_of(database)
    first, _second = queue.claim("w", 2, LEASE)
    queue.settle([(first, Quarantined(TOLD))])

    everything = [(job.args["n"], job.state) for job in all_jobs(database)]
    stuck = all_jobs(database, states=[JobState.QUARANTINED])
    latest = all_jobs(database, limit=1)

    assert everything == [(3, "READY"), (2, "RUNNING"), (1, "QUARANTINED")]
    assert [(job.args["n"], job.error) for job in stuck] == [(1, TOLD)]
    assert [job.args["n"] for job in latest] == [3]


def test_a_person_tries_a_quarantined_job_again(database):
    """It is due now and has all its attempts before it."""
    job_id = put(database, 1)
    queue = queue_of(database)
    (job,) = queue.claim("w", 1, LEASE)
    queue.settle([(job, Quarantined(TOLD))])

    with database.write(1) as tx:
        retried = retry_job(tx, job_id)

    assert (retried.state, retried.attempts, retried.run_at) == (
        JobState.READY,
        0,
        database.clock.now(),
    )
    assert retried.error == TOLD


@pytest.mark.parametrize("done", [True, False])
def test_a_job_that_runs_or_is_done_is_not_tried_again(database, done):
    """Running it beside itself, or once more after success, is nobody's wish."""
    job_id = put(database, 1)
    queue = queue_of(database)
    (job,) = queue.claim("w", 1, LEASE)
    if done:
        queue.settle([(job, Finished())])

    refused = pytest.raises(TransitionRefused, match="DONE" if done else "RUNNING")
    with refused, database.write(1) as tx:
        retry_job(tx, job_id)


def test_a_job_of_another_tenant_does_not_exist(database):
    """Tenants do not see each other (P50)."""
    job_id = put(database, 1, tenant_id=2)

    with pytest.raises(NotFound), database.read(1) as tx:
        show_job(tx, job_id)
    with pytest.raises(NotFound), database.write(1) as tx:
        retry_job(tx, NOBODY)


TIDYING = {JobName.TIDY_UP: SCHEDULE[JobName.TIDY_UP]}


def test_the_schedule_puts_a_job_in_once_a_local_day(database, clock):
    """31 October, 09:00 in Berlin is past 03:30; in New York it is 04:00, past it, too."""
    start_what_is_due(database, TIDYING)
    start_what_is_due(database, TIDYING)
    first_day = (len(all_jobs(database)), len(all_jobs(database, tenant_id=2)))

    clock.advance(timedelta(hours=17, minutes=31))  # 02:31 in Berlin on 1 November
    start_what_is_due(database, TIDYING)
    too_early = len(all_jobs(database))
    clock.advance(timedelta(hours=1))
    start_what_is_due(database, TIDYING)

    assert first_day == (1, 1)
    assert too_early == 1
    assert len(all_jobs(database)) == 2
    assert all_jobs(database)[0].key == "TIDY_UP:2026-11-01T02:30:00+00:00"


def test_only_one_worker_takes_a_tick(database):
    """Two that look at the same moment put in one job; a tick never goes back."""
    tick = datetime(2026, 10, 31, 2, 30, tzinfo=UTC)

    with database.write(1) as tx:
        taken = [take_tick(tx, "X", at) for at in (tick, tick, tick - timedelta(days=1))]
        other = take_tick(tx, "Y", tick)

    assert taken == [True, False, False]
    assert other is True


def test_jobs_done_long_ago_are_forgotten(database, context_with, clock):
    """After 30 days; what waits for a person or is not done stays, however old."""
    queue = queue_of(database)
    for n in (1, 2):
        put(database, n)
    done, stuck = queue.claim("w", 2, LEASE)
    queue.settle([(done, Finished())])
    queue.settle([(stuck, Quarantined(TOLD))])
    put(database, 3)

    clock.advance(timedelta(days=30))
    HANDLERS[JobName.TIDY_UP](context_with(), 1, {})
    after_30_days = [job.args["n"] for job in all_jobs(database)]
    clock.advance(timedelta(seconds=1))
    HANDLERS[JobName.TIDY_UP](context_with(), 1, {})

    assert after_30_days == [3, 2, 1]
    assert [job.args["n"] for job in all_jobs(database)] == [3, 2]

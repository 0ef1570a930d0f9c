"""What each engine of the queue promises: our own table on SQLite, procrastinate on PostgreSQL."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

from faktura.domain.jobs import Finished, JobName, JobRequest, JobState, Postponed, Quarantined
from faktura.store.jobs import enqueue, enqueue_all, find_job, make_ready

LEASE = timedelta(seconds=60)
NOBODY = UUID("01a190f9-0000-7001-8000-00000000dead")
TOLD = {"code": "delivery_failed", "problem": "no answer", "place": "", "mend": ""}


def put(database, args, *, tenant_id=1, **how: Any):
    with database.write(tenant_id) as tx:
        return enqueue(tx, JobName.DELIVER, args, **how)


def look(database, job_id, *, tenant_id=1):
    with database.read(tenant_id) as tx:
        return find_job(tx, job_id)


def numbers(claimed):
    return [job.args["n"] for job in claimed]


def test_a_job_is_handed_out_with_what_was_put_in(database, queue):
    """Tenant, name and arguments come back as they were; the first attempt counts 1."""
    job_id = put(database, {"n": 7, "text": "Straße", "list": [1, None, True]}, tenant_id=2)

    (job,) = queue.claim("w", 10, LEASE)

    assert (job.tenant_id, job.id, job.name, job.attempt) == (2, job_id, JobName.DELIVER, 1)
    assert job.args == {"n": 7, "text": "Straße", "list": [1, None, True]}


def test_a_claimed_job_is_not_handed_out_again(database, queue):
    """A claim holds for its lease."""
    put(database, {"n": 1})

    first, second = queue.claim("w", 10, LEASE), queue.claim("v", 10, LEASE)

    assert (numbers(first), numbers(second)) == ([1], [])


def test_a_finished_job_stays_done(database, queue):
    """It is kept, with the moment, and never handed out again."""
    job_id = put(database, {"n": 1})
    (job,) = queue.claim("w", 1, LEASE)

    taken_over = queue.settle([(job, Finished())])

    assert taken_over == []
    found = look(database, job_id)
    assert (found.state, found.finished_at) == (JobState.DONE, database.clock.now())
    assert queue.claim("w", 1, LEASE) == []


def test_a_rollback_leaves_no_job(database, queue):
    """The job belongs to the fact's transaction: no fact, no job (P48)."""
    with contextlib.suppress(ZeroDivisionError), database.write(1) as tx:
        enqueue(tx, JobName.DELIVER, {"n": 1})
        enqueue_all(tx, [JobRequest(JobName.DELIVER, {"n": 2})])
        raise ZeroDivisionError

    assert queue.claim("w", 10, LEASE) == []


def test_the_same_key_twice_is_one_job(database, queue):
    """The first request stands; the second learns that it was not needed."""
    first = put(database, {"n": 1}, key="run-5")
    second = put(database, {"n": 2}, key="run-5")

    assert first is not None
    assert second is None
    assert numbers(queue.claim("w", 10, LEASE)) == [1]


def test_a_key_counts_after_the_job_is_done(database, queue):
    """What was done is not done again because somebody asks again."""
    put(database, {"n": 1}, key="run-5")
    (job,) = queue.claim("w", 1, LEASE)
    queue.settle([(job, Finished())])

    assert put(database, {"n": 1}, key="run-5") is None


def test_a_key_counts_within_its_tenant(database, queue):
    """Tenants do not see each other's keys (P50)."""
    put(database, {"n": 1}, key="run-5", tenant_id=1)
    put(database, {"n": 2}, key="run-5", tenant_id=2)

    assert numbers(queue.claim("w", 10, LEASE)) == [1, 2]


def test_the_first_put_in_comes_first(database, queue, clock):
    """Up to the limit, and nothing before its time."""
    now = clock.now()
    put(database, {"n": 4}, run_at=now + timedelta(seconds=1))
    put(database, {"n": 1}, run_at=now)
    put(database, {"n": 2})
    put(database, {"n": 3}, run_at=now)

    first, second = queue.claim("w", 2, LEASE), queue.claim("w", 10, LEASE)
    clock.advance(timedelta(seconds=1))
    third = queue.claim("w", 10, LEASE)

    assert (numbers(first), numbers(second), numbers(third)) == ([1, 2], [3], [4])


def test_workers_that_claim_together_never_get_the_same_job(database, queue):
    """Forty jobs, four workers: each job goes to one of them."""
    with database.write(1) as tx:
        enqueue_all(tx, [JobRequest(JobName.DELIVER, {"n": n}) for n in range(40)])

    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda worker: queue.claim(worker, 10, LEASE), "abcd"))
    rest = queue.claim("e", 40, LEASE)

    taken = [number for jobs in (*claims, rest) for number in numbers(jobs)]
    assert sorted(taken) == list(range(40))


def test_a_postponed_job_comes_again_with_its_error(database, queue, clock):
    """The error of the last attempt is there for a person; the attempt counts on."""
    job_id = put(database, {"n": 1})
    (job,) = queue.claim("w", 1, LEASE)

    queue.settle([(job, Postponed(clock.now() + timedelta(seconds=30), TOLD))])

    waiting = look(database, job_id)
    assert (waiting.state, waiting.attempts, waiting.error) == (JobState.READY, 1, TOLD)
    assert waiting.run_at == clock.now() + timedelta(seconds=30)
    assert queue.claim("w", 1, LEASE) == []
    clock.advance(timedelta(seconds=30))
    (again,) = queue.claim("w", 1, LEASE)
    assert (again.id, again.attempt) == (job_id, 2)


def test_a_quarantined_job_waits_for_a_person(database, queue, clock):
    """It is not handed out until somebody makes it ready; then it has all its attempts again."""
    job_id = put(database, {"n": 1})
    (job,) = queue.claim("w", 1, LEASE)
    queue.settle([(job, Quarantined(TOLD))])
    clock.advance(timedelta(days=9))
    nothing = queue.claim("w", 1, LEASE)

    with database.write(1) as tx:
        changed = make_ready(tx, job_id, {JobState.QUARANTINED})

    assert nothing == []
    assert changed is True
    (again,) = queue.claim("w", 1, LEASE)
    assert (again.id, again.attempt) == (job_id, 1)


def test_a_job_that_waits_can_be_made_due_now(database, queue, clock):
    """A person need not wait for the pause after a failure."""
    job_id = put(database, {"n": 1}, run_at=clock.now() + timedelta(hours=6))
    nothing = queue.claim("w", 1, LEASE)

    with database.write(1) as tx:
        changed = make_ready(tx, job_id, {JobState.READY})

    assert nothing == []
    assert changed is True
    assert numbers(queue.claim("w", 1, LEASE)) == [1]


def test_a_job_that_does_not_exist_or_runs_cannot_be_made_due(database, queue):
    """Nothing changes then."""
    job_id = put(database, {"n": 1})
    queue.claim("w", 1, LEASE)

    with database.write(1) as tx:
        changed = [
            make_ready(tx, one, {JobState.READY, JobState.QUARANTINED}) for one in (job_id, NOBODY)
        ]

    assert changed == [False, False]
    assert look(database, job_id).worker == "w"


def test_the_job_of_a_silent_worker_is_taken_over(database, queue, clock):
    """Not before its lease ends, by one worker, and the attempt that was cut off counts."""
    put(database, {"n": 1})
    queue.claim("dead", 1, LEASE)

    clock.advance(LEASE)
    early = queue.adopt("w", 10, LEASE)
    clock.advance(timedelta(seconds=1))
    late = queue.adopt("w", 10, LEASE)
    again = queue.adopt("v", 10, LEASE)

    assert early == []
    assert [(job.args["n"], job.attempt, job.worker) for job in late] == [(1, 1, "w")]
    assert again == []


def test_a_heartbeat_holds_a_job(database, queue, clock):
    """A long job is not taken from a worker that says it is alive; only the named jobs are held."""
    put(database, {"n": 1})
    put(database, {"n": 2})
    first, _second = queue.claim("w", 2, LEASE)
    clock.advance(timedelta(seconds=50))

    queue.extend([first], LEASE)

    clock.advance(timedelta(seconds=50))
    assert numbers(queue.adopt("v", 10, LEASE)) == [2]


def test_who_lost_a_job_cannot_settle_it(database, queue, clock):
    """A worker that slept through its lease must not overwrite what its successor records."""
    job_id = put(database, {"n": 1})
    (lost,) = queue.claim("slow", 1, LEASE)
    clock.advance(timedelta(minutes=2))
    (taken,) = queue.adopt("w", 1, LEASE)

    taken_over = queue.settle([(lost, Finished())])
    queue.extend([lost], timedelta(hours=1))

    assert taken_over == [lost]
    assert look(database, job_id).state is JobState.RUNNING
    assert queue.settle([(taken, Quarantined(TOLD))]) == []


def test_a_settled_job_cannot_be_settled_again(database, queue, clock):
    """The same worker, a later attempt: what the first attempt says comes too late."""
    put(database, {"n": 1})
    (first,) = queue.claim("w", 1, LEASE)
    queue.settle([(first, Postponed(clock.now(), TOLD))])
    queue.claim("w", 1, LEASE)

    assert queue.settle([(first, Finished())]) == [first]

"""What each engine promises of locks: one job at a time, in the order in which they were put in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

from faktura.domain.jobs import Finished, JobName, JobRequest, JobState, Postponed, Quarantined
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.store.database import Database
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


def test_two_jobs_of_one_lock_never_run_at_once(database, queue):
    """The second waits for the first, also within one claim; other locks go on."""
    for n, lock in ((1, "a"), (2, "a"), (3, "b"), (4, None)):
        put(database, {"n": n}, lock=lock)

    first = queue.claim("w", 10, LEASE)
    meanwhile = queue.claim("v", 10, LEASE)
    queue.settle([(first[0], Finished())])
    then = queue.claim("v", 10, LEASE)

    assert (numbers(first), numbers(meanwhile), numbers(then)) == ([1, 3, 4], [], [2])


def test_a_lock_counts_within_its_tenant(database, queue):
    """Tenants do not wait for each other (P50)."""
    put(database, {"n": 1}, lock="a", tenant_id=1)
    put(database, {"n": 2}, lock="a", tenant_id=2)

    assert numbers(queue.claim("w", 10, LEASE)) == [1, 2]


def test_a_job_that_waits_holds_up_those_behind_its_lock(database, queue, clock):
    """Order is kept over failures: the second fact of an object does not overtake the first."""
    put(database, {"n": 1}, lock="a")
    put(database, {"n": 2}, lock="a")
    (job,) = queue.claim("w", 10, LEASE)

    queue.settle([(job, Postponed(clock.now() + timedelta(minutes=1), TOLD))])

    assert queue.claim("w", 10, LEASE) == []
    clock.advance(timedelta(minutes=1))
    assert numbers(queue.claim("w", 10, LEASE)) == [1]


def test_jobs_put_in_together_run_in_their_order(database, queue):
    """One lock: the order of the list, whatever the ids say."""
    with database.write(1) as tx:
        enqueue_all(tx, [JobRequest(JobName.DELIVER, {"n": n}, lock="a") for n in range(12)])
        enqueue_all(tx, [])

    order = []
    while claims := queue.claim("w", 5, LEASE):
        order += numbers(claims)
        queue.settle([(claims[0], Finished())])

    assert order == list(range(12))


def test_the_order_of_a_lock_does_not_follow_the_clocks_of_processes(database, queue, clock):
    """The second process's clock lags by an hour: its job was put in later and runs later."""
    put(database, {"n": 1}, lock="a")
    slow = FixedClock(clock.now() - timedelta(hours=1))
    put(Database(database.engine, slow, Uuid7Source(slow)), {"n": 2}, lock="a")

    (first,) = queue.claim("w", 10, LEASE)
    queue.settle([(first, Finished())])

    assert first.args == {"n": 1}
    assert numbers(queue.claim("w", 10, LEASE)) == [2]


def test_a_quarantined_job_does_not_hold_up_its_lock(database, queue):
    """A person may take days; the rest goes on."""
    put(database, {"n": 1}, lock="a")
    put(database, {"n": 2}, lock="a")
    (job,) = queue.claim("w", 10, LEASE)

    queue.settle([(job, Quarantined(TOLD))])

    assert numbers(queue.claim("w", 10, LEASE)) == [2]


def test_two_workers_that_look_at_the_same_moment_share_a_lock(database, queue):
    """Four workers, one lock, one job at a time, whatever each of them sees."""
    with database.write(1) as tx:
        enqueue_all(tx, [JobRequest(JobName.DELIVER, {"n": n}, lock="a") for n in range(6)])
    order = []
    for _ in range(6):
        start = Barrier(4)

        def claim(worker, start=start):
            start.wait()
            return queue.claim(worker, 3, LEASE)

        with ThreadPoolExecutor(4) as pool:
            claims = [job for jobs in pool.map(claim, "abcd") for job in jobs]
        assert len(claims) == 1
        order += numbers(claims)
        queue.settle([(claims[0], Finished())])

    assert order == [0, 1, 2, 3, 4, 5]


def test_a_job_that_is_tried_again_takes_its_old_place(database, queue):
    """A person retries the first of a lock while others wait: it runs before them."""
    first = put(database, {"n": 1}, lock="a")
    put(database, {"n": 2}, lock="a")
    (job,) = queue.claim("w", 10, LEASE)
    queue.settle([(job, Quarantined(TOLD))])

    with database.write(1) as tx:
        make_ready(tx, first, {JobState.QUARANTINED})

    assert numbers(queue.claim("w", 10, LEASE)) == [1]

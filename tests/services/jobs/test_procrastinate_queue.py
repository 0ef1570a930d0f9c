"""What only procrastinate's queue does: its rows and ours never disagree, and none stays behind."""

import subprocess
import sys
import threading
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from faktura.domain.jobs import Finished, JobName, JobRequest, JobState, Postponed, Quarantined
from faktura.kernel.errors import DatabaseUnreachable, TransitionRefused
from faktura.services.jobs import retry_job
from faktura.store.jobs import delete_done_jobs, enqueue, enqueue_all
from faktura.store.procrastinate_queue import ProcrastinateQueue
from faktura.store.tables import job

LEASE = timedelta(seconds=60)
TOLD = {"code": "delivery_failed", "problem": "no answer", "place": "", "mend": ""}

postgres_only = pytest.mark.parametrize(
    "empty_database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
pytestmark = postgres_only


@pytest.fixture
def queue(database):
    """The queue of PostgreSQL."""
    return ProcrastinateQueue(database)


def put(database, n, **how: Any):
    with database.write(1) as tx:
        return enqueue(tx, JobName.DELIVER, {"n": n}, **how)


def states(database):
    """Each job's state here and there, by its place: a pair says that both know it."""
    with database.read(1) as tx:
        rows = tx.connection.execute(
            text(
                "SELECT state, status FROM job FULL JOIN procrastinate_jobs AS theirs"
                " ON theirs.id = place ORDER BY coalesce(place, theirs.id)"
            )
        )
        return [(row.state, row.status) for row in rows]


def left_behind(database):
    with database.read(1) as tx:
        return [
            tx.connection.execute(text(f"SELECT count(*) FROM procrastinate_{name}")).scalar_one()
            for name in ("jobs", "events")
        ]


def test_both_sides_know_the_same_of_each_job(database, queue, clock):
    """Waiting, running, postponed, quarantined; what is done is ours alone."""
    with database.write(1) as tx:
        enqueue_all(tx, [JobRequest(JobName.DELIVER, {"n": n}) for n in range(5)])
    put(database, 5, run_at=clock.now() + timedelta(hours=1))
    done, postponed, quarantined, _running = queue.claim("w", 4, LEASE)

    lost = queue.settle(
        [
            (quarantined, Quarantined(TOLD)),
            (done, Finished()),
            (postponed, Postponed(clock.now() + timedelta(minutes=1), TOLD)),
        ]
    )

    assert lost == []
    assert states(database) == [
        ("DONE", None),
        ("READY", "todo"),
        ("QUARANTINED", "failed"),
        ("RUNNING", "doing"),
        ("READY", "todo"),
        ("READY", "todo"),
    ]


def test_a_rollback_leaves_nothing_on_either_side(database):
    """The job belongs to the fact's transaction (P48)."""
    with suppress(ZeroDivisionError), database.write(1) as tx:
        enqueue(tx, JobName.DELIVER, {"n": 1})
        enqueue_all(tx, [JobRequest(JobName.DELIVER, {"n": 2})])
        raise ZeroDivisionError

    assert states(database) == []
    assert left_behind(database) == [0, 0]


def test_a_key_that_was_there_leaves_nothing_on_the_other_side(database):
    """procrastinate is asked first, as our row needs its number; the second request is withdrawn."""
    put(database, 1, key="run-5")

    second = put(database, 2, key="run-5")

    assert second is None
    assert states(database) == [("READY", "todo")]


def test_a_done_job_leaves_no_garbage(database, queue, clock):
    """Neither a row nor an event of procrastinate outlives it; forgetting takes ours."""
    for n in range(3):
        put(database, n)
    queue.settle([(found, Finished()) for found in queue.claim("w", 3, LEASE)])
    after_the_work = left_behind(database)

    with database.write(1) as tx:
        forgotten = delete_done_jobs(tx, clock.now() + timedelta(seconds=1))

    assert after_the_work == [0, 0]
    assert forgotten == 3
    assert states(database) == []


def test_a_quarantined_job_is_deferred_again_by_a_person(database, queue):
    """Both sides are ready, and the job runs once more."""
    job_id = put(database, 1)
    (found,) = queue.claim("w", 1, LEASE)
    queue.settle([(found, Quarantined(TOLD))])

    with database.write(1) as tx:
        retry_job(tx, job_id)

    assert states(database) == [("READY", "todo")]
    assert [again.attempt for again in queue.claim("w", 1, LEASE)] == [1]
    assert states(database) == [("RUNNING", "doing")]


def test_a_job_taken_over_changes_on_neither_side(database, queue, clock):
    """The old worker's outcome comes too late; the others of its group are recorded."""
    for n in (1, 2):
        put(database, n)
    lost, kept = queue.claim("slow", 2, LEASE)
    clock.advance(timedelta(seconds=50))
    queue.extend([kept], LEASE)
    clock.advance(timedelta(seconds=50))
    queue.adopt("w", 10, LEASE)

    taken_over = queue.settle([(lost, Finished()), (kept, Finished())])

    assert taken_over == [lost]
    assert states(database) == [("RUNNING", "doing"), ("DONE", None)]


def test_a_claim_that_collides_with_another_one_comes_back_empty(database, queue):
    """The job in front of a lock was committed after the one behind it was taken: ours yields."""
    claimed = []
    with database.write(1) as late:
        enqueue(late, JobName.DELIVER, {"n": 1}, lock="a")
        put(database, 2, lock="a")
        other = database.engine.connect()
        fetched = text("SELECT id FROM procrastinate_fetch_job_v2(ARRAY['faktura']::varchar[], 0)")
        other.execute(text("INSERT INTO procrastinate_workers OVERRIDING SYSTEM VALUE VALUES (0)"))
        other.execute(fetched)
    claiming = threading.Thread(target=lambda: claimed.append(queue.claim("w", 2, LEASE)))
    claiming.start()
    claiming.join(timeout=0.5)
    assert claiming.is_alive()
    other.commit()
    other.close()
    claiming.join(timeout=30)

    assert claimed == [[]]


def test_what_was_deleted_here_by_hand_is_not_handed_out(database, queue):
    """The request is withdrawn there as well, and the next job is not held up."""
    gone = put(database, 1, lock="a")
    put(database, 2, lock="a")
    with database.write(1) as tx:
        tx.connection.execute(delete(job).where(job.c.id == gone))

    first = queue.claim("w", 10, LEASE)
    second = queue.claim("w", 10, LEASE)

    assert first == []
    assert [found.args["n"] for found in second] == [2]
    assert states(database) == [("RUNNING", "doing")]


def test_a_deadlock_has_the_name_of_an_outage(database, queue):
    """PostgreSQL breaks it at our cost: the worker looks again, and does not end."""
    for n in (1, 2):
        put(database, n)
    first, second = queue.claim("w", 2, LEASE)
    refused = []

    def heartbeat():
        try:
            queue.extend([first, second], LEASE)
        except DatabaseUnreachable as exc:
            refused.append(exc.problem)

    with database.engine.begin() as other:
        # The heartbeat looks for the deadlock long before this one does.
        other.execute(text("SET LOCAL deadlock_timeout = '60s'"))
        other.execute(select(job.c.id).where(job.c.id == second.id).with_for_update())
        beating = threading.Thread(target=heartbeat)
        beating.start()
        beating.join(timeout=0.5)
        other.execute(update(job).where(job.c.id == first.id).values(worker="thief"))
    beating.join(timeout=30)

    assert refused == ["the queue does not answer: deadlock detected"]


def test_a_person_and_a_worker_do_not_block_each_other(database, queue):
    """Retrying a job that is being settled waits for it, and then refuses."""
    job_id = put(database, 1)
    (found,) = queue.claim("w", 1, LEASE)
    said = []

    def retry():
        with suppress(TransitionRefused), database.write(1) as tx:
            said.append(retry_job(tx, job_id).state)

    threads = [
        threading.Thread(target=retry),
        threading.Thread(target=lambda: queue.settle([(found, Finished())])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert said == []
    assert states(database) == [("DONE", None)]


def test_nothing_but_a_migration_imports_procrastinate(empty_database_url):
    """It costs most of a second, which no command has to pay."""
    script = (
        "import sys, faktura.cli.main, faktura.worker.process, faktura.store.queues\n"
        "sys.exit('procrastinate' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_waiting_jobs_are_due_by_the_databases_clock(database, queue, clock):
    """What is due by ours is due at once, whatever the database's says."""
    put(database, 1, run_at=clock.now())
    put(database, 2, run_at=clock.now() + timedelta(seconds=1))

    with database.read(1) as tx:
        scheduled = tx.connection.execute(
            text("SELECT scheduled_at FROM procrastinate_jobs ORDER BY id")
        ).scalars()
        assert list(scheduled) == [None, clock.now() + timedelta(seconds=1)]
    with database.read(1) as tx:
        found = tx.connection.execute(select(job.c.state)).scalars().all()
    assert found == [JobState.READY, JobState.READY]

"""What only the queue on our own table has: a constraint behind the lock, a named outage."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from faktura.domain.jobs import JobName
from faktura.kernel.errors import DatabaseUnreachable, WriteRefused
from faktura.store.database import open_database
from faktura.store.jobs import enqueue
from faktura.store.table_queue import TableQueue
from faktura.store.tables import job

LEASE = timedelta(seconds=60)


def two_jobs_of_one_lock(database):
    with database.write(1) as tx:
        return [enqueue(tx, JobName.DELIVER, {"n": n}, lock="a") for n in (1, 2)]


def test_the_database_refuses_a_second_running_job_of_a_lock(database):
    """The rule holds whatever a program does: it is a unique index."""
    two_jobs_of_one_lock(database)

    with pytest.raises(WriteRefused), database.write(1) as tx:
        tx.connection.execute(update(job).values(state="RUNNING", worker="w"))


def test_a_claim_that_collides_with_another_one_comes_back_empty(database):
    """Another worker takes a job of the lock that we cannot see yet: ours waits, then yields."""
    _first, second = two_jobs_of_one_lock(database)
    queue = TableQueue(database)
    claimed = []

    with database.write(1) as tx:
        tx.connection.execute(update(job).where(job.c.id == second).values(state="RUNNING"))
        claiming = threading.Thread(target=lambda: claimed.append(queue.claim("w", 2, LEASE)))
        claiming.start()
        claiming.join(timeout=0.3)
        assert claiming.is_alive()
    claiming.join(timeout=10)

    assert claimed == [[]]


def test_an_outage_has_a_name(tmp_path, clock, ids):
    """The worker tells it from a bug and looks again later."""
    database = open_database(f"sqlite:///{tmp_path}/missing/faktura.sqlite3", clock, ids)

    with pytest.raises(DatabaseUnreachable, match="unable to open database file"):
        TableQueue(database).claim("w", 1, LEASE)

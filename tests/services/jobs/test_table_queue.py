"""What only the queue on our own table does; and the constraint that stands behind every lock."""

from datetime import timedelta

import pytest
from sqlalchemy import update

import faktura.store.database
from faktura.domain.jobs import JobName
from faktura.kernel.errors import DatabaseUnreachable, WriteRefused
from faktura.store.database import open_database
from faktura.store.jobs import enqueue
from faktura.store.table_queue import TableQueue
from faktura.store.tables import job

LEASE = timedelta(seconds=60)
on_sqlite = pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)


def test_the_database_refuses_a_second_running_job_of_a_lock(database):
    """The rule holds whatever a program does: it is a unique index, on both databases."""
    with database.write(1) as tx:
        for n in (1, 2):
            enqueue(tx, JobName.DELIVER, {"n": n}, lock="a")

    with pytest.raises(WriteRefused), database.write(1) as tx:
        tx.connection.execute(update(job).values(state="RUNNING", worker="w"))


@on_sqlite
def test_the_job_that_is_due_for_longest_comes_first(database, clock):
    """Order of run_at, then of putting in."""
    now = clock.now()
    with database.write(1) as tx:
        enqueue(tx, JobName.DELIVER, {"n": 2}, run_at=now)
        enqueue(tx, JobName.DELIVER, {"n": 3}, run_at=now)
        enqueue(tx, JobName.DELIVER, {"n": 1}, run_at=now - timedelta(hours=1))

    claimed = TableQueue(database).claim("w", 10, LEASE)

    assert [found.args["n"] for found in claimed] == [1, 2, 3]


def test_an_outage_has_a_name(tmp_path, clock, ids):
    """The worker tells it from a bug and looks again later."""
    database = open_database(f"sqlite:///{tmp_path}/missing/faktura.sqlite3", clock, ids)

    with pytest.raises(DatabaseUnreachable, match="unable to open database file"):
        TableQueue(database).claim("w", 1, LEASE)


def test_a_writer_that_keeps_the_file_for_too_long_is_an_outage_too(
    tmp_path, clock, ids, monkeypatch
):
    """SQLite says so when a transaction begins, which is no error of SQLAlchemy's."""
    monkeypatch.setattr(faktura.store.database, "_BUSY_TIMEOUT_MS", 1)
    writer, database = (
        open_database(f"sqlite:///{tmp_path / 'faktura.db'}", clock, ids) for _ in range(2)
    )

    refused = pytest.raises(DatabaseUnreachable, match=r"does not answer: .*is locked")
    with writer.write(1), refused:
        TableQueue(database).claim("w", 1, LEASE)

    writer.close()
    database.close()

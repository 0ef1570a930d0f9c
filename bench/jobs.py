"""Claiming and settling jobs in batches, on both engines, with handlers that do nothing.

Wall seconds: the databases' own work counts. What a job itself does comes on top.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg
from company import open_empty
from figure import ROUNDS, Figure

from faktura.domain.jobs import Finished, JobName, JobRequest
from faktura.store.database import Database
from faktura.store.jobs import enqueue_all
from faktura.store.queues import queue_of

JOBS = 1000
_BATCH = 50
_LEASE = timedelta(minutes=10)
_GOAL = 1000
_SERVER = "postgresql://postgres@127.0.0.1:5432"
_NAME = "faktura_bench_jobs"


def measure() -> list[Figure]:
    """Jobs per second: put in by one transaction, then claimed and settled by one worker."""
    with tempfile.TemporaryDirectory() as folder:
        put, done = _rates(open_empty(f"sqlite:///{Path(folder, 'jobs.db')}"))
    goal = f">= {_GOAL} jobs/s"
    figures = [
        _shown("jobs-table-enqueue", put),
        Figure("jobs-table", done, "jobs/s", None, None, goal, done >= _GOAL),
    ]
    with _empty_postgresql() as address:
        if address is None:
            print("jobs-procrastinate: left out, no PostgreSQL answers")
            return figures
        put, done = _rates(open_empty(address))
    return [
        *figures,
        _shown("jobs-procrastinate-enqueue", put),
        _shown("jobs-procrastinate", done),
    ]


def _shown(name: str, rate: float) -> Figure:
    return Figure(name, rate, "jobs/s", None, None, "shown", ok=True)


def _rates(database: Database) -> tuple[float, float]:
    """Medians of jobs put in per second, and of jobs claimed and settled per second."""
    turns = [(_put_in(database), _work_off(database)) for _ in range(ROUNDS)]
    database.close()
    return JOBS / median(put for put, _ in turns), JOBS / median(done for _, done in turns)


def _put_in(database: Database) -> float:
    began = perf_counter()
    with database.write(1) as tx:
        enqueue_all(tx, [JobRequest(JobName.DELIVER, {"n": n}) for n in range(JOBS)])
    return perf_counter() - began


def _work_off(database: Database) -> float:
    queue = queue_of(database)
    settled = 0
    began = perf_counter()
    while claimed := queue.claim("bench", _BATCH, _LEASE):
        assert queue.settle([(job, Finished()) for job in claimed]) == []
        settled += len(claimed)
    taken = perf_counter() - began
    assert settled == JOBS, settled
    return taken


@contextmanager
def _empty_postgresql() -> Iterator[str | None]:
    """The address of a database that is dropped at the end; None where no server answers."""
    try:
        admin = psycopg.connect(f"{_SERVER}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield None
        return
    drop = f"DROP DATABASE IF EXISTS {_NAME} WITH (FORCE)"
    with admin:
        admin.execute(drop)
        admin.execute(f"CREATE DATABASE {_NAME}")
        try:
            yield f"{_SERVER}/{_NAME}"
        finally:
            admin.execute(drop)


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())

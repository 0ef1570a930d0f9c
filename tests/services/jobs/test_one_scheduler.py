"""Of all workers on PostgreSQL one looks at the schedule; when it is gone, another one does."""

import multiprocessing
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection

import pytest
from sqlalchemy import func, select, text

from faktura.domain.jobs import JobName
from faktura.domain.schedule import EveryMinutes
from faktura.kernel.clock import FixedClock, SystemClock
from faktura.kernel.ids import Uuid7Source
from faktura.store.database import Database, open_database
from faktura.store.name_locks import HeldName
from faktura.store.queues import queue_of
from faktura.store.tables import job
from faktura.worker.upkeep import Upkeep

_HOURLY = {JobName.TIDY_UP: EveryMinutes(60)}
_OFTEN_ENOUGH = 100

only_postgresql = [
    pytest.mark.postgres,
    pytest.mark.parametrize("empty_database_url", ["postgres"], indirect=True),
]


def upkeep(database: Database, name: str = "schedule") -> Upkeep:
    """What a worker does beside its jobs."""
    held = HeldName(database, name)
    return Upkeep(database, queue_of(database), "w", timedelta(minutes=1), _HOURLY, held)


@pytest.fixture
def other(empty_database_url: str) -> Iterator[Database]:
    """The same database as another process has it, an hour later."""
    clock = FixedClock(datetime(2026, 10, 31, 9, 0, tzinfo=UTC))
    opened = open_database(empty_database_url, clock, Uuid7Source(clock))
    yield opened
    opened.close()


def count(database: Database) -> int:
    """How many jobs came round, for both tenants."""
    with database.read(0) as tx:
        return tx.connection.execute(select(func.count()).select_from(job)).scalar_one()


def hold(url: str, told: Connection) -> None:
    """A worker that looks at the schedule, says so, and goes on until it is killed."""
    clock = SystemClock()
    database = open_database(url, clock, Uuid7Source(clock))
    told.send(HeldName(database, "schedule").is_held())
    told.recv()


def eventually_held(name: HeldName) -> bool:
    """Whether the name can be had once the server has noticed that its holder is gone."""
    for _ in range(_OFTEN_ENOUGH):
        if name.is_held():
            return True
        with name.database.write(0) as tx:
            tx.connection.execute(text("SELECT pg_sleep(0.05)"))
    return False


@only_postgresql[0]
@only_postgresql[1]
def test_of_two_workers_one_puts_in_what_is_due(database: Database, other: Database):
    """The second one is an hour ahead: what it finds due it leaves to the one that looks."""
    first, second = upkeep(database), upkeep(other)
    first.start_what_is_due()
    assert count(database) == 2

    second.start_what_is_due()
    assert count(database) == 2

    first.leave()
    second.start_what_is_due()
    assert count(database) == 4
    second.leave()


def test_a_tick_is_taken_once_whoever_looks(database: Database):
    """The next worker finds nothing left to put in, on SQLite without any lock."""
    for _ in range(2):
        worker = upkeep(database)
        worker.start_what_is_due()
        worker.leave()

    assert count(database) == 2


@only_postgresql[0]
@only_postgresql[1]
def test_when_the_one_that_looks_is_killed_another_one_does(
    database: Database, empty_database_url: str
):
    """SIGKILL ends its session, and PostgreSQL gives the name back."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    worker = context.Process(target=hold, args=(empty_database_url, there))
    worker.start()
    assert here.recv() is True
    name = HeldName(database, "schedule")
    assert name.is_held() is False

    worker.kill()
    worker.join()

    assert eventually_held(name)
    name.release()
    here.close()
    there.close()


@only_postgresql[0]
@only_postgresql[1]
def test_a_worker_that_hangs_loses_the_schedule_and_notices(database: Database, other: Database):
    """A machine that is cut off says nothing; after its limit the server ends the session."""
    silent, next_one = (
        HeldName(database, "schedule", silence_seconds=1),
        HeldName(other, "schedule"),
    )
    assert silent.is_held()
    assert not next_one.is_held()

    assert eventually_held(next_one)

    assert not silent.is_held()
    next_one.release()
    assert silent.is_held()
    silent.release()

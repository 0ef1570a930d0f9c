"""What both engines of the queue share: our rows in a worker's hands, held for a lease."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeAlias, assert_never
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy import Row as Found
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from faktura.domain.jobs import (
    ClaimedJob,
    EndedJob,
    Finished,
    JobName,
    JobState,
    Outcome,
    Postponed,
    Quarantined,
)
from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import DatabaseUnreachable
from faktura.store.database import Database
from faktura.store.key_lists import among_ids, among_numbers
from faktura.store.tables import job

# Written out, not bound: a partial index serves only a condition that names its state.
READY: ColumnElement[str] = literal_column("'READY'")
RUNNING: ColumnElement[str] = literal_column("'RUNNING'")

# Tenant, job, worker, attempt: what tells a claim from every other one.
_Claim: TypeAlias = tuple[int, UUID, str, int]

# Built once: building a statement costs more than running it.
_HELD = and_(job.c.tenant_id == bindparam("held_tenant"), job.c.id == bindparam("held_id"))
_PLACES = (
    select(job.c.tenant_id, job.c.id, job.c.worker, job.c.attempts, job.c.place)
    .where(among_numbers(job.c.tenant_id, "tenants"), among_ids(job.c.id, "ids"))
    .where(job.c.state == RUNNING)
    # In one order, so that no two who lock several rows block each other.
    .order_by(job.c.tenant_id, job.c.id)
    .with_for_update(of=job)
)
_EXTEND = update(job).where(_HELD).values(lease_until=bindparam("until"))
_RELEASE = (
    update(job)
    .where(_HELD)
    .values(
        state=bindparam("to_state"),
        worker=None,
        lease_until=None,
        run_at=func.coalesce(bindparam("due", type_=job.c.run_at.type), job.c.run_at),
        last_error=func.coalesce(bindparam("error", type_=job.c.last_error.type), job.c.last_error),
        finished_at=bindparam("ended_at"),
    )
)


@contextmanager
def queue_transaction(database: Database) -> Iterator[Connection]:
    """A transaction over the jobs of all tenants.

    Raises DatabaseUnreachable whatever keeps the database from answering, also a deadlock: the
    worker looks again later. A broken constraint is for the caller to judge.
    """
    try:
        with database.engine.begin() as connection:
            yield connection
    except IntegrityError:
        raise
    # What SQLite says to BEGIN comes as it is.
    except (DBAPIError, PoolExhausted, sqlite3.OperationalError) as exc:
        said = exc.orig if isinstance(exc, DBAPIError) else exc
        reason = str(said).splitlines()[0]
        raise DatabaseUnreachable(f"the queue does not answer: {reason}") from exc


def taking(wanted: Select[Any], *, started: int = 1) -> Executable:
    """The statement that `take` runs for the wanted (tenant, id); `started` is added to their attempts."""
    # As a CTE the choice is made once: inside IN it could be repeated and exceed its limit. Joined,
    # each row is found by its key; a pair inside IN makes SQLite read all jobs of the tenant.
    picked = wanted.cte("picked")
    return (
        update(job)
        .where(job.c.tenant_id == picked.c.tenant_id, job.c.id == picked.c.id)
        .values(
            state=JobState.RUNNING,
            worker=bindparam("taker"),
            lease_until=bindparam("until"),
            attempts=job.c.attempts + started,
        )
        .returning(job)
    )


def take(
    connection: Connection, statement: Executable, worker: str, until: datetime, **values: object
) -> Sequence[Found[Any]]:
    """Put jobs into the worker's hands, by a statement of `taking`; the rows come in no order.

    `values` are those of its own parameters.
    """
    given = {"taker": worker, "until": until, **values}
    return connection.execute(statement, given).all()


def claimed(rows: Iterable[Found[Any]]) -> list[ClaimedJob]:
    """The rows as the worker gets them."""
    return [
        ClaimedJob(
            row.tenant_id, row.id, JobName(row.name), json.loads(row.args), row.attempts, row.worker
        )
        for row in rows
    ]


def release(connection: Connection, ended: Sequence[EndedJob], now: datetime) -> list[int | None]:
    """Record what became of claimed jobs; the place of each, None if it was taken over meanwhile."""
    places = _places_of(connection, [held for held, _ in ended])
    changes = [
        {"held_tenant": held.tenant_id, "held_id": held.id, **_result(outcome, now)}
        for held, outcome in ended
        if _claim_of(held) in places
    ]
    if changes:
        connection.execute(_RELEASE, changes)
    return [places.get(_claim_of(held)) for held, _ in ended]


def extend(database: Database, jobs: Sequence[ClaimedJob], lease: timedelta) -> None:
    """Hold the jobs for another lease, those of them that are still the worker's."""
    until = database.clock.now() + lease
    with queue_transaction(database) as connection:
        held = _places_of(connection, jobs)
        longer = [
            {"held_tenant": found.tenant_id, "held_id": found.id, "until": until}
            for found in jobs
            if _claim_of(found) in held
        ]
        if longer:
            connection.execute(_EXTEND, longer)


def adopt(database: Database, worker: str, limit: int, lease: timedelta) -> list[ClaimedJob]:
    """Take over up to `limit` jobs whose lease has ended; each goes to one of those who ask."""
    now = database.clock.now()
    with queue_transaction(database) as connection:
        return claimed(take(connection, _ADOPT, worker, now + lease, now=now, most=limit))


_ADOPT = taking(
    select(job.c.tenant_id, job.c.id)
    .where(job.c.state == RUNNING, job.c.lease_until < bindparam("now"))
    .limit(bindparam("most"))
    # Exists on PostgreSQL only; on SQLite the whole transaction is alone anyway.
    .with_for_update(skip_locked=True, of=job),
    started=0,
)


def _claim_of(held: ClaimedJob) -> _Claim:
    return held.tenant_id, held.id, held.worker, held.attempt


def _places_of(connection: Connection, jobs: Sequence[ClaimedJob]) -> dict[_Claim, int]:
    """The places of those jobs whose claims stand; they stand until this transaction ends."""
    asked = {
        "tenants": sorted({held.tenant_id for held in jobs}),
        "ids": sorted({held.id for held in jobs}),
    }
    rows = connection.execute(_PLACES, asked)
    return {(row.tenant_id, row.id, row.worker, row.attempts): row.place for row in rows}


def _result(outcome: Outcome, now: datetime) -> Mapping[str, object]:
    match outcome:
        case Finished():
            return _values(JobState.DONE, finished_at=now)
        case Postponed(run_at=run_at, error=error):
            return _values(JobState.READY, run_at=run_at, error=canonical_json(error))
        case Quarantined(error=error):
            return _values(JobState.QUARANTINED, error=canonical_json(error))
        case never:
            assert_never(never)


def _values(
    state: JobState,
    *,
    run_at: datetime | None = None,
    error: str | None = None,
    finished_at: datetime | None = None,
) -> Mapping[str, object]:
    return {"to_state": state, "due": run_at, "error": error, "ended_at": finished_at}

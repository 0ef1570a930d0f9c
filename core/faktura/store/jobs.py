"""Jobs as rows: put in through the caller's transaction, looked at and retried by a person.

A row is the one record of a job. On PostgreSQL procrastinate, which hands the jobs out, is told of
it in the same transaction.
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row as Found
from sqlalchemy import bindparam, delete, func, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from faktura.domain.jobs import Args, JobName, JobRecord, JobRequest, JobState
from faktura.kernel.canonical import canonical_json
from faktura.store import procrastinate_jobs
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import job
from faktura.store.transaction import Tx

# Built once: building a statement costs more than running it.
_NEW_KEY = ["tenant_id", "key"]
_ADD_SQLITE, _ADD_POSTGRESQL = (
    into.on_conflict_do_nothing(index_elements=_NEW_KEY).returning(job.c.id)
    for into in (sqlite.insert(job), postgresql.insert(job))
)
_LAST = select(func.max(job.c.place)).where(job.c.tenant_id == bindparam("of_tenant"))


def enqueue(
    tx: Tx,
    name: JobName,
    args: Args,
    *,
    key: str | None = None,
    run_at: datetime | None = None,
    lock: str | None = None,
) -> UUID | None:
    """Put a job into the queue, if this transaction commits; returns its id.

    None means that a job of that `key` was put in before, whatever became of it: its arguments
    stand. `key` and `lock` count within the tenant (see JobRequest).
    """
    job_id = tx.new_id()
    request = JobRequest(name, args, key, run_at, lock)
    (place,) = _take_places(tx, [(job_id, request)])
    values = dict(zip(job.columns.keys(), _row(tx, job_id, request, place), strict=True))
    add = _ADD_POSTGRESQL if tx.is_postgresql else _ADD_SQLITE
    found: UUID | None = tx.connection.execute(add, values).scalar_one_or_none()
    if found is None and tx.is_postgresql:
        procrastinate_jobs.delete(tx.connection, [place])
    return found


def enqueue_all(tx: Tx, requests: Sequence[JobRequest]) -> None:
    """Put many jobs into the queue in one write; the caller knows that their keys are new."""
    if not requests:
        return
    jobs = [(tx.new_id(), request) for request in requests]
    places = _take_places(tx, jobs)
    rows = [_row(tx, *asked, place) for asked, place in zip(jobs, places, strict=True)]
    bulk_write(tx, job, rows)


def hold_waiting(tx: Tx, name: JobName, lock: str, *, or_later: bool = False) -> bool:
    """Whether such a job is due and nobody has begun it; nobody begins it before this transaction ends.

    So it sees what this transaction writes, and no other one need be put in. With `or_later` one counts
    as well that has failed and is tried again later: of one lock another one would only come after it.
    One that somebody else is just taking or holding counts as none: nobody waits here.
    """
    found = tx.connection.execute(
        select(job.c.id)
        .where(
            job.c.tenant_id == tx.tenant_id,
            job.c.lock == lock,
            job.c.name == name,
            job.c.state == JobState.READY,
            true() if or_later else job.c.run_at <= tx.now(),
        )
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found.first() is not None


def _take_places(tx: Tx, jobs: Sequence[tuple[UUID, JobRequest]]) -> Sequence[int]:
    """Places behind all jobs of the tenant, in this order; the engine knows the jobs from now on."""
    if tx.is_postgresql:
        return procrastinate_jobs.defer(tx, jobs)
    # SQLite has one writer at a time: nobody else counts on from here before we commit.
    last = tx.connection.execute(_LAST, {"of_tenant": tx.tenant_id}).scalar_one()
    first = (last or 0) + 1
    return range(first, first + len(jobs))


def _row(tx: Tx, job_id: UUID, request: JobRequest, place: int) -> Row:
    now = tx.now()
    return (
        tx.tenant_id,
        job_id,
        request.name,
        request.key,
        request.lock,
        canonical_json(request.args),
        JobState.READY,
        request.run_at or now,
        0,
        None,
        None,
        None,
        now,
        None,
        place,
    )


def find_job(tx: Tx, job_id: UUID) -> JobRecord | None:
    """The tenant's job of that id."""
    found = tx.connection.execute(
        select(job).where(job.c.tenant_id == tx.tenant_id, job.c.id == job_id)
    ).one_or_none()
    return None if found is None else _record(found)


def job_of_key(tx: Tx, key: str) -> UUID | None:
    """The id of the tenant's job of that key."""
    return tx.connection.execute(
        select(job.c.id).where(job.c.tenant_id == tx.tenant_id, job.c.key == key)
    ).scalar_one_or_none()


def read_jobs(tx: Tx, states: Collection[JobState], limit: int) -> list[JobRecord]:
    """The tenant's latest jobs in these states, newest first."""
    rows = tx.connection.execute(
        select(job)
        .where(job.c.tenant_id == tx.tenant_id, job.c.state.in_(sorted(states)))
        .order_by(job.c.place.desc())
        .limit(limit)
    )
    return [_record(row) for row in rows]


def make_ready(tx: Tx, job_id: UUID, states: Collection[JobState]) -> bool:
    """Make a job that stands in one of these states due now, with all its attempts before it."""
    here = (job.c.tenant_id == tx.tenant_id, job.c.id == job_id)
    place = tx.connection.execute(select(job.c.place).where(*here)).scalar_one_or_none()
    if place is None:
        return False
    if tx.is_postgresql:
        procrastinate_jobs.hold(tx.connection, [place])
    changed = tx.connection.execute(
        update(job)
        .where(*here, job.c.state.in_(sorted(states)))
        .values(state=JobState.READY, run_at=tx.now(), attempts=0, worker=None, lease_until=None)
    )
    if changed.rowcount and tx.is_postgresql:
        procrastinate_jobs.make_due(tx.connection, place)
    return bool(changed.rowcount)


def delete_done_jobs(tx: Tx, before: datetime) -> int:
    """Forget jobs that were done before that moment; returns how many."""
    gone = tx.connection.execute(
        delete(job).where(
            job.c.tenant_id == tx.tenant_id,
            job.c.state == JobState.DONE,
            job.c.finished_at < before,
        )
    )
    return gone.rowcount


def _record(row: Found[Any]) -> JobRecord:
    return JobRecord(
        row.id,
        JobName(row.name),
        JobState(row.state),
        json.loads(row.args),
        row.attempts,
        row.run_at,
        row.created_at,
        row.finished_at,
        row.key,
        row.lock,
        row.worker,
        json.loads(row.last_error) if row.last_error else {},
    )

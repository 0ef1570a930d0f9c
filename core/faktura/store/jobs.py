"""Jobs as rows: put in through the caller's transaction, looked at and retried by a person."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row as Found
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from faktura.domain.jobs import Args, JobName, JobRecord, JobRequest, JobState
from faktura.kernel.canonical import canonical_json
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import job
from faktura.store.transaction import Tx


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
    values = dict(zip(job.columns.keys(), _row(tx, job_id, request), strict=True))
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    added = (
        insert(job)
        .values(values)
        .on_conflict_do_nothing(index_elements=["tenant_id", "key"])
        .returning(job.c.id)
    )
    return tx.connection.execute(added).scalar_one_or_none()


def enqueue_all(tx: Tx, requests: Sequence[JobRequest]) -> None:
    """Put many jobs into the queue in one write; the caller knows that their keys are new."""
    bulk_write(tx, job, [_row(tx, tx.new_id(), request) for request in requests])


def _row(tx: Tx, job_id: UUID, request: JobRequest) -> Row:
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
    )


def find_job(tx: Tx, job_id: UUID) -> JobRecord | None:
    """The tenant's job of that id."""
    found = tx.connection.execute(
        select(job).where(job.c.tenant_id == tx.tenant_id, job.c.id == job_id)
    ).one_or_none()
    return None if found is None else _record(found)


def read_jobs(tx: Tx, states: Collection[JobState], limit: int) -> list[JobRecord]:
    """The tenant's latest jobs in these states, newest first."""
    rows = tx.connection.execute(
        select(job)
        .where(job.c.tenant_id == tx.tenant_id, job.c.state.in_(sorted(states)))
        .order_by(job.c.id.desc())
        .limit(limit)
    )
    return [_record(row) for row in rows]


def make_ready(tx: Tx, job_id: UUID, states: Collection[JobState]) -> bool:
    """Make a job that stands in one of these states due now, with all its attempts before it."""
    changed = tx.connection.execute(
        update(job)
        .where(job.c.tenant_id == tx.tenant_id, job.c.id == job_id, job.c.state.in_(sorted(states)))
        .values(state=JobState.READY, run_at=tx.now(), attempts=0, worker=None, lease_until=None)
    )
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

"""The queue on a table of our own, on both databases: claims, leases, heartbeats."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Update,
    and_,
    exists,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy import Row as Found
from sqlalchemy.exc import IntegrityError, OperationalError
from typing_extensions import override

from faktura.domain.jobs import (
    ClaimedJob,
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
from faktura.store.job_queue import JobQueue
from faktura.store.tables import job

# Written out, not bound: a partial index serves only a condition that names its state.
_READY: ColumnElement[str] = literal_column("'READY'")
_RUNNING: ColumnElement[str] = literal_column("'RUNNING'")

_FREE = {"worker": None, "lease_until": None}


@dataclass(frozen=True, slots=True)
class TableQueue(JobQueue):
    """Claims are updates of the job's row; they survive the worker by as long as the lease."""

    database: Database

    @override
    def claim(self, worker: str, limit: int, lease: timedelta) -> list[ClaimedJob]:
        """Take up to `limit` due jobs, earliest first, never two of one lock."""
        now = self.database.clock.now()
        try:
            with self._transaction() as connection:
                return _take(connection, _due(now, limit), worker, now + lease)
        except IntegrityError:
            # Another worker took a job of the same lock at this very moment: the unique index
            # refused ours, and the next look sees theirs.
            return []

    @override
    def settle(self, job: ClaimedJob, outcome: Outcome) -> bool:
        """Record what became of a claimed job; False, and nothing recorded, if it was taken over."""
        values = _result(outcome, self.database.clock.now())
        with self._transaction() as connection:
            changed = connection.execute(_still_held(job).values(values))
        return bool(changed.rowcount)

    @override
    def extend(self, jobs: Sequence[ClaimedJob], lease: timedelta) -> None:
        """Heartbeat: hold the jobs for another lease, those of them that are still the worker's."""
        until = self.database.clock.now() + lease
        with self._transaction() as connection:
            for held in jobs:
                connection.execute(_still_held(held).values(lease_until=until))

    @override
    def adopt(self, worker: str, limit: int, lease: timedelta) -> list[ClaimedJob]:
        """Take over up to `limit` jobs whose worker let its lease end; the caller settles them."""
        now = self.database.clock.now()
        with self._transaction() as connection:
            return _take(connection, _expired(now, limit), worker, now + lease, started=0)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self.database.engine.begin() as connection:
                yield connection
        except OperationalError as exc:
            reason = str(exc.orig).splitlines()[0]
            raise DatabaseUnreachable(f"the queue does not answer: {reason}") from exc


def _due(now: datetime, limit: int) -> Select[Any]:
    running, earlier = job.alias("running"), job.alias("earlier")
    same_lock_runs = exists().where(
        running.c.tenant_id == job.c.tenant_id,
        running.c.lock == job.c.lock,
        running.c.state == _RUNNING,
    )
    is_behind = exists().where(
        earlier.c.tenant_id == job.c.tenant_id,
        earlier.c.lock == job.c.lock,
        earlier.c.state == _READY,
        earlier.c.id < job.c.id,
    )
    return (
        select(job.c.tenant_id, job.c.id)
        .where(job.c.state == _READY, job.c.run_at <= now)
        .where(or_(job.c.lock.is_(None), and_(~same_lock_runs, ~is_behind)))
        .order_by(job.c.run_at, job.c.id)
        .limit(limit)
    )


def _expired(now: datetime, limit: int) -> Select[Any]:
    return (
        select(job.c.tenant_id, job.c.id)
        .where(job.c.state == _RUNNING, job.c.lease_until < now)
        .limit(limit)
    )


def _take(
    connection: Connection, wanted: Select[Any], worker: str, until: datetime, *, started: int = 1
) -> list[ClaimedJob]:
    """Put the wanted rows into the worker's hands; `started` is added to their attempts."""
    # SKIP LOCKED exists on PostgreSQL only; on SQLite the whole transaction is alone anyway. As a
    # CTE the choice is made once: inside IN it could be repeated and exceed its limit. Joined, each
    # row is found by its key; a pair inside IN makes SQLite read all jobs of the tenant.
    picked = wanted.with_for_update(skip_locked=True, of=job).cte("picked")
    rows = connection.execute(
        update(job)
        .where(job.c.tenant_id == picked.c.tenant_id, job.c.id == picked.c.id)
        .values(
            state=JobState.RUNNING,
            worker=worker,
            lease_until=until,
            attempts=job.c.attempts + started,
        )
        .returning(job)
    )
    return _claimed(rows)


def _claimed(rows: Iterable[Found[Any]]) -> list[ClaimedJob]:
    # RETURNING promises no order.
    return [
        ClaimedJob(
            row.tenant_id, row.id, JobName(row.name), json.loads(row.args), row.attempts, row.worker
        )
        for row in sorted(rows, key=lambda row: (row.run_at, row.id))
    ]


def _still_held(claimed: ClaimedJob) -> Update:
    return update(job).where(
        job.c.tenant_id == claimed.tenant_id,
        job.c.id == claimed.id,
        job.c.state == _RUNNING,
        job.c.worker == claimed.worker,
        job.c.attempts == claimed.attempt,
    )


def _result(outcome: Outcome, now: datetime) -> Mapping[str, object]:
    match outcome:
        case Finished():
            return {**_FREE, "state": JobState.DONE, "finished_at": now}
        case Postponed(run_at=run_at, error=error):
            ready = {**_FREE, "state": JobState.READY, "run_at": run_at}
            return {**ready, "last_error": canonical_json(error)}
        case Quarantined(error=error):
            stopped = {**_FREE, "state": JobState.QUARANTINED}
            return {**stopped, "last_error": canonical_json(error)}
        case never:
            assert_never(never)

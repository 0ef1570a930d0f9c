"""The queue of SQLite: our own rows are all there is; a claim is an update of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select
from typing_extensions import override

from faktura.domain.jobs import ClaimedJob, EndedJob
from faktura.store import leases
from faktura.store.database import Database
from faktura.store.job_queue import JobQueue
from faktura.store.tables import job


@dataclass(frozen=True, slots=True)
class TableQueue(JobQueue):
    """Due jobs in the order of their moments; SQLite lets one worker look at a time."""

    database: Database

    @override
    def claim(self, worker: str, limit: int, lease: timedelta) -> list[ClaimedJob]:
        """Take up to `limit` due jobs, the longest due first, never two of one lock."""
        now = self.database.clock.now()
        with leases.queue_transaction(self.database) as connection:
            rows = leases.take(connection, _due(now, limit), worker, now + lease)
            # RETURNING promises no order.
            return leases.claimed(sorted(rows, key=lambda row: (row.run_at, row.id)))

    @override
    def settle(self, ended: Sequence[EndedJob]) -> list[ClaimedJob]:
        """Record what became of claimed jobs; returns those that were taken over meanwhile."""
        now = self.database.clock.now()
        with leases.queue_transaction(self.database) as connection:
            places = leases.release(connection, ended, now)
        return [held for (held, _), place in zip(ended, places, strict=True) if place is None]

    @override
    def extend(self, jobs: Sequence[ClaimedJob], lease: timedelta) -> None:
        """Heartbeat: hold the jobs for another lease, those of them that are still the worker's."""
        leases.extend(self.database, jobs, lease)

    @override
    def adopt(self, worker: str, limit: int, lease: timedelta) -> list[ClaimedJob]:
        """Take over up to `limit` jobs whose worker let its lease end; the caller settles them."""
        return leases.adopt(self.database, worker, limit, lease)


def _due(now: datetime, limit: int) -> Select[Any]:
    running, earlier = job.alias("running"), job.alias("earlier")
    same_lock_runs = exists().where(
        running.c.tenant_id == job.c.tenant_id,
        running.c.lock == job.c.lock,
        running.c.state == leases.RUNNING,
    )
    is_behind = exists().where(
        earlier.c.tenant_id == job.c.tenant_id,
        earlier.c.lock == job.c.lock,
        earlier.c.state == leases.READY,
        earlier.c.place < job.c.place,
    )
    return (
        select(job.c.tenant_id, job.c.id)
        .where(job.c.state == leases.READY, job.c.run_at <= now)
        .where(or_(job.c.lock.is_(None), and_(~same_lock_runs, ~is_behind)))
        .order_by(job.c.run_at, job.c.id)
        .limit(limit)
    )

"""The queue of SQLite: our own rows are all there is; a claim is an update of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, bindparam, exists, or_, select
from typing_extensions import override

from faktura.domain.jobs import ClaimedJob, EndedJob
from faktura.store import leases
from faktura.store.database import Database
from faktura.store.job_queue import JobQueue
from faktura.store.tables import job

# Built once: building a statement costs more than running it.
_running, _earlier = job.alias("running"), job.alias("earlier")
_SAME_LOCK_RUNS = exists().where(
    _running.c.tenant_id == job.c.tenant_id,
    _running.c.lock == job.c.lock,
    _running.c.state == leases.RUNNING,
)
_IS_BEHIND = exists().where(
    _earlier.c.tenant_id == job.c.tenant_id,
    _earlier.c.lock == job.c.lock,
    _earlier.c.state == leases.READY,
    _earlier.c.place < job.c.place,
)
_TAKE = leases.taking(
    select(job.c.tenant_id, job.c.id)
    .where(job.c.state == leases.READY, job.c.run_at <= bindparam("now"))
    .where(or_(job.c.lock.is_(None), and_(~_SAME_LOCK_RUNS, ~_IS_BEHIND)))
    .order_by(job.c.run_at, job.c.id)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class TableQueue(JobQueue):
    """Due jobs in the order of their moments; SQLite lets one worker look at a time."""

    database: Database

    @override
    def claim(self, worker: str, limit: int, lease: timedelta) -> list[ClaimedJob]:
        """Take up to `limit` due jobs, the longest due first, never two of one lock."""
        now = self.database.clock.now()
        with leases.queue_transaction(self.database) as connection:
            rows = leases.take(connection, _TAKE, worker, now + lease, now=now, most=limit)
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

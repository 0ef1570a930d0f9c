"""The queue of PostgreSQL: procrastinate says which job is next, our rows say who holds it.

Both change in one transaction, so that they never disagree. A lease is on the job, not on the
worker: a job whose settlement was lost comes back while its worker lives on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from sqlalchemy import Connection, select, tuple_
from sqlalchemy.exc import IntegrityError
from typing_extensions import override

from faktura.domain.jobs import ClaimedJob, EndedJob, Finished, Outcome, Postponed, Quarantined
from faktura.store import leases, procrastinate_jobs
from faktura.store.database import Database
from faktura.store.job_queue import JobQueue
from faktura.store.procrastinate_jobs import Fetched
from faktura.store.tables import job


@dataclass(frozen=True, slots=True)
class ProcrastinateQueue(JobQueue):
    """Due jobs in the order in which they were put in, for workers on any number of machines."""

    database: Database

    @override
    def claim(self, worker: str, limit: int, lease: timedelta) -> list[ClaimedJob]:
        """Take up to `limit` due jobs, first put in first, never two of one lock."""
        try:
            with leases.queue_transaction(self.database) as connection:
                fetched = procrastinate_jobs.fetch(connection, limit)
                # Fetching may take its time; the lease begins when it is over.
                until = self.database.clock.now() + lease
                return _take(connection, fetched, worker, until) if fetched else []
        except IntegrityError:
            # Another worker took a job of the same lock at this very moment: a unique index
            # refused ours, and the next look sees theirs.
            return []

    @override
    def settle(self, ended: Sequence[EndedJob]) -> list[ClaimedJob]:
        """Record what became of claimed jobs; returns those that were taken over meanwhile."""
        now = self.database.clock.now()
        with leases.queue_transaction(self.database) as connection:
            _hold(connection, [(held.tenant_id, held.id) for held, _ in ended])
            places = leases.release(connection, ended, now)
            settled = [(place, outcome) for place, (_, outcome) in zip(places, ended, strict=True)]
            _settle(connection, settled, now)
        return [held for (held, _), place in zip(ended, places, strict=True) if place is None]

    @override
    def extend(self, jobs: Sequence[ClaimedJob], lease: timedelta) -> None:
        """Heartbeat: hold the jobs for another lease, those of them that are still the worker's."""
        leases.extend(self.database, jobs, lease)

    @override
    def adopt(self, worker: str, limit: int, lease: timedelta) -> list[ClaimedJob]:
        """Take over up to `limit` jobs whose worker let its lease end; the caller settles them."""
        return leases.adopt(self.database, worker, limit, lease)


def _take(
    connection: Connection, fetched: Sequence[Fetched], worker: str, until: datetime
) -> list[ClaimedJob]:
    keys = [(found.tenant_id, found.job_id) for found in fetched]
    ready = select(job.c.tenant_id, job.c.id).where(
        tuple_(job.c.tenant_id, job.c.id).in_(keys), job.c.state == leases.READY
    )
    rows = leases.take(connection, leases.taking(ready), worker, until)
    # Somebody deleted our row by hand: what it asked for is not wanted, and must not come again.
    orphans = {found.place for found in fetched} - {row.place for row in rows}
    procrastinate_jobs.delete(connection, orphans)
    return leases.claimed(sorted(rows, key=lambda row: row.place))


def _hold(connection: Connection, keys: Sequence[tuple[int, UUID]]) -> None:
    places = select(job.c.place).where(tuple_(job.c.tenant_id, job.c.id).in_(keys))
    procrastinate_jobs.hold(connection, connection.execute(places).scalars().all())


def _settle(
    connection: Connection, settled: Sequence[tuple[int | None, Outcome]], now: datetime
) -> None:
    done = []
    for place, outcome in settled:
        match outcome:
            case _ if place is None:
                continue
            case Finished():
                done.append(place)
            case Postponed(run_at=run_at):
                procrastinate_jobs.retry(connection, place, run_at, now)
            case Quarantined():
                procrastinate_jobs.fail(connection, place)
            case never:
                assert_never(never)
    procrastinate_jobs.delete(connection, done)

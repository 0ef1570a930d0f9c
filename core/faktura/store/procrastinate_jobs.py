"""procrastinate's own SQL functions, called within our transactions; on PostgreSQL only.

They are those of the version that core/pyproject.toml pins (docs/decisions/0008). A procrastinate
job carries nothing but the key of our row in `job`, which is the record of it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from faktura.domain.jobs import JobRequest
from faktura.store.transaction import Tx

_QUEUE = "faktura"

_DEFER = text(
    """
    SELECT procrastinate_defer_jobs_v1(ARRAY(
        SELECT CAST(
            ROW(:queue, wanted.name, 0, wanted.lock, NULL, wanted.args, wanted.run_at)
            AS procrastinate_job_to_defer_v1
        )
        FROM unnest(
            CAST(:names AS text[]), CAST(:locks AS text[]),
            CAST(:args AS jsonb[]), CAST(:run_ats AS timestamptz[])
        ) WITH ORDINALITY AS wanted (name, lock, args, run_at, no)
        ORDER BY wanted.no
    ))
    """
)
_DEFERRED = text(
    """
    SELECT CAST(args ->> 'job' AS uuid) AS job_id, id AS place
    FROM procrastinate_jobs WHERE id = ANY(:places)
    """
)
# One call after the other until one finds nothing: each sees what those before it took.
_FETCH = text(
    """
    WITH RECURSIVE fetched (job, no) AS (
        SELECT procrastinate_fetch_job_v2(CAST(ARRAY[:queue] AS varchar[]), NULL), 1
        UNION ALL
        SELECT procrastinate_fetch_job_v2(CAST(ARRAY[:queue] AS varchar[]), NULL), no + 1
        FROM fetched
        WHERE no < :limit AND (job).id IS NOT NULL
    )
    SELECT (job).id, CAST((job).args ->> 'tenant' AS integer), CAST((job).args ->> 'job' AS uuid)
    FROM fetched
    WHERE (job).id IS NOT NULL
    """
)
_DELETE = text(
    """
    SELECT procrastinate_finish_job_v1(place, 'succeeded', true)
    FROM unnest(CAST(:places AS bigint[])) AS place
    """
)
_FAIL = text("SELECT procrastinate_finish_job_v1(:place, 'failed', false)")
_RETRY = text("SELECT procrastinate_retry_job_v2(:place, :run_at, NULL, NULL, NULL)")
_HOLD = text("SELECT id FROM procrastinate_jobs WHERE id = ANY(:places) ORDER BY id FOR UPDATE")
_RETRY_FAILED = text(
    """
    SELECT procrastinate_retry_job_v2(id, NULL, NULL, NULL, NULL)
    FROM procrastinate_jobs WHERE id = :place AND status = 'failed'
    """
)
# There is no function that takes a job of somebody else's choice.
_BEGIN = text(
    "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = ANY(:places) AND status = 'todo'"
)
# There is no function for a job that waits already.
_HASTEN = text(
    "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE id = :place AND status = 'todo'"
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A job that procrastinate handed out: its number there, and the key of our row."""

    place: int
    tenant_id: int
    job_id: UUID


def defer(tx: Tx, jobs: Sequence[tuple[UUID, JobRequest]]) -> list[int]:
    """Give the jobs to procrastinate, in this order; their numbers, which rise in this order."""
    values = {
        "queue": _QUEUE,
        "names": [str(request.name) for _, request in jobs],
        "locks": [request.lock and f"{tx.tenant_id}:{request.lock}" for _, request in jobs],
        "args": [json.dumps({"tenant": tx.tenant_id, "job": str(job_id)}) for job_id, _ in jobs],
        "run_ats": [_scheduled(request.run_at, tx.now()) for _, request in jobs],
    }
    places = tx.connection.execute(_DEFER, values).scalar_one()
    # The function promises no order of what it returns.
    rows = tx.connection.execute(_DEFERRED, {"places": places})
    numbers = {row.job_id: row.place for row in rows}
    return [numbers[job_id] for job_id, _ in jobs]


def fetch(connection: Connection, limit: int) -> list[Fetched]:
    """Take up to `limit` due jobs, first put in first, never two of one lock."""
    rows = connection.execute(_FETCH, {"queue": _QUEUE, "limit": limit})
    return [Fetched(*row) for row in rows]


def delete(connection: Connection, places: Iterable[int]) -> None:
    """procrastinate needs these jobs no longer: no row of them, and no event, stays behind."""
    connection.execute(_DELETE, {"places": sorted(places)})


def begin(connection: Connection, places: Sequence[int]) -> None:
    """The jobs are in somebody's hands: they were taken in the database that they come from."""
    connection.execute(_BEGIN, {"places": list(places)})


def fail(connection: Connection, place: int) -> None:
    """The job waits for a person; it keeps its place and holds up nobody."""
    connection.execute(_FAIL, {"place": place})


def retry(connection: Connection, place: int, run_at: datetime, now: datetime) -> None:
    """The running or failed job is due again at `run_at`, at its old place."""
    connection.execute(_RETRY, {"place": place, "run_at": _scheduled(run_at, now)})


def hold(connection: Connection, places: Sequence[int]) -> None:
    """Lock the jobs there before ours, as a claim does; the other way round they could deadlock."""
    connection.execute(_HOLD, {"places": list(places)})


def make_due(connection: Connection, place: int) -> None:
    """Make a job due now, at its old place, whether it failed or waits."""
    connection.execute(_RETRY_FAILED, {"place": place})
    connection.execute(_HASTEN, {"place": place})


def _scheduled(run_at: datetime | None, now: datetime) -> datetime | None:
    # procrastinate goes by the database's clock: what is due by ours must not wait for that.
    return None if run_at is None or run_at <= now else run_at

"""Jobs that come from another database into the queue of PostgreSQL, each exactly once (O25).

Our row and procrastinate's are written in one transaction. Places are procrastinate's numbers: they are
given anew, in the old order.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, assert_never

from sqlalchemy import Row as Found
from sqlalchemy import select

from faktura.domain.jobs import JobName, JobRequest, JobState
from faktura.store import procrastinate_jobs
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import job
from faktura.store.transaction import Tx

_COLUMNS = tuple(job.columns.keys())
_TENANT = _COLUMNS.index("tenant_id")
_PLACE = _COLUMNS.index("place")


def put_jobs(tx: Tx, rows: Sequence[Row]) -> None:
    """Write the jobs, ordered by tenant and place, with the state in which each stands.

    What waits is handed out by procrastinate, what runs is held by its lease as before, what was given up
    waits for a person, what is done is only recorded.
    """
    for tenant_id, group in groupby(rows, key=_tenant_of):
        _put_jobs_of(replace(tx, tenant_id=tenant_id), list(group))


def _tenant_of(row: Row) -> int:
    tenant_id: Any = row[_TENANT]
    return int(tenant_id)


def _put_jobs_of(tx: Tx, rows: Sequence[Row]) -> None:
    jobs: list[dict[str, Any]] = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
    places = procrastinate_jobs.defer(tx, [(one["id"], _request(one)) for one in jobs])
    done, running = [], []
    for place, one in zip(places, jobs, strict=True):
        match JobState(one["state"]):
            case JobState.READY:
                continue
            case JobState.RUNNING:
                running.append(place)
            case JobState.QUARANTINED:
                procrastinate_jobs.fail(tx.connection, place)
            case JobState.DONE:
                done.append(place)
            case never:
                assert_never(never)
    procrastinate_jobs.begin(tx.connection, running)
    procrastinate_jobs.delete(tx.connection, done)
    moved = [
        (*row[:_PLACE], place, *row[_PLACE + 1 :]) for place, row in zip(places, rows, strict=True)
    ]
    bulk_write(tx, job, moved)


def _request(one: dict[str, Any]) -> JobRequest:
    return JobRequest(
        JobName(one["name"]), json.loads(one["args"]), one["key"], one["run_at"], one["lock"]
    )


def live_workers(tx: Tx) -> list[str]:
    """The workers that hold a job of any tenant at this moment: they write."""
    held: Sequence[Found[Any]] = tx.connection.execute(
        select(job.c.worker)
        .where(job.c.state == JobState.RUNNING, job.c.lease_until > tx.now())
        .distinct()
        .order_by(job.c.worker)
    ).all()
    return [str(row.worker) for row in held]

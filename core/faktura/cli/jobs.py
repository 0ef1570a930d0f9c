"""faktura jobs: what the background does, and trying again what waits for a person."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import Record, print_record, print_records
from faktura.cli.session import running
from faktura.domain.jobs import JobState

if TYPE_CHECKING:
    from faktura.domain.jobs import JobRecord

_COLUMNS = ("id", "state", "name", "attempts", "run_at", "error")


@click.group()
def jobs() -> None:
    """Show background jobs and try those again that failed."""


@jobs.command("list")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(JobState),
    help="Only jobs in this state; may be repeated. Left out: all that are not done.",
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@tenant_option
@json_option
def list_all(states: Sequence[JobState], limit: int, tenant: str | None, *, as_json: bool) -> None:
    """Show the latest jobs, newest first."""
    from faktura.services.jobs import list_jobs

    wanted = states or [state for state in JobState if state is not JobState.DONE]
    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        found = list_jobs(tx, wanted, limit)
    records = [_record(job) if as_json else _line(job) for job in found]
    print_records(records, columns=_COLUMNS, as_json=as_json)


@jobs.command()
@click.argument("job_id", type=click.UUID)
@tenant_option
@json_option
def show(job_id: UUID, tenant: str | None, *, as_json: bool) -> None:
    """Show a job with its arguments and its last error."""
    from faktura.services.jobs import show_job

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        found = show_job(tx, job_id)
    print_record(_record(found), as_json=as_json)


@jobs.command()
@click.argument("job_id", type=click.UUID)
@tenant_option
@json_option
def retry(job_id: UUID, tenant: str | None, *, as_json: bool) -> None:
    """Make a quarantined or waiting job due now, with all its attempts before it."""
    from faktura.services.jobs import retry_job

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        found = retry_job(tx, job_id)
    print_record(_record(found), as_json=as_json)


def _record(job: "JobRecord") -> Record:
    return {
        "id": job.id,
        "state": job.state,
        "name": job.name,
        "args": job.args,
        "attempts": job.attempts,
        "run_at": job.run_at.isoformat(),
        "created_at": job.created_at.isoformat(),
        "finished_at": job.finished_at.isoformat() if job.finished_at else None,
        "key": job.key,
        "lock": job.lock,
        "worker": job.worker,
        "error": dict(job.error) or None,
    }


def _line(job: "JobRecord") -> Record:
    said = f"{job.error['code']}: {job.error['problem']}" if job.error else None
    return {**_record(job), "run_at": f"{job.run_at:%F %T}Z", "error": said}

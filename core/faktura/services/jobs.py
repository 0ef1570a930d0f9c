"""What a person does with jobs, and what keeps the queue going: the schedule, forgetting."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from faktura.domain.jobs import JobName, JobRecord, JobState
from faktura.domain.schedule import Rhythm, due_tick
from faktura.kernel.errors import NotFound, TransitionRefused
from faktura.store.jobs import delete_done_jobs, enqueue, find_job, make_ready, read_jobs
from faktura.store.schedule import last_tick, take_tick
from faktura.store.transaction import Tx

_WAITING = frozenset({JobState.READY, JobState.QUARANTINED})
_REMEMBER_DONE = timedelta(days=30)


def list_jobs(tx: Tx, states: Collection[JobState], limit: int) -> list[JobRecord]:
    """The latest jobs in these states, newest first."""
    return read_jobs(tx, states, limit)


def show_job(tx: Tx, job_id: UUID) -> JobRecord:
    """One job; raises NotFound."""
    found = find_job(tx, job_id)
    if found is None:
        raise NotFound(f"job {job_id} does not exist", mend="faktura jobs list shows the jobs")
    return found


def retry_job(tx: Tx, job_id: UUID) -> JobRecord:
    """Make a quarantined or waiting job due now, with all its attempts before it.

    Raises NotFound, and TransitionRefused for a job that runs or is done.
    """
    if not make_ready(tx, job_id, _WAITING):
        standing = show_job(tx, job_id)
        raise TransitionRefused(
            f"a job that is {standing.state} is not tried again", place=f"job {job_id}"
        )
    return show_job(tx, job_id)


def run_schedule(tx: Tx, name: JobName, rhythm: Rhythm, zone: ZoneInfo) -> UUID | None:
    """Put the job in if a tick is due, once however many workers look; None if it is not."""
    tick = due_tick(rhythm, last_tick(tx, name), tx.now(), zone)
    if tick is None or not take_tick(tx, name, tick):
        return None
    return enqueue(tx, name, {}, key=f"{name}:{tick.isoformat()}")


def forget_done_jobs(tx: Tx) -> int:
    """Delete jobs that were done 30 days ago; a key older than that may be used again."""
    return delete_done_jobs(tx, tx.now() - _REMEMBER_DONE)

"""Dunning runs that the background does: starting one, and the days a run may be of."""

from datetime import date

from faktura.domain.jobs import JobName, JobState
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import OutOfRange
from faktura.services.dunning import plan_dunning
from faktura.store.dunning import DunningRun
from faktura.store.jobs import enqueue, job_of_key, make_ready
from faktura.store.transaction import Tx


def start_dunning(tx: Tx, tenant: Tenant, run_date: date) -> DunningRun:
    """Plan a run of that day and let the background do it; the unfinished one, where there is one.

    One that the background gave up is tried again. Raises OutOfRange for a day to come.
    """
    check_dunning_date(run_date, local_date(tx.clock, tenant.time_zone), field="date")
    run = plan_dunning(tx, tenant, run_date).run
    # One that a command left unfinished has no job yet; one that has keeps it.
    key = f"{JobName.RUN_DUNNING}:{run.id}"
    if enqueue(tx, JobName.RUN_DUNNING, {"run": str(run.id)}, key=key) is None:
        present = job_of_key(tx, key)
        if present is not None:
            make_ready(tx, present, {JobState.QUARANTINED})
    return run


def check_dunning_date(run_date: date, today: date, *, field: str) -> None:
    """Raise OutOfRange for a day after `today`, a local date: what is due then may be paid by then."""
    if run_date > today:
        raise OutOfRange(
            f"{run_date} is in the future",
            place=field,
            mend=f"Dun as of {today} or an earlier day",
        )

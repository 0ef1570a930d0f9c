"""The billing run as jobs: what was planned is billed in the background, however often it is cut off."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock
from uuid import UUID

from faktura.domain.jobs import Args, JobName
from faktura.domain.tenants import Tenant
from faktura.flows.billing import finish_planned, share_run
from faktura.flows.job_context import JobContext
from faktura.services.issuing import Formats
from faktura.store.billing import is_billed
from faktura.store.database import Database
from faktura.store.jobs import enqueue
from faktura.store.tenants import read_tenant

# Billing is work of one processor: a process that bills leaves further jobs of the run to others.
_BILLS = Lock()
_LATER = timedelta(seconds=5)


def bill_run_job(context: JobContext, tenant_id: int, args: Args) -> None:
    """Bill a planned run: args `run`, its id. Cut off or run again it bills nothing twice (O20).

    It is done when the run is: what others bill is waited for, and what they leave is billed here.
    """
    with _here():
        finish_planned(*_run_of(context, tenant_id, args))


def bill_chunks_job(context: JobContext, tenant_id: int, args: Args) -> None:
    """Help with a run: args `run`. A process that bills already puts the job in again, for others."""
    with _here() as alone:
        if alone:
            share_run(*_run_of(context, tenant_id, args))
            return
    with context.database.write(tenant_id) as tx:
        if not is_billed(tx, UUID(str(args["run"]))):
            enqueue(tx, JobName.BILL_CHUNKS, args, run_at=tx.now() + _LATER)


@contextmanager
def _here() -> Iterator[bool]:
    """Whether nothing else of this process bills; until the end this one does."""
    alone = _BILLS.acquire(blocking=False)
    try:
        yield alone
    finally:
        if alone:
            _BILLS.release()


def _run_of(
    context: JobContext, tenant_id: int, args: Args
) -> tuple[Database, Tenant, Formats, UUID]:
    with context.database.read(tenant_id) as tx:
        tenant = read_tenant(tx)
    formats = context.adapters.formats(tenant_id)
    return context.database, tenant, formats, UUID(str(args["run"]))

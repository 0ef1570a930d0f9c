"""Deferred revenue month by month, over all documents: one transaction a batch, safe to run again."""

from dataclasses import dataclass
from datetime import date

from faktura.domain.deferral import last_month_over, postable_month
from faktura.domain.jobs import Args
from faktura.domain.tenants import Tenant
from faktura.flows.job_context import JobContext
from faktura.kernel.clock import local_date
from faktura.services.deferrals import post_deferrals
from faktura.store.database import Database
from faktura.store.tenants import read_tenant


@dataclass(frozen=True, slots=True)
class ReleaseReceipt:
    """What was posted up to the month `through` (its first day), and what waits for an account."""

    through: date
    entries: int
    drafts: int


def release_deferrals(
    database: Database, tenant: Tenant, through: date | None = None
) -> ReleaseReceipt:
    """Post what is deferred and what is released by month, oldest month first.

    Without `through` up to the last month that is over. Raises OutOfRange for a month that is not.
    """
    today = local_date(database.clock, tenant.time_zone)
    last = last_month_over(today) if through is None else postable_month(through, today)
    entries = drafts = 0
    while True:
        with database.write(tenant.id) as tx:
            posted = post_deferrals(tx, tenant, last)
        if posted is None:
            return ReleaseReceipt(last, entries, drafts)
        entries, drafts = entries + posted.entries, drafts + posted.drafts


def accounting_day_job(context: JobContext, tenant_id: int, _args: Args) -> None:
    """The work of the tenant's local day; run again it finds nothing left to do."""
    with context.database.read(tenant_id) as tx:
        tenant = read_tenant(tx)
    release_deferrals(context.database, tenant)

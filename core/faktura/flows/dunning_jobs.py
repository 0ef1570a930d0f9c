"""Jobs of dunning: the daily run where a tenant wants it, and runs that somebody started."""

from uuid import UUID

from faktura.domain.jobs import Args
from faktura.flows.dunning import finish_dunning, run_dunning
from faktura.flows.job_context import JobContext
from faktura.kernel.clock import local_date
from faktura.store.tenants import read_tenant


def run_dunning_job(context: JobContext, tenant_id: int, args: Args) -> None:
    """Dun what is overdue: args `run`, the id of a planned one, or none for the daily run.

    Cut off or run again it writes to nobody twice.
    """
    with context.database.read(tenant_id) as tx:
        tenant = read_tenant(tx)
    if "run" in args:
        finish_dunning(context.database, tenant, UUID(str(args["run"])))
    elif tenant.dunning.by_itself:
        today = local_date(context.database.clock, tenant.time_zone)
        run_dunning(context.database, tenant, today)

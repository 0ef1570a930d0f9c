"""The billing run as a job: what was planned is billed in the background, however often it is cut off."""

from uuid import UUID

from faktura.domain.jobs import Args
from faktura.flows.billing import finish_planned
from faktura.flows.job_context import JobContext
from faktura.store.tenants import read_tenant


def bill_run_job(context: JobContext, tenant_id: int, args: Args) -> None:
    """Finish a planned run: args `run`, its id. Cut off or run again it bills nothing twice (O20)."""
    with context.database.read(tenant_id) as tx:
        tenant = read_tenant(tx)
    formats = context.adapters.formats(tenant_id)
    finish_planned(context.database, tenant, formats, UUID(str(args["run"])))

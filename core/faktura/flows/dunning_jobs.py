"""Jobs of dunning: the daily run where a tenant wants it, and runs that somebody started."""

import logging
from uuid import UUID

from faktura.domain.jobs import Args
from faktura.domain.tenants import Tenant
from faktura.flows.dunning import DunningReceipt, finish_dunning, run_dunning
from faktura.flows.job_context import JobContext
from faktura.kernel.clock import local_date
from faktura.store.tenants import read_tenant

log = logging.getLogger("faktura.dunning")


def run_dunning_job(context: JobContext, tenant_id: int, args: Args) -> None:
    """Dun what is overdue: args `run`, the id of a planned one, or none for the daily run.

    Cut off or run again it writes to nobody twice. Logs how many customers could not be dunned.
    """
    with context.database.read(tenant_id) as tx:
        tenant = read_tenant(tx)
    if "run" in args:
        _log_left(tenant, finish_dunning(context.database, tenant, UUID(str(args["run"]))))
    elif tenant.dunning.by_itself:
        today = local_date(context.database.clock, tenant.time_zone)
        _log_left(tenant, run_dunning(context.database, tenant, today))


def _log_left(tenant: Tenant, receipt: DunningReceipt) -> None:
    failed = receipt.totals.failed
    if failed:
        log.warning(
            "dunning_left tenant=%s run=%s customers=%d", tenant.key, receipt.run_id, failed
        )

"""The work of a day on contracts, over all of them: one transaction a batch, safe to run again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from faktura.domain.jobs import Args
from faktura.domain.tenants import Tenant
from faktura.flows.job_context import JobContext
from faktura.kernel.clock import local_date
from faktura.services.contract_days import EVERYTHING, SettledBatch, end_contracts, renew_contracts
from faktura.store.billing import Scope
from faktura.store.contract_days import Candidate
from faktura.store.database import Database
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class DayReceipt:
    """How many contracts ended, and how many renewals were told."""

    ended: int
    renewed: int


def settle_day(
    database: Database, tenant: Tenant, on: date, scope: Scope = EVERYTHING
) -> DayReceipt:
    """End what is over and tell what was renewed by that day, also of days that were missed."""
    ended = end_what_is_over(database, tenant, on, scope)
    renewed = _by_batches(
        database,
        tenant,
        lambda tx, after: renew_contracts(tx, tenant, on, scope=scope, after=after),
    )
    return DayReceipt(ended, renewed)


def end_what_is_over(
    database: Database, tenant: Tenant, on: date, scope: Scope = EVERYTHING
) -> int:
    """End terminated contracts on which nothing is left to bill; returns how many ended (F004)."""
    return _by_batches(
        database, tenant, lambda tx, after: end_contracts(tx, tenant, on, scope=scope, after=after)
    )


def contract_day_job(context: JobContext, tenant_id: int, _args: Args) -> None:
    """The work of the tenant's local day; run again it finds nothing left to do."""
    with context.database.read(tenant_id) as tx:
        tenant = read_tenant(tx)
    settle_day(context.database, tenant, local_date(context.database.clock, tenant.time_zone))


def _by_batches(
    database: Database, tenant: Tenant, settle: Callable[[Tx, Candidate | None], SettledBatch]
) -> int:
    written, after = 0, None
    while True:
        with database.write(tenant.id) as tx:
            batch = settle(tx, after)
        written, after = written + batch.written, batch.last
        if after is None:
            return written

"""A billing run from plan to close: one transaction a chunk, resumable at any line (O20)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.tenants import Tenant
from faktura.services.billing import PlannedRun, bill_chunk, plan_run
from faktura.services.issuing import Desk, Formats
from faktura.store.billing import RunTotals, Scope, finish_run, run_totals
from faktura.store.catalogue import read_catalogue
from faktura.store.database import Database

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class RunReceipt:
    """What a run did, over all its chunks; `resumed` when it took up an interrupted one."""

    run_id: UUID
    run_date: date
    resumed: bool
    planned_contracts: int
    totals: RunTotals


def _silent(_contracts: int) -> None:
    return None


def run_billing(
    database: Database,
    tenant: Tenant,
    formats: Formats,
    run_date: date,
    *,
    scope: Scope | None = None,
    progress: Progress = _silent,
) -> RunReceipt:
    """Bill what is due on that day, or finish that day's run that was interrupted.

    Running again bills nothing twice. What fell due after an interrupted run was planned is billed
    by the run after it. `progress` is told how many contracts each chunk looked at.
    """
    with database.write(tenant.id) as tx:
        planned = plan_run(tx, run_date, scope or Scope())
    with database.read(tenant.id) as tx:
        catalogue = read_catalogue(tx)
    for chunk in planned.chunks:
        # A desk a chunk: what it shares between documents must not grow with the run.
        desk = Desk(tenant, formats)
        with database.write(tenant.id) as tx:
            result = bill_chunk(tx, desk, catalogue, planned.record, chunk)
        progress(result.contracts)
    return _close(database, tenant.id, planned)


def _close(database: Database, tenant_id: int, planned: PlannedRun) -> RunReceipt:
    with database.write(tenant_id) as tx:
        finish_run(tx, planned.record.id)
        totals = run_totals(tx, planned.record.id)
    return RunReceipt(
        planned.record.id,
        planned.record.run_date,
        planned.resumed,
        planned.record.contracts,
        totals,
    )

"""A dunning run from plan to close: one transaction a chunk, resumable at any line (F084)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.run_chunks import Chunk
from faktura.domain.tenants import Tenant
from faktura.flows.one_by_one import done_alone
from faktura.kernel.errors import WriteRefused
from faktura.services.dunning import (
    DunningDone,
    PlannedDunning,
    close_dunning,
    dun_chunk,
    dun_range,
    dunning_chunks,
    hold_back,
    plan_dunning,
    planned_dunning,
)
from faktura.services.dunning_rehearsals import Rehearsed, rehearse_chunk
from faktura.store.database import Database
from faktura.store.dunning import DunningTotals, finish_run, run_totals
from faktura.store.dunning_candidates import customers_of_chunk, overdue_documents
from faktura.store.dunning_lists import DunningSum, sums_of_runs

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class DunningReceipt:
    """What a run did, over all its chunks; `resumed` when it took up one that was begun before.

    `done` is what was done just now, by this call; `sums` are by currency and level.
    """

    run_id: UUID
    run_date: date
    resumed: bool
    planned_customers: int
    totals: DunningTotals
    sums: tuple[DunningSum, ...]
    done: DunningDone


def _silent(_customers: int) -> None:
    return None


def run_dunning(
    database: Database, tenant: Tenant, run_date: date, *, progress: Progress = _silent
) -> DunningReceipt:
    """Dun what is overdue on that day; running again on the same day writes to nobody twice.

    A run of that day that was interrupted is finished first; `progress` is told how many customers
    each chunk looked at.
    """
    with database.write(tenant.id) as tx:
        planned = plan_dunning(tx, tenant, run_date)
    return _dun_chunks(database, tenant, planned, progress)


def finish_dunning(database: Database, tenant: Tenant, run_id: UUID) -> DunningReceipt:
    """Do what a recorded run has left; of a finished one only its receipt. Raises NotFound."""
    with database.read(tenant.id) as tx:
        planned = planned_dunning(tx, run_id)
    return _dun_chunks(database, tenant, planned, _silent)


def rehearse_dunning(
    database: Database, tenant: Tenant, run_date: date, *, progress: Progress = _silent
) -> Rehearsed:
    """What a run of that day would write and hold; all of it is done, then rolled back."""
    with database.read(tenant.id) as tx:
        overdue = overdue_documents(tx, run_date) if tenant.dunning.levels else ()
        chunks = dunning_chunks(overdue).chunks
    found = Rehearsed()
    for chunk in chunks:
        with database.rehearse(tenant.id) as tx:
            found += rehearse_chunk(tx, tenant, run_date, chunk)
        progress(1)
    return found


def _dun_chunks(
    database: Database, tenant: Tenant, planned: PlannedDunning, progress: Progress
) -> DunningReceipt:
    done = DunningDone()
    for chunk in planned.chunks:
        now = _dun(database, tenant, planned, chunk)
        progress(now.customers)
        done += now
    return _close(database, tenant.id, planned, done)


def _dun(database: Database, tenant: Tenant, planned: PlannedDunning, chunk: Chunk) -> DunningDone:
    """One transaction a chunk; where the database refuses it, one a customer (O19)."""
    try:
        with database.write(tenant.id) as tx:
            return dun_chunk(tx, tenant, planned.run, chunk)
    except WriteRefused:
        return _dun_one_by_one(database, tenant, planned, chunk)


def _dun_one_by_one(
    database: Database, tenant: Tenant, planned: PlannedDunning, chunk: Chunk
) -> DunningDone:
    run = planned.run
    with database.read(tenant.id) as tx:
        customers = customers_of_chunk(tx, chunk, run.run_date)
    done = DunningDone()
    for customer_id in customers:
        alone = Chunk(chunk.no, customer_id, customer_id)

        def dun(alone: Chunk = alone) -> DunningDone:
            with database.write(tenant.id) as tx:
                return dun_range(tx, tenant, run, alone)

        def hold(refused: WriteRefused, alone: Chunk = alone) -> DunningDone:
            with database.write(tenant.id) as tx:
                return hold_back(tx, run, alone, refused)

        done += done_alone(dun, hold)
    with database.write(tenant.id) as tx:
        close_dunning(tx, run, chunk, done)
    return done


def _close(
    database: Database, tenant_id: int, planned: PlannedDunning, done: DunningDone
) -> DunningReceipt:
    run = planned.run
    with database.write(tenant_id) as tx:
        finish_run(tx, run.id)
        totals = run_totals(tx, run.id)
        sums = sums_of_runs(tx, [run.id]).get(run.id, ())
    return DunningReceipt(
        run.id, run.run_date, planned.resumed, run.customers, totals, tuple(sums), done
    )

"""A billing run from plan to close: one transaction a chunk, resumable at any line (O20)."""

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from faktura.domain.run_chunks import Chunk
from faktura.domain.tenants import Tenant
from faktura.flows.contract_day import end_what_is_over
from faktura.kernel.errors import WriteRefused
from faktura.services.billing import (
    ChunkResult,
    PlannedRun,
    bill_chunk,
    bill_due,
    close_chunk,
    hold_back,
    plan_run,
    planned_run,
)
from faktura.services.issuing import Desk, Formats
from faktura.store.billable import due_contracts
from faktura.store.billing import RunTotals, Scope, finish_run, run_totals
from faktura.store.catalogue import CurrentCatalogue
from faktura.store.database import Database
from faktura.store.transaction import Tx

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


@dataclass(frozen=True, slots=True)
class _Run:
    """A planned run with what each of its chunks works with."""

    database: Database
    tenant: Tenant
    formats: Formats
    planned: PlannedRun
    catalogue: CurrentCatalogue = field(default_factory=CurrentCatalogue)

    def desk(self) -> Desk:
        """A desk a transaction: what it shares between documents must not grow with the run."""
        return Desk(self.tenant, self.formats)

    def write(self) -> AbstractContextManager[Tx]:
        """A transaction of the run's tenant."""
        return self.database.write(self.tenant.id)


def run_billing(
    database: Database,
    tenant: Tenant,
    formats: Formats,
    run_date: date,
    *,
    scope: Scope | None = None,
    progress: Progress = _silent,
) -> RunReceipt:
    """Bill what is due on that day; running again bills nothing twice.

    A run of that day that was interrupted is finished first; then what fell due since it was
    planned is billed. `progress` is told how many contracts each chunk looked at.
    """
    wanted = scope or Scope()
    receipt = _run(database, tenant, formats, run_date, wanted, progress)
    if not receipt.resumed:
        return receipt
    rest = _run(database, tenant, formats, run_date, wanted, progress)
    return RunReceipt(
        receipt.run_id,
        run_date,
        resumed=True,
        planned_contracts=receipt.planned_contracts + rest.planned_contracts,
        totals=receipt.totals + rest.totals,
    )


def finish_planned(
    database: Database, tenant: Tenant, formats: Formats, run_id: UUID
) -> RunReceipt:
    """Bill what a recorded run has left to do; of a finished one only its receipt. Raises NotFound."""
    with database.read(tenant.id) as tx:
        planned = planned_run(tx, run_id)
    return _bill_chunks(database, tenant, formats, planned, _silent)


def _run(
    database: Database,
    tenant: Tenant,
    formats: Formats,
    run_date: date,
    scope: Scope,
    progress: Progress,
) -> RunReceipt:
    with database.write(tenant.id) as tx:
        planned = plan_run(tx, run_date, scope)
    return _bill_chunks(database, tenant, formats, planned, progress)


def _bill_chunks(
    database: Database,
    tenant: Tenant,
    formats: Formats,
    planned: PlannedRun,
    progress: Progress,
) -> RunReceipt:
    run = _Run(database, tenant, formats, planned)
    with _rare_searches_for_cycles():
        for chunk in planned.chunks:
            progress(_bill(run, chunk).contracts)
    # A run alone ends what it billed to the end, whether or not a worker runs beside it.
    end_what_is_over(database, tenant, planned.record.run_date, planned.record.scope)
    return _close(database, tenant.id, planned)


@contextmanager
def _rare_searches_for_cycles() -> Iterator[None]:
    """A chunk makes some hundred thousand values and no cycles; looking for them costs an eighth.

    Memory stays bounded: values without cycles go when the last name for them goes.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(100_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def _bill(run: _Run, chunk: Chunk) -> ChunkResult:
    """One transaction a chunk; where the database refuses it, one a customer (O19)."""
    try:
        with run.write() as tx:
            return bill_chunk(tx, run.desk(), run.catalogue, run.planned.record, chunk)
    except WriteRefused:
        return _bill_one_by_one(run, chunk)


def _bill_one_by_one(run: _Run, chunk: Chunk) -> ChunkResult:
    record = run.planned.record
    with run.database.read(run.tenant.id) as tx:
        due = list(due_contracts(tx, record.scope, record.run_date, chunk))
    done = ChunkResult()
    for customer_id in dict.fromkeys(customer for customer, _, _ in due):
        alone = Chunk(chunk.no, customer_id, customer_id)
        try:
            with run.write() as tx:
                done += bill_due(tx, run.desk(), run.catalogue, record, alone)
        except WriteRefused as refused:
            with run.write() as tx:
                done += hold_back(tx, record, alone, refused)
    with run.write() as tx:
        close_chunk(tx, record, chunk, done)
    return done


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

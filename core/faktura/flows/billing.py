"""A billing run from plan to close: one transaction a chunk, resumable at any line (O20)."""

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from uuid import UUID

from faktura.domain.run_chunks import Chunk
from faktura.domain.tenants import Tenant
from faktura.flows.contract_day import end_what_is_over
from faktura.flows.one_by_one import done_alone
from faktura.kernel.errors import WriteRefused
from faktura.services.billing import (
    ChunkResult,
    PlannedRun,
    bill_chunk,
    bill_due,
    close_chunk,
    hold_back,
    plan_run,
)
from faktura.services.issuing import Desk, Formats
from faktura.store.billable import due_contracts
from faktura.store.billing import (
    RunRecord,
    RunTotals,
    Scope,
    claim_chunk,
    finish_run,
    is_billed,
    read_run_record,
    run_totals,
)
from faktura.store.catalogue import CurrentCatalogue
from faktura.store.database import Database
from faktura.store.statistics import count_first_rows
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
    record: RunRecord
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
        planned = PlannedRun(read_run_record(tx, run_id), resumed=True)
    return _finish(_Run(database, tenant, formats, planned.record), planned, _silent)


def share_run(database: Database, tenant: Tenant, formats: Formats, run_id: UUID) -> bool:
    """Bill chunks of a recorded run that nobody works on, until none is left; raises NotFound.

    Nobody is waited for: whoever finds all chunks done closes the run. Whether that was here.
    """
    with database.read(tenant.id) as tx:
        run = _Run(database, tenant, formats, read_run_record(tx, run_id))
    _bill_chunks(run, _silent, wait=False)
    with database.read(tenant.id) as tx:
        if not is_billed(tx, run_id):
            return False
    _close(run)
    return True


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
    return _finish(_Run(database, tenant, formats, planned.record), planned, progress)


def _finish(run: _Run, planned: PlannedRun, progress: Progress) -> RunReceipt:
    _bill_chunks(run, progress, wait=True)
    totals = _close(run)
    record = run.record
    return RunReceipt(record.id, record.run_date, planned.resumed, record.contracts, totals)


def _bill_chunks(run: _Run, progress: Progress, *, wait: bool) -> None:
    """Bill one chunk after the other; several processes share them.

    With `wait` it ends when all are done, by whomever: what one leaves that died is billed here.
    """
    with _rare_searches_for_cycles():
        last = _pass(run, progress, wait=False)
        while last is not None:
            # Those passed over meanwhile: their worker may have died.
            last = _pass(run, progress, wait=False)
        if wait:
            _pass(run, progress, wait=True)


def _pass(run: _Run, progress: Progress, *, wait: bool) -> int | None:
    """Bill chunks in order; the number of the last one, None where there was none."""
    after, counted = 0, False
    while (billed := _bill(run, after, wait=wait)) is not None:
        chunk, result = billed
        progress(result.contracts)
        after = chunk.no
        if not counted and result.contracts < run.record.contracts:
            with run.write() as tx:
                count_first_rows(tx)
            counted = True
    return after or None


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


def _bill(run: _Run, after: int, *, wait: bool) -> tuple[Chunk, ChunkResult] | None:
    """Bill the next free chunk: one transaction; where the database refuses it, one a customer (O19)."""
    chunk: Chunk | None = None
    try:
        with run.write() as tx:
            chunk = claim_chunk(tx, run.record.id, after=after, wait=wait)
            if chunk is None:
                return None
            return chunk, bill_chunk(tx, run.desk(), run.catalogue, run.record, chunk)
    except WriteRefused:
        if chunk is None:
            raise
        return chunk, _bill_one_by_one(run, chunk)


def _bill_one_by_one(run: _Run, chunk: Chunk) -> ChunkResult:
    with ExitStack() as kept:
        # Others must not take the chunk meanwhile; SQLite's one writer is this one.
        held = kept.enter_context(run.write()) if run.database.is_postgresql else None
        if held and claim_chunk(held, run.record.id, only=chunk.no, wait=True) is None:
            return ChunkResult()
        done = _bill_customers(run, chunk)
        close_chunk(held or kept.enter_context(run.write()), run.record, chunk, done)
    return done


def _bill_customers(run: _Run, chunk: Chunk) -> ChunkResult:
    record = run.record
    with run.database.read(run.tenant.id) as tx:
        due = list(due_contracts(tx, record.scope, record.run_date, chunk))
    done = ChunkResult()
    for customer_id in dict.fromkeys(customer for customer, _, _ in due):
        alone = Chunk(chunk.no, customer_id, customer_id)
        done += done_alone(partial(_bill_customer, run, alone), partial(_hold_back, run, alone))
    return done


def _bill_customer(run: _Run, alone: Chunk) -> ChunkResult:
    with run.write() as tx:
        return bill_due(tx, run.desk(), run.catalogue, run.record, alone)


def _hold_back(run: _Run, alone: Chunk, refused: WriteRefused) -> ChunkResult:
    with run.write() as tx:
        return hold_back(tx, run.record, alone, refused)


def _close(run: _Run) -> RunTotals:
    """End what is over and close the run; done twice it changes nothing."""
    # A run alone ends what it billed to the end, whether or not a worker runs beside it.
    end_what_is_over(run.database, run.tenant, run.record.run_date, run.record.scope)
    with run.write() as tx:
        finish_run(tx, run.record.id)
        return run_totals(tx, run.record.id)

"""The billing run's transactions: plan it, bill one chunk, close it (O19, O20).

A chunk is a range of whole customers. A contract that cannot be billed is quarantined with its
reason and the rest goes on; running again bills nothing twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.run_chunks import Chunk, Chunked, chunked
from faktura.kernel.errors import FakturaError
from faktura.services.issuing import Desk
from faktura.services.run_decisions import decide
from faktura.services.run_issuing import issue_run
from faktura.store.billable import due_contracts, lock_due_customers, read_chunk
from faktura.store.billing import (
    RunRecord,
    Scope,
    finish_chunk,
    lock_plan,
    unfinished_run,
    write_run,
)
from faktura.store.catalogue import CurrentCatalogue
from faktura.store.contracts import set_next_due
from faktura.store.drafts import discard_drafts, keep_drafts
from faktura.store.quarantine import put_in_quarantine, release
from faktura.store.transaction import Tx

CONTRACTS_A_CHUNK = 500


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A run that is recorded; `resumed` when it was before."""

    record: RunRecord
    resumed: bool


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """What one chunk did."""

    contracts: int = 0
    documents: int = 0
    quarantined: int = 0

    def __add__(self, other: "ChunkResult") -> "ChunkResult":
        """Both together."""
        return ChunkResult(
            self.contracts + other.contracts,
            self.documents + other.documents,
            self.quarantined + other.quarantined,
        )


def plan_run(tx: Tx, run_date: date, scope: Scope) -> PlannedRun:
    """Record a run of that day, or take up the unfinished one of the same day and scope.

    One streamed pass over the due contracts; the input hash covers each with its due day.
    """
    lock_plan(tx, run_date, scope)
    interrupted = unfinished_run(tx, run_date, scope)
    if interrupted is not None:
        return PlannedRun(interrupted, resumed=True)
    found = billing_chunks(due_contracts(tx, scope, run_date))
    record = RunRecord(tx.new_id(), run_date, scope, found.entries)
    write_run(tx, record, found.input_hash, found.chunks)
    return PlannedRun(record, resumed=False)


def billing_chunks(due: Iterable[tuple[UUID, UUID, date]]) -> Chunked:
    """Ranges of whole customers of about 500 contracts.

    `due` gives customer, contract and due day, by customer.
    """
    entries = (
        (customer_id, contract_id.bytes + str(day).encode())
        for customer_id, contract_id, day in due
    )
    return chunked(entries, CONTRACTS_A_CHUNK)


def bill_chunk(
    tx: Tx, desk: Desk, catalogue: CurrentCatalogue, run: RunRecord, chunk: Chunk
) -> ChunkResult:
    """Bill the due contracts of a chunk that this transaction claimed; all of it or nothing."""
    result = bill_due(tx, desk, catalogue, run, chunk)
    close_chunk(tx, run, chunk, result)
    return result


def bill_due(
    tx: Tx, desk: Desk, catalogue: CurrentCatalogue, run: RunRecord, chunk: Chunk
) -> ChunkResult:
    """Bill what is due of a range of customers, whatever became of the chunk it belongs to."""
    locked = lock_due_customers(tx, run.scope, chunk, run.run_date)
    due = read_chunk(tx, run.scope, chunk, run.run_date, catalogue.of(tx))
    # A customer whose first contract fell due since then is the next run's.
    views = [view for view in due if view.customer.id in locked]
    outcome = decide(desk, views, run.run_date)
    set_next_due(tx, outcome.next_due)
    release(tx, list(outcome.next_due))
    discard_drafts(tx, [view.contract.id for view in views])
    keep_drafts(tx, outcome.drafts)
    put_in_quarantine(tx, run.id, run.run_date, outcome.failures)
    issued = issue_run(
        tx, desk.tenant, outcome.prepared, outcome.free, on=run.run_date, run_id=run.id
    )
    return ChunkResult(len(views), issued, len(outcome.failures))


def hold_back(tx: Tx, run: RunRecord, chunk: Chunk, error: FakturaError) -> ChunkResult:
    """Quarantine every due contract of a range: the database does not take its documents."""
    lock_due_customers(tx, run.scope, chunk, run.run_date)
    due = due_contracts(tx, run.scope, run.run_date, chunk)
    failures = [(contract_id, error) for _, contract_id, _ in due]
    put_in_quarantine(tx, run.id, run.run_date, failures)
    return ChunkResult(len(failures), 0, len(failures))


def close_chunk(tx: Tx, run: RunRecord, chunk: Chunk, result: ChunkResult) -> None:
    """Record that a chunk is done and what it did."""
    finish_chunk(
        tx,
        run.id,
        chunk.no,
        contracts=result.contracts,
        documents=result.documents,
        quarantined=result.quarantined,
    )

"""Billing runs: their record and their chunks of whole customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update

from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import billing_chunk, billing_run
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run looks at: everything, one project, one customer or one contract."""

    project_id: UUID | None = None
    customer_id: UUID | None = None
    contract_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A range of whole customers, both ends inclusive, in id order."""

    no: int
    first_customer: UUID
    last_customer: UUID


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A billing run as recorded when it was planned."""

    id: UUID
    run_date: date
    scope: Scope
    contracts: int


@dataclass(frozen=True, slots=True)
class RunTotals:
    """What a run has done so far."""

    chunks: int
    chunks_done: int
    contracts: int
    documents: int
    quarantined: int

    def __add__(self, other: "RunTotals") -> "RunTotals":
        """Both runs together."""
        return RunTotals(
            self.chunks + other.chunks,
            self.chunks_done + other.chunks_done,
            self.contracts + other.contracts,
            self.documents + other.documents,
            self.quarantined + other.quarantined,
        )


def write_run(
    tx: Tx, run: RunRecord, input_hash: bytes, scope: str, chunks: Sequence[Chunk]
) -> None:
    """Record a planned run with its chunks, none of them done."""
    tx.connection.execute(
        billing_run.insert().values(
            tenant_id=tx.tenant_id,
            id=run.id,
            run_date=run.run_date,
            scope=scope,
            input_hash=input_hash,
            state="RUNNING",
            planned_contracts=run.contracts,
            planned_chunks=len(chunks),
            started_at=tx.now(),
        )
    )
    rows: list[Row] = [
        (
            tx.tenant_id,
            run.id,
            chunk.no,
            chunk.first_customer,
            chunk.last_customer,
            False,
            0,
            0,
            0,
            None,
        )
        for chunk in chunks
    ]
    bulk_write(tx, billing_chunk, rows)


def unfinished_run(tx: Tx, run_date: date, scope: str) -> tuple[UUID, int] | None:
    """Id and planned contracts of a run of that day and scope that was interrupted."""
    row = tx.connection.execute(
        select(billing_run.c.id, billing_run.c.planned_contracts)
        .where(
            billing_run.c.tenant_id == tx.tenant_id,
            billing_run.c.run_date == run_date,
            billing_run.c.scope == scope,
            billing_run.c.state == "RUNNING",
        )
        .order_by(billing_run.c.started_at)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.id, row.planned_contracts)


def chunks_to_do(tx: Tx, run_id: UUID) -> list[Chunk]:
    """Chunks of a run that are not done, in order."""
    rows = tx.connection.execute(
        select(billing_chunk)
        .where(
            billing_chunk.c.tenant_id == tx.tenant_id,
            billing_chunk.c.run_id == run_id,
            ~billing_chunk.c.done,
        )
        .order_by(billing_chunk.c.no)
    )
    return [Chunk(row.no, row.first_customer, row.last_customer) for row in rows]


def claim_chunk(tx: Tx, run_id: UUID, no: int) -> bool:
    """Lock a chunk for this transaction; False when another process has done it meanwhile."""
    done = tx.connection.execute(
        select(billing_chunk.c.done)
        .where(
            billing_chunk.c.tenant_id == tx.tenant_id,
            billing_chunk.c.run_id == run_id,
            billing_chunk.c.no == no,
        )
        .with_for_update()
    ).scalar_one()
    return not done


def finish_chunk(
    tx: Tx, run_id: UUID, no: int, *, contracts: int, documents: int, quarantined: int
) -> None:
    """Record what a chunk did, in its own transaction."""
    tx.connection.execute(
        update(billing_chunk)
        .where(
            billing_chunk.c.tenant_id == tx.tenant_id,
            billing_chunk.c.run_id == run_id,
            billing_chunk.c.no == no,
        )
        .values(
            done=True,
            contracts=contracts,
            documents=documents,
            quarantined=quarantined,
            done_at=tx.now(),
        )
    )


def finish_run(tx: Tx, run_id: UUID) -> None:
    """Close a run whose chunks are all done."""
    tx.connection.execute(
        update(billing_run)
        .where(billing_run.c.tenant_id == tx.tenant_id, billing_run.c.id == run_id)
        .values(state="DONE", finished_at=tx.now())
    )


def run_totals(tx: Tx, run_id: UUID) -> RunTotals:
    """Sums over the chunks of a run."""
    c = billing_chunk.c
    row = tx.connection.execute(
        select(
            func.count(),
            func.count(c.done_at),
            func.coalesce(func.sum(c.contracts), 0),
            func.coalesce(func.sum(c.documents), 0),
            func.coalesce(func.sum(c.quarantined), 0),
        ).where(c.tenant_id == tx.tenant_id, c.run_id == run_id)
    ).one()
    return RunTotals(*(int(value) for value in row))

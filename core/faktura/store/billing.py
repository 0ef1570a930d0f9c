"""Billing runs: their record and their chunks of whole customers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update

from faktura.domain.run_chunks import Chunk
from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import NotFound
from faktura.kernel.terms import RunState
from faktura.store.bulk import Row, bulk_write
from faktura.store.name_locks import lock_name
from faktura.store.tables import billing_chunk, billing_run
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run looks at: everything, or what meets all that is given.

    Without `projects` contracts of all projects are billed; with them no contract of another one.
    """

    projects: frozenset[UUID] | None = None
    customer_id: UUID | None = None
    contract_id: UUID | None = None

    def text(self) -> str:
        """The scope as it is stored; equal scopes have equal texts."""
        return canonical_json(
            {
                "projects": None if self.projects is None else sorted(self.projects),
                "customer": self.customer_id,
                "contract": self.contract_id,
            }
        )


def scope_from_text(written: str) -> Scope:
    """The scope behind a stored text."""
    stored = json.loads(written)
    projects = stored["projects"]
    return Scope(
        None if projects is None else frozenset(UUID(project) for project in projects),
        _id(stored["customer"]),
        _id(stored["contract"]),
    )


def _id(written: str | None) -> UUID | None:
    return None if written is None else UUID(written)


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


def write_run(tx: Tx, run: RunRecord, input_hash: bytes, chunks: Sequence[Chunk]) -> None:
    """Record a planned run with its chunks, none of them done."""
    tx.connection.execute(
        billing_run.insert().values(
            tenant_id=tx.tenant_id,
            id=run.id,
            run_date=run.run_date,
            scope=run.scope.text(),
            input_hash=input_hash,
            state=RunState.RUNNING,
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


def lock_plan(tx: Tx, run_date: date, scope: Scope) -> None:
    """Let no other transaction plan the same run before this one ends."""
    lock_name(tx, f"billing_run:{tx.tenant_id}:{run_date}:{scope.text()}")


def unfinished_run(tx: Tx, run_date: date, scope: Scope) -> RunRecord | None:
    """The run of that day and scope that is under way or was interrupted."""
    row = tx.connection.execute(
        select(billing_run.c.id, billing_run.c.planned_contracts)
        .where(
            billing_run.c.tenant_id == tx.tenant_id,
            billing_run.c.run_date == run_date,
            billing_run.c.scope == scope.text(),
            billing_run.c.state == RunState.RUNNING,
        )
        .order_by(billing_run.c.started_at)
        .limit(1)
    ).one_or_none()
    return None if row is None else RunRecord(row.id, run_date, scope, row.planned_contracts)


def read_run_record(tx: Tx, run_id: UUID) -> RunRecord:
    """The run of that id as it was planned; raises NotFound."""
    row = tx.connection.execute(
        select(billing_run).where(
            billing_run.c.tenant_id == tx.tenant_id, billing_run.c.id == run_id
        )
    ).one_or_none()
    if row is None:
        raise no_run(run_id)
    return RunRecord(row.id, row.run_date, scope_from_text(row.scope), row.planned_contracts)


def no_run(run_id: UUID) -> NotFound:
    """What is said of a run that does not exist, or that the asker may not see."""
    return NotFound(f"there is no billing run {run_id}", place="billingRun")


def claim_chunk(
    tx: Tx, run_id: UUID, *, after: int = 0, wait: bool = False, only: int | None = None
) -> Chunk | None:
    """Lock the next chunk behind number `after` that is not done; None where there is none.

    Chunks that others work on are passed over; with `wait` they are waited for. With `only` no other
    chunk is looked at. A claim ends with its transaction: the chunk of a process that died is free.
    """
    c = billing_chunk.c
    row = tx.connection.execute(
        select(c.no, c.first_customer, c.last_customer)
        .where(
            c.tenant_id == tx.tenant_id,
            c.run_id == run_id,
            ~c.done,
            c.no > after if only is None else c.no == only,
        )
        .order_by(c.no)
        .limit(1)
        .with_for_update(skip_locked=not wait)
    ).one_or_none()
    return None if row is None else Chunk(row.no, row.first_customer, row.last_customer)


def is_billed(tx: Tx, run_id: UUID) -> bool:
    """Whether all chunks of a run are done."""
    c = billing_chunk.c
    left = select(c.no).where(c.tenant_id == tx.tenant_id, c.run_id == run_id, ~c.done).limit(1)
    return tx.connection.execute(left).first() is None


def finish_chunk(
    tx: Tx, run_id: UUID, no: int, *, contracts: int, documents: int, quarantined: int
) -> None:
    """Record what a chunk did; where two processes did it at once, what the first one counted."""
    tx.connection.execute(
        update(billing_chunk)
        .where(
            billing_chunk.c.tenant_id == tx.tenant_id,
            billing_chunk.c.run_id == run_id,
            billing_chunk.c.no == no,
            ~billing_chunk.c.done,
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
    """Close a run whose chunks are all done; one that is closed keeps its end."""
    tx.connection.execute(
        update(billing_run)
        .where(
            billing_run.c.tenant_id == tx.tenant_id,
            billing_run.c.id == run_id,
            billing_run.c.state == RunState.RUNNING,
        )
        .values(state=RunState.DONE, finished_at=tx.now())
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

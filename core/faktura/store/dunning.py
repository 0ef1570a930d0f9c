"""Dunning runs: their record, their chunks of whole customers, and what they could not dun."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update

from faktura.domain.dunning_policies import DunningPolicy
from faktura.domain.run_chunks import Chunk
from faktura.kernel.errors import FakturaError, NotFound
from faktura.kernel.terms import RunState
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.codec import from_json, to_json
from faktura.store.name_locks import lock_name
from faktura.store.tables import customer, dunning_chunk, dunning_failure, dunning_run
from faktura.store.transaction import Tx

r, c, f = dunning_run.c, dunning_chunk.c, dunning_failure.c


@dataclass(frozen=True, slots=True)
class DunningRun:
    """A dunning run as recorded when it was planned; it goes by the policy of that moment."""

    id: UUID
    run_date: date
    policy: DunningPolicy
    customers: int


@dataclass(frozen=True, slots=True)
class DunningTotals:
    """What a run has done so far; `held` are documents, `failed` customers."""

    chunks: int
    chunks_done: int
    customers: int
    notices: int
    held: int
    failed: int


@dataclass(frozen=True, slots=True)
class RunFailure:
    """A customer whom a run could not dun, why, and what to do about it."""

    customer_number: str
    code: str
    problem: str
    place: str
    mend: str
    at: datetime


def lock_plan(tx: Tx, run_date: date) -> None:
    """Let no other transaction plan a run of that day before this one ends."""
    lock_name(tx, f"dunning_run:{tx.tenant_id}:{run_date}")


def write_run(tx: Tx, run: DunningRun, input_hash: bytes, chunks: Sequence[Chunk]) -> None:
    """Record a planned run with its chunks, none of them done."""
    tx.connection.execute(
        dunning_run.insert().values(
            tenant_id=tx.tenant_id,
            id=run.id,
            run_date=run.run_date,
            state=RunState.RUNNING,
            policy=to_json(run.policy, DunningPolicy),
            input_hash=input_hash,
            planned_customers=run.customers,
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
            0,
            None,
        )
        for chunk in chunks
    ]
    bulk_write(tx, dunning_chunk, rows)


def run_of_day(tx: Tx, run_date: date, state: RunState) -> DunningRun | None:
    """The latest run of that day in that state; None for none."""
    row = tx.connection.execute(
        select(dunning_run)
        .where(r.tenant_id == tx.tenant_id, r.run_date == run_date, r.state == state)
        .order_by(r.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else run_from_row(row)


def read_run(tx: Tx, run_id: UUID) -> DunningRun:
    """The run of that id as it was planned; raises NotFound."""
    row = tx.connection.execute(
        select(dunning_run).where(r.tenant_id == tx.tenant_id, r.id == run_id)
    ).one_or_none()
    if row is None:
        raise no_run(run_id)
    return run_from_row(row)


def run_from_row(row: Any) -> DunningRun:
    """The run behind a row of all the table's columns."""
    policy = from_json(row.policy, DunningPolicy)
    return DunningRun(row.id, row.run_date, policy, row.planned_customers)


def no_run(run_id: UUID) -> NotFound:
    """What is said of a run that does not exist."""
    return NotFound(f"there is no dunning run {run_id}", place="dunningRun")


def chunks_to_do(tx: Tx, run_id: UUID) -> list[Chunk]:
    """Chunks of a run that are not done, in order."""
    rows = tx.connection.execute(
        select(dunning_chunk)
        .where(c.tenant_id == tx.tenant_id, c.run_id == run_id, ~c.done)
        .order_by(c.no)
    )
    return [Chunk(row.no, row.first_customer, row.last_customer) for row in rows]


def claim_chunk(tx: Tx, run_id: UUID, no: int) -> bool:
    """Lock a chunk for this transaction; False when another process has done it meanwhile."""
    done = tx.connection.execute(
        select(c.done)
        .where(c.tenant_id == tx.tenant_id, c.run_id == run_id, c.no == no)
        .with_for_update()
    ).scalar_one()
    return not done


def finish_chunk(tx: Tx, run_id: UUID, no: int, counts: tuple[int, int, int, int]) -> None:
    """Record what a chunk did: customers, notices, documents held, customers failed."""
    customers, notices, held, failed = counts
    tx.connection.execute(
        update(dunning_chunk)
        .where(c.tenant_id == tx.tenant_id, c.run_id == run_id, c.no == no, ~c.done)
        .values(
            done=True,
            customers=customers,
            notices=notices,
            held=held,
            failed=failed,
            done_at=tx.now(),
        )
    )


def finish_run(tx: Tx, run_id: UUID) -> None:
    """Close a run whose chunks are all done; one that is closed keeps its end."""
    tx.connection.execute(
        update(dunning_run)
        .where(r.tenant_id == tx.tenant_id, r.id == run_id, r.state == RunState.RUNNING)
        .values(state=RunState.DONE, finished_at=tx.now())
    )


def run_totals(tx: Tx, run_id: UUID) -> DunningTotals:
    """Sums over the chunks of a run."""
    row = tx.connection.execute(
        select(
            func.count(),
            func.count(c.done_at),
            *(
                func.coalesce(func.sum(one), 0)
                for one in (c.customers, c.notices, c.held, c.failed)
            ),
        ).where(c.tenant_id == tx.tenant_id, c.run_id == run_id)
    ).one()
    return DunningTotals(*(int(value) for value in row))


def write_failures(
    tx: Tx,
    run_id: UUID,
    looked_at: Collection[UUID],
    failures: Sequence[tuple[UUID, FakturaError]],
) -> None:
    """Keep why customers of those looked at could not be dunned; what was kept of them goes.

    A run that was cut off among the customers of a chunk looks at them again.
    """
    for batch in in_batches(looked_at):
        tx.connection.execute(
            delete(dunning_failure).where(
                f.tenant_id == tx.tenant_id, f.run_id == run_id, f.customer_id.in_(batch)
            )
        )
    now = tx.now()
    rows: list[Row] = [
        (tx.tenant_id, run_id, customer_id, why.code, why.problem, why.place, why.mend, now)
        for customer_id, why in failures
    ]
    bulk_write(tx, dunning_failure, rows)


def run_failures(
    tx: Tx, run_id: UUID, *, after: str | None = None, limit: int | None = None
) -> list[RunFailure]:
    """The customers that a run could not dun, by number; of those behind `after`."""
    k = customer.c
    query = (
        select(k.number, f.code, f.problem, f.place, f.mend, f.at)
        .join(customer, (k.tenant_id == f.tenant_id) & (k.id == f.customer_id))
        .where(f.tenant_id == tx.tenant_id, f.run_id == run_id)
        .order_by(k.number)
        .limit(limit)
    )
    if after is not None:
        query = query.where(k.number > after)
    return [RunFailure(*row) for row in tx.connection.execute(query)]

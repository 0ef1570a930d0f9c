"""Billing runs: their record, their chunks of whole customers, and the quarantine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update

from faktura.domain.billing_plan import BillableContract
from faktura.domain.contracts import BILLABLE
from faktura.domain.customers import Customer
from faktura.kernel.errors import FakturaError
from faktura.store.activities import billed_until, read_open
from faktura.store.bulk import Row, bulk_write
from faktura.store.catalogue import Catalogue
from faktura.store.codec import from_json
from faktura.store.contracts import contract_from_row, read_items
from faktura.store.tables import billing_chunk, billing_run, contract, customer, quarantine
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


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A contract that could not be billed, why, and what to do about it (O19)."""

    contract_id: UUID
    contract_number: str
    run_date: date
    code: str
    problem: str
    place: str
    mend: str


def _due(tx: Tx, scope: Scope, run_date: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        contract.c.tenant_id == tx.tenant_id,
        contract.c.state.in_(sorted(BILLABLE)),
        contract.c.next_due_on <= run_date,
    ]
    for column, wanted in (
        (contract.c.project_id, scope.project_id),
        (contract.c.customer_id, scope.customer_id),
        (contract.c.id, scope.contract_id),
    ):
        if wanted is not None:
            conditions.append(column == wanted)
    return conditions


def due_contracts(tx: Tx, scope: Scope, run_date: date) -> Iterator[tuple[UUID, UUID, date]]:
    """Customer, contract and due day of every due contract, by customer; streamed."""
    rows = tx.connection.execute(
        select(contract.c.customer_id, contract.c.id, contract.c.next_due_on)
        .where(*_due(tx, scope, run_date))
        .order_by(contract.c.customer_id, contract.c.id),
        execution_options={"yield_per": 5000},
    )
    for row in rows:
        yield row.customer_id, row.id, row.next_due_on


def read_chunk(
    tx: Tx, scope: Scope, chunk: Chunk, run_date: date, catalogue: Catalogue
) -> list[BillableContract]:
    """The due contracts of a chunk with everything that decides: five reads, whatever its size."""
    rows = tx.connection.execute(
        select(contract)
        .where(
            *_due(tx, scope, run_date),
            contract.c.customer_id.between(chunk.first_customer, chunk.last_customer),
        )
        .order_by(contract.c.customer_id, contract.c.id)
    ).all()
    return views_of(tx, rows, catalogue)


def view_of(tx: Tx, contract_id: UUID, catalogue: Catalogue) -> BillableContract:
    """One contract, whatever its state, as the plan sees it."""
    rows = tx.connection.execute(
        select(contract).where(contract.c.tenant_id == tx.tenant_id, contract.c.id == contract_id)
    ).all()
    return views_of(tx, rows, catalogue)[0]


def views_of(tx: Tx, rows: Sequence[Any], catalogue: Catalogue) -> list[BillableContract]:
    """Contract rows with their customers, items, billed periods and waiting activities."""
    ids = [row.id for row in rows]
    customers = _read_customers(tx, sorted({row.customer_id for row in rows}))
    items = read_items(tx, ids, catalogue)
    until = billed_until(tx, [item.id for found in items.values() for item in found])
    waiting = read_open(tx, ids, catalogue)
    views = []
    for row in rows:
        own = tuple(items.get(row.id, ()))
        views.append(
            BillableContract(
                contract_from_row(row),
                customers[row.customer_id],
                own,
                tuple(until.get(item.id) for item in own),
                tuple(waiting.get(row.id, ())),
            )
        )
    return views


def _read_customers(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Customer]:
    """The customers, locked in id order: their accounts are written in this transaction (P47)."""
    rows = tx.connection.execute(
        select(customer.c.id, customer.c.data)
        .where(customer.c.tenant_id == tx.tenant_id, customer.c.id.in_(ids))
        .order_by(customer.c.id)
        .with_for_update()
        if not tx.connection.get_execution_options().get("faktura_readonly")
        else select(customer.c.id, customer.c.data).where(
            customer.c.tenant_id == tx.tenant_id, customer.c.id.in_(ids)
        )
    )
    return {row.id: from_json(row.data, Customer) for row in rows}


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


def put_in_quarantine(
    tx: Tx, run_id: UUID, run_date: date, failures: Sequence[tuple[UUID, FakturaError]]
) -> None:
    """Isolate contracts with the reason; a later failure replaces an earlier one."""
    release(tx, [contract_id for contract_id, _ in failures])
    now = tx.now()
    rows: list[Row] = [
        (
            tx.tenant_id,
            contract_id,
            run_id,
            run_date,
            error.code,
            error.problem,
            error.place,
            error.mend,
            now,
        )
        for contract_id, error in failures
    ]
    bulk_write(tx, quarantine, rows)


def release(tx: Tx, contract_ids: Sequence[UUID]) -> None:
    """Take contracts out of quarantine: they are billed now."""
    if contract_ids:
        tx.connection.execute(
            delete(quarantine).where(
                quarantine.c.tenant_id == tx.tenant_id,
                quarantine.c.contract_id.in_(contract_ids),
            )
        )


def read_quarantine(tx: Tx) -> list[Quarantined]:
    """Contracts in quarantine, by number."""
    rows = tx.connection.execute(
        select(quarantine, contract.c.number)
        .join(
            contract,
            (contract.c.tenant_id == quarantine.c.tenant_id)
            & (contract.c.id == quarantine.c.contract_id),
        )
        .where(quarantine.c.tenant_id == tx.tenant_id)
        .order_by(contract.c.number)
    )
    return [
        Quarantined(
            row.contract_id,
            row.number,
            row.run_date,
            row.code,
            row.problem,
            row.place,
            row.mend,
        )
        for row in rows
    ]

"""Contracts as the plan sees them: which are due, and everything that decides about them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from faktura.domain.billing_plan import BillableContract
from faktura.domain.contracts import BILLABLE
from faktura.store.activities import billed_until, read_open
from faktura.store.billing import Chunk, Scope
from faktura.store.catalogue import Catalogue
from faktura.store.contracts import contract_from_row, read_items
from faktura.store.customers import lock_customers, read_customers_by_id
from faktura.store.tables import contract
from faktura.store.transaction import Tx


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


def due_contracts(
    tx: Tx, scope: Scope, run_date: date, chunk: Chunk | None = None
) -> Iterator[tuple[UUID, UUID, date]]:
    """Customer, contract and due day of every due contract (of a chunk), by customer; streamed."""
    within = () if chunk is None else (_within(chunk),)
    rows = tx.connection.execute(
        select(contract.c.customer_id, contract.c.id, contract.c.next_due_on)
        .where(*_due(tx, scope, run_date), *within)
        .order_by(contract.c.customer_id, contract.c.id),
        execution_options={"yield_per": 5000},
    )
    for row in rows:
        yield row.customer_id, row.id, row.next_due_on


def lock_due_customers(tx: Tx, scope: Scope, chunk: Chunk, run_date: date) -> frozenset[UUID]:
    """Lock the accounts that a chunk writes to, before anything is read that decides (P47)."""
    owners = select(contract.c.customer_id).where(*_due(tx, scope, run_date), _within(chunk))
    ids = tx.connection.execute(owners.distinct()).scalars().all()
    lock_customers(tx, ids)
    return frozenset(ids)


def read_chunk(
    tx: Tx, scope: Scope, chunk: Chunk, run_date: date, catalogue: Catalogue
) -> list[BillableContract]:
    """The due contracts of a chunk with everything that decides: six reads, whatever its size."""
    rows = tx.connection.execute(
        select(contract)
        .where(*_due(tx, scope, run_date), _within(chunk))
        .order_by(contract.c.customer_id, contract.c.id)
    ).all()
    return views_of(tx, rows, catalogue)


def _within(chunk: Chunk) -> ColumnElement[bool]:
    return contract.c.customer_id.between(chunk.first_customer, chunk.last_customer)


def view_of(tx: Tx, contract_id: UUID, catalogue: Catalogue) -> BillableContract:
    """One contract, whatever its state, as the plan sees it."""
    rows = tx.connection.execute(
        select(contract).where(contract.c.tenant_id == tx.tenant_id, contract.c.id == contract_id)
    ).all()
    return views_of(tx, rows, catalogue)[0]


def views_of(tx: Tx, rows: Sequence[Any], catalogue: Catalogue) -> list[BillableContract]:
    """Contract rows with their customers, items, billed periods and waiting activities."""
    ids = [row.id for row in rows]
    customers = read_customers_by_id(tx, {row.customer_id for row in rows})
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

"""Contracts as the plan sees them: which are due, and everything that decides about them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from faktura.domain.billing_plan import BillableContract
from faktura.domain.contracts import BILLABLE
from faktura.domain.customers import Customer
from faktura.store.activities import billed_until, read_open
from faktura.store.billing import Chunk, Scope
from faktura.store.catalogue import Catalogue
from faktura.store.codec import from_json
from faktura.store.contracts import contract_from_row, read_items
from faktura.store.tables import contract, customer
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

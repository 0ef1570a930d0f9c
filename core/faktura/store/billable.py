"""Contracts as the plan sees them: which are due, and everything that decides about them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_

from faktura.domain.billing_plan import BillableContract
from faktura.domain.contracts import BILLABLE, Contract
from faktura.domain.run_chunks import Chunk
from faktura.store.activities import NOTHING_WAITS, WAITING, billed_until, read_waiting
from faktura.store.batches import in_batches
from faktura.store.billing import Scope
from faktura.store.catalogue import Catalogue, read_articles
from faktura.store.contracts import contract_from_row
from faktura.store.customers import lock_customers, read_customers_by_id
from faktura.store.discounts import read_discount_uses, read_discounts
from faktura.store.simulated_dates import at_real_date
from faktura.store.subscriptions import read_items
from faktura.store.tables import activity, contract, subscription_item
from faktura.store.transaction import Tx


def _due(tx: Tx, scope: Scope, run_date: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        contract.c.tenant_id == tx.tenant_id,
        contract.c.state.in_(sorted(BILLABLE)),
        contract.c.next_due_on <= run_date,
    ]
    if scope.projects is not None:
        conditions.append(contract.c.project_id.in_(sorted(scope.projects)))
    for column, wanted in (
        (contract.c.customer_id, scope.customer_id),
        (contract.c.id, scope.contract_id),
    ):
        if wanted is not None:
            conditions.append(column == wanted)
    if scope.customer_id is None and scope.contract_id is None:
        conditions += at_real_date(tx, contract.c.customer_id)
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


def read_page(
    tx: Tx, scope: Scope, run_date: date, after: Contract | None, limit: int | None
) -> list[BillableContract]:
    """So many due contracts (None: all) behind that one, in the order in which a run bills them."""
    query = select(contract).where(*_due(tx, scope, run_date))
    if after is not None:
        place = tuple_(contract.c.customer_id, contract.c.id)
        query = query.where(place > (after.customer_id, after.id))
    rows = tx.connection.execute(
        query.order_by(contract.c.customer_id, contract.c.id).limit(limit)
    ).all()
    return views_of(tx, rows, read_articles(tx, _articles_named(tx, [row.id for row in rows])))


def _within(chunk: Chunk) -> ColumnElement[bool]:
    return contract.c.customer_id.between(chunk.first_customer, chunk.last_customer)


def view_of(tx: Tx, contract_id: UUID) -> BillableContract:
    """One contract, whatever its state, as the plan sees it."""
    return views_by_id(tx, [contract_id])[0]


def views_by_id(tx: Tx, contract_ids: Iterable[UUID]) -> list[BillableContract]:
    """Contracts, whatever their state, by id; only the articles they name are read."""
    found: list[BillableContract] = []
    for batch in in_batches(sorted(contract_ids)):
        rows = tx.connection.execute(
            select(contract)
            .where(contract.c.tenant_id == tx.tenant_id, contract.c.id.in_(batch))
            .order_by(contract.c.id)
        ).all()
        found += views_of(tx, rows, read_articles(tx, _articles_named(tx, batch)))
    return found


def _articles_named(tx: Tx, contract_ids: Sequence[UUID]) -> set[UUID]:
    """The articles of these contracts' items and waiting activities."""
    named: set[UUID] = set()
    for query in (
        select(subscription_item.c.article_id).where(
            subscription_item.c.tenant_id == tx.tenant_id,
            subscription_item.c.contract_id.in_(contract_ids),
        ),
        select(activity.c.article_id).where(
            activity.c.tenant_id == tx.tenant_id,
            activity.c.contract_id.in_(contract_ids),
            WAITING,
        ),
    ):
        named.update(tx.connection.execute(query.distinct()).scalars())
    return named


def views_of(tx: Tx, rows: Sequence[Any], catalogue: Catalogue) -> list[BillableContract]:
    """Contract rows with their customers, items, billed periods and waiting activities."""
    ids = [row.id for row in rows]
    customers = read_customers_by_id(tx, {row.customer_id for row in rows})
    items = read_items(tx, ids, catalogue)
    until = billed_until(tx, [item.id for found in items.values() for item in found])
    waiting = read_waiting(tx, ids, catalogue)
    discounts = read_discounts(tx, ids)
    uses = read_discount_uses(tx, list(discounts))
    views = []
    for row in rows:
        own = tuple(items.get(row.id, ()))
        views.append(
            BillableContract(
                contract_from_row(row),
                customers[row.customer_id],
                own,
                tuple(until.get(item.id) for item in own),
                waiting.get(row.id, NOTHING_WAITS).activities,
                waiting.get(row.id, NOTHING_WAITS).reopened,
                discounts.get(row.id, ()),
                uses.get(row.id, ()),
            )
        )
    return views

"""Bookings as they are listed: items and activities by id, a batch at a time (F043).

A batch costs the same number of reads, whatever its size and wherever it lies.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from faktura.domain.activities import OpenActivity
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.subscriptions import SubscriptionItem
from faktura.kernel.periods import Period
from faktura.kernel.terms import ContractState
from faktura.store.activities import open_activity
from faktura.store.billable import views_by_id
from faktura.store.catalogue import read_articles
from faktura.store.contracts import contract_from_row
from faktura.store.customers import read_customers_by_id
from faktura.store.tables import activity, article, contract, subscription_item
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class BookingFilter:
    """Which bookings are wanted; what is None filters nothing."""

    projects: Collection[UUID] | None = None
    customer_id: UUID | None = None
    contract_number: str | None = None
    article_number: str | None = None
    states: Collection[ContractState] | None = None
    billed: bool | None = None


@dataclass(frozen=True, slots=True)
class BookedItem:
    """An item with its frame and the exclusive end of what is billed of it (None = nothing)."""

    contract: Contract
    customer: Customer
    item: SubscriptionItem
    billed_until: date | None


@dataclass(frozen=True, slots=True)
class BookedActivity:
    """A one-off or usage with its frame, as it was agreed before it was billed."""

    contract: Contract
    customer: Customer
    activity: OpenActivity
    billed: bool


def booked_items(
    tx: Tx, wanted: BookingFilter, *, after: UUID | None, limit: int
) -> list[BookedItem]:
    """Subscription items by id, of those behind `after`; `billed` filters none of them."""
    own = subscription_item.c
    query = select(own.id, own.contract_id).where(own.tenant_id == tx.tenant_id)
    rows = tx.connection.execute(_page(query, subscription_item, wanted, after, limit)).all()
    found = {
        item.id: BookedItem(view.contract, view.customer, item, until)
        for view in views_by_id(tx, {row.contract_id for row in rows})
        for item, until in zip(view.items, view.billed_until, strict=True)
    }
    return [found[row.id] for row in rows]


def booked_activities(
    tx: Tx, wanted: BookingFilter, *, after: UUID | None, limit: int
) -> list[BookedActivity]:
    """One-offs and usage by id, of those behind `after`."""
    own = activity.c
    query = select(activity).where(own.tenant_id == tx.tenant_id, own.item_id.is_(None))
    if wanted.billed is not None:
        query = query.where(own.billed if wanted.billed else ~own.billed)
    rows = tx.connection.execute(_page(query, activity, wanted, after, limit)).all()
    contracts = _contracts(tx, {row.contract_id for row in rows})
    customers = read_customers_by_id(tx, {one.customer_id for one in contracts.values()})
    catalogue = read_articles(tx, [row.article_id for row in rows])
    return [
        BookedActivity(
            contracts[row.contract_id],
            customers[contracts[row.contract_id].customer_id],
            open_activity(row, Period(row.service_start, row.service_end), catalogue),
            row.billed,
        )
        for row in rows
    ]


def _page(
    query: Select[Any], own: Any, wanted: BookingFilter, after: UUID | None, limit: int
) -> Select[Any]:
    """The rows of the filter behind `after`, by id; own is the table with the bookings."""
    frame = (contract.c.tenant_id == own.c.tenant_id) & (contract.c.id == own.c.contract_id)
    query = query.join(contract, frame)
    if wanted.article_number is not None:
        sold = (article.c.tenant_id == own.c.tenant_id) & (article.c.id == own.c.article_id)
        query = query.join(article, sold).where(article.c.number == wanted.article_number)
    for column, value in (
        (contract.c.customer_id, wanted.customer_id),
        (contract.c.number, wanted.contract_number),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.projects is not None:
        query = query.where(contract.c.project_id.in_(sorted(wanted.projects)))
    if wanted.states is not None:
        query = query.where(contract.c.state.in_(sorted(wanted.states)))
    if after is not None:
        query = query.where(own.c.id > after)
    return query.order_by(own.c.id).limit(limit)


def _contracts(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Contract]:
    rows = tx.connection.execute(
        select(contract).where(contract.c.tenant_id == tx.tenant_id, contract.c.id.in_(sorted(ids)))
    )
    return {row.id: contract_from_row(row) for row in rows}

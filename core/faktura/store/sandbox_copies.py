"""What is read of a tenant and written for its sandbox that no other reader or writer knows (F137)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update

from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import Origin
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.numbers import RangeFormat
from faktura.store.tables import (
    account_transaction,
    activity,
    article,
    contract,
    customer,
    discount_use,
    document,
    dunning_stop,
    number_range,
    open_item,
)
from faktura.store.transaction import Tx

_CUSTOMERS_A_BATCH = 500


@dataclass(frozen=True, slots=True)
class StandingPeriod:
    """What of a contract is billed, or waits to be billed anew: an item's period, or a one-off."""

    id: UUID
    contract_id: UUID
    item_id: UUID | None
    article_id: UUID
    service: Period
    quantity: Decimal
    billed: bool


@dataclass(frozen=True, slots=True)
class StandingUse:
    """What a discount took off an activity that stands, in minor units."""

    activity_id: UUID
    discount_id: UUID
    contract_id: UUID
    interval_start: date
    amount: int


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """What is open of a document."""

    document_id: UUID
    customer_id: UUID
    issued_on: date
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class StandingStop:
    """A dunning stop that nobody lifted."""

    id: UUID
    target: str
    target_id: UUID
    until: date | None


def customer_ids(tx: Tx) -> Iterator[list[UUID]]:
    """Ids of all customers by number, some at a time; one that comes meanwhile may be left out."""
    last = ""
    while True:
        rows = tx.connection.execute(
            select(customer.c.id, customer.c.number)
            .where(customer.c.tenant_id == tx.tenant_id, customer.c.number > last)
            .order_by(customer.c.number)
            .limit(_CUSTOMERS_A_BATCH)
        ).all()
        if not rows:
            return
        yield [row.id for row in rows]
        last = rows[-1].number


def contracts_of(tx: Tx, customers: Sequence[UUID]) -> dict[UUID, date | None]:
    """Contracts of these customers, each with the day on which it is next due."""
    rows = tx.connection.execute(
        select(contract.c.id, contract.c.next_due_on)
        .where(contract.c.tenant_id == tx.tenant_id, contract.c.customer_id.in_(customers))
        .order_by(contract.c.number)
    )
    return {row.id: row.next_due_on for row in rows}


def projects_of_articles(tx: Tx) -> dict[UUID, UUID]:
    """The project of each article that belongs to one."""
    rows = tx.connection.execute(
        select(article.c.id, article.c.project_id).where(
            article.c.tenant_id == tx.tenant_id, article.c.project_id.is_not(None)
        )
    )
    return {row.id: row.project_id for row in rows}


def standing_periods(tx: Tx, contracts: Iterable[UUID]) -> Iterator[StandingPeriod]:
    """All that stands of these contracts' items, and the one-offs that a discount was used on."""
    a, u = activity.c, discount_use.c
    used = select(u.activity_id).where(u.tenant_id == tx.tenant_id)
    for batch in in_batches(contracts):
        rows = tx.connection.execute(
            select(activity).where(
                a.tenant_id == tx.tenant_id,
                a.contract_id.in_(batch),
                a.reversed_by.is_(None),
                or_(a.item_id.is_not(None), a.billed & a.id.in_(used)),
            )
        )
        for row in rows:
            yield StandingPeriod(
                row.id,
                row.contract_id,
                row.item_id,
                row.article_id,
                Period(row.service_start, row.service_end),
                row.quantity,
                row.billed,
            )


def standing_uses(tx: Tx, contracts: Iterable[UUID]) -> Iterator[StandingUse]:
    """What discounts took off activities of these contracts that stand."""
    a, u = activity.c, discount_use.c
    for batch in in_batches(contracts):
        rows = tx.connection.execute(
            select(discount_use)
            .join(activity, (a.tenant_id == u.tenant_id) & (a.id == u.activity_id))
            .where(
                u.tenant_id == tx.tenant_id,
                a.contract_id.in_(batch),
                a.reversed_by.is_(None),
                a.billed,
            )
        )
        for row in rows:
            yield StandingUse(
                row.activity_id, row.discount_id, row.contract_id, row.interval_start, row.amount
            )


def left_open(tx: Tx, customers: Sequence[UUID]) -> Iterator[LeftOpen]:
    """What is open of documents of these customers, oldest first."""
    o, d = open_item.c, document.c
    rows = tx.connection.execute(
        select(o.document_id, o.customer_id, d.issued_on, o.due_on, o.open, o.currency)
        .join(document, (d.tenant_id == o.tenant_id) & (d.id == o.document_id))
        .where(o.tenant_id == tx.tenant_id, o.customer_id.in_(customers))
        .order_by(d.issued_on, d.number)
    )
    for row in rows:
        amount = Money(row.open, row.currency)
        yield LeftOpen(row.document_id, row.customer_id, row.issued_on, row.due_on, amount)


def balances_of(tx: Tx, customers: Sequence[UUID]) -> list[tuple[UUID, Money]]:
    """Where these customers' accounts stand, by customer and currency."""
    t = account_transaction.c
    rows = tx.connection.execute(
        select(t.customer_id, t.currency, func.sum(t.amount).label("total"))
        .where(t.tenant_id == tx.tenant_id, t.customer_id.in_(customers))
        .group_by(t.customer_id, t.currency)
        .order_by(t.customer_id, t.currency)
    )
    return [(row.customer_id, Money(int(row.total), row.currency)) for row in rows]


def standing_stops(tx: Tx) -> list[StandingStop]:
    """Dunning stops that nobody lifted, in the order in which they were set."""
    s = dunning_stop.c
    rows = tx.connection.execute(
        select(s.id, s.target, s.target_id, s.until)
        .where(s.tenant_id == tx.tenant_id, s.lifted_at.is_(None))
        .order_by(s.id)
    )
    return [StandingStop(row.id, row.target, row.target_id, row.until) for row in rows]


def write_standing_periods(tx: Tx, periods: Iterable[StandingPeriod]) -> int:
    """Add what is billed, as taken over without documents and amounts, and what is to be billed anew."""
    rows: list[Row] = [_activity(tx, one) for one in periods]
    bulk_write(tx, activity, rows)
    return len(rows)


def _activity(tx: Tx, one: StandingPeriod) -> Row:
    unknown: tuple[Any, ...] = (None,) * 6
    return (
        tx.tenant_id,
        one.id,
        one.contract_id,
        one.item_id,
        one.article_id,
        Origin.MIGRATION if one.billed else Origin.SUBSCRIPTION,
        one.service.start,
        one.service.end,
        one.quantity,
        *unknown,
        one.billed,
        False,
        None,
        None,
    )


def write_standing_uses(tx: Tx, uses: Iterable[StandingUse]) -> None:
    """Add what discounts took off activities that are written."""
    rows: list[Row] = [
        (
            tx.tenant_id,
            one.activity_id,
            one.discount_id,
            one.contract_id,
            one.interval_start,
            one.amount,
        )
        for one in uses
    ]
    bulk_write(tx, discount_use, rows)


def continue_range(tx: Tx, of: RangeFormat) -> None:
    """Let a range of that name go on where another one stands."""
    tx.connection.execute(
        update(number_range)
        .where(number_range.c.tenant_id == tx.tenant_id, number_range.c.name == of.name)
        .values(next=of.next)
    )

"""Deliveries as a person looks at them: listed by what they are, found by id."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from faktura.domain.deliveries import DeliveryFilter, DeliveryRow
from faktura.domain.events import object_number
from faktura.kernel.outbox_terms import DeliveryState
from faktura.store.deliveries import OF_ITS_EVENT
from faktura.store.tables import delivery, event
from faktura.store.transaction import Tx

d, e = delivery.c, event.c


def list_deliveries(
    tx: Tx, wanted: DeliveryFilter, *, after: UUID | None = None, limit: int | None = None
) -> list[DeliveryRow]:
    """Deliveries in the order in which they were made, of those behind `after`; at most `limit`."""
    query = _rows(tx, wanted)
    if after is not None:
        query = query.where(d.id > after)
    return [_row(row) for row in tx.connection.execute(query.order_by(d.id).limit(limit))]


def latest_deliveries(tx: Tx, wanted: DeliveryFilter, limit: int) -> list[DeliveryRow]:
    """The latest deliveries, newest first."""
    rows = tx.connection.execute(_rows(tx, wanted).order_by(d.id.desc()).limit(limit))
    return [_row(row) for row in rows]


def find_row(tx: Tx, delivery_id: UUID) -> DeliveryRow | None:
    """The tenant's delivery of that id."""
    row = tx.connection.execute(
        _rows(tx, DeliveryFilter()).where(d.id == delivery_id)
    ).one_or_none()
    return None if row is None else _row(row)


def ids_of(tx: Tx, wanted: DeliveryFilter) -> list[UUID]:
    """The ids of all that are wanted."""
    query = select(d.id).join(event, OF_ITS_EVENT).where(*_conditions(tx, wanted))
    return list(tx.connection.execute(query).scalars())


def _rows(tx: Tx, wanted: DeliveryFilter) -> Select[Any]:
    return (
        select(delivery, e.type, e.object_type, e.occurred_at, e.data)
        .join(event, OF_ITS_EVENT)
        .where(*_conditions(tx, wanted))
    )


def _conditions(tx: Tx, wanted: DeliveryFilter) -> list[Any]:
    conditions: list[Any] = [d.tenant_id == tx.tenant_id]
    if wanted.subscriber is not None:
        conditions.append(d.subscriber == wanted.subscriber)
    if wanted.states is not None:
        conditions.append(d.state.in_(sorted(wanted.states)))
    if wanted.types is not None:
        conditions.append(e.type.in_(sorted(wanted.types)))
    if wanted.customer_number is not None:
        conditions.append(d.lane == wanted.customer_number)
    if wanted.since is not None:
        conditions.append(e.occurred_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(e.occurred_at < wanted.until)
    return conditions


def _row(row: Any) -> DeliveryRow:
    return DeliveryRow(
        row.id,
        row.subscriber,
        DeliveryState(row.state),
        row.type,
        row.object_type,
        row.object_id,
        object_number(row.object_type, json.loads(row.data)),
        None if row.lane in (None, str(row.object_id)) else row.lane,
        row.sequence,
        row.occurred_at,
        row.attempts,
        row.due_at if row.state == DeliveryState.PENDING else None,
        row.delivered_at,
        json.loads(row.last_error) if row.last_error else {},
    )


def has_dead(tx: Tx, subscriber: str) -> bool:
    """Whether a subscriber has missed something for good."""
    found = tx.connection.execute(
        select(delivery.c.id)
        .where(
            delivery.c.tenant_id == tx.tenant_id,
            delivery.c.subscriber == subscriber,
            delivery.c.state == DeliveryState.DEAD,
        )
        .limit(1)
    )
    return found.first() is not None

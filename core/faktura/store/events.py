"""The outbox as rows: events by their seal, and one delivery for each subscriber of an event.

Events are written with the facts they tell of (store/facts.py), under one seal a transaction.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update

from faktura.domain.events import Delivery, DeliveryState, EventType
from faktura.kernel.canonical import canonical_json
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import delivery, event, tenant
from faktura.store.transaction import Tx

_IDS_A_QUERY = 500


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """What the fan-out needs to know of an event."""

    object_id: UUID
    sequence: int
    type: str


def next_sequences(tx: Tx, object_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The number of each object's next event; 1 for an object without events.

    The caller holds a lock on the objects: two writers must not take the same number.
    """
    last: dict[UUID, int] = {}
    for start in range(0, len(object_ids), _IDS_A_QUERY):
        chunk = object_ids[start : start + _IDS_A_QUERY]
        found = tx.connection.execute(
            select(event.c.object_id, func.max(event.c.sequence))
            .where(event.c.tenant_id == tx.tenant_id, event.c.object_id.in_(chunk))
            .group_by(event.c.object_id)
        )
        last.update((object_id, sequence) for object_id, sequence in found)
    return {object_id: last.get(object_id, 0) + 1 for object_id in object_ids}


def events_of_seal(tx: Tx, seal_seq: int) -> list[SealedEvent]:
    """The events of one transaction, an object's in their order."""
    rows = tx.connection.execute(
        select(event.c.object_id, event.c.sequence, event.c.type)
        .where(event.c.tenant_id == tx.tenant_id, event.c.seal_seq == seal_seq)
        .order_by(event.c.object_id, event.c.sequence)
    )
    return [SealedEvent(row.object_id, row.sequence, row.type) for row in rows]


def data_of_events(
    tx: Tx, type_: EventType, object_ids: Sequence[UUID]
) -> Iterator[tuple[UUID, Mapping[str, object]]]:
    """Object and data of the events of one type of these objects."""
    e = event.c
    for batch in in_batches(object_ids):
        rows = tx.connection.execute(
            select(e.object_id, e.data).where(
                e.tenant_id == tx.tenant_id, e.object_id.in_(batch), e.type == type_
            )
        )
        for row in rows:
            yield row.object_id, json.loads(row.data)


def subscribers_served(tx: Tx, seal_seq: int) -> set[tuple[UUID, int, str]]:
    """Which (object, sequence, subscriber) of a transaction's events have a delivery already."""
    rows = tx.connection.execute(
        select(delivery.c.object_id, delivery.c.sequence, delivery.c.subscriber)
        .join(
            event,
            (event.c.tenant_id == delivery.c.tenant_id)
            & (event.c.object_id == delivery.c.object_id)
            & (event.c.sequence == delivery.c.sequence),
        )
        .where(event.c.tenant_id == tx.tenant_id, event.c.seal_seq == seal_seq)
    )
    return {(row.object_id, row.sequence, row.subscriber) for row in rows}


def write_deliveries(tx: Tx, wanted: Iterable[tuple[UUID, SealedEvent, str]]) -> None:
    """Add one row for each (delivery id, event, subscriber)."""
    rows: list[Row] = [
        (
            tx.tenant_id,
            delivery_id,
            fact.object_id,
            fact.sequence,
            subscriber,
            DeliveryState.PENDING,
            0,
            None,
            None,
        )
        for delivery_id, fact, subscriber in wanted
    ]
    bulk_write(tx, delivery, rows)


def find_delivery(tx: Tx, delivery_id: UUID) -> Delivery | None:
    """A delivery with the fact it carries."""
    row = tx.connection.execute(
        select(delivery.c.subscriber, delivery.c.state, tenant.c.key.label("tenant_key"), event)
        .join(
            event,
            (event.c.tenant_id == delivery.c.tenant_id)
            & (event.c.object_id == delivery.c.object_id)
            & (event.c.sequence == delivery.c.sequence),
        )
        .join(tenant, tenant.c.id == delivery.c.tenant_id)
        .where(delivery.c.tenant_id == tx.tenant_id, delivery.c.id == delivery_id)
    ).one_or_none()
    if row is None:
        return None
    return Delivery(
        delivery_id,
        row.subscriber,
        DeliveryState(row.state),
        row.tenant_key,
        row.type,
        row.object_type,
        row.object_id,
        row.sequence,
        row.occurred_at,
        json.loads(row.data),
    )


def mark_delivered(tx: Tx, delivery_id: UUID) -> None:
    """The subscriber took the fact; a repeat keeps the first moment."""
    tx.connection.execute(
        update(delivery)
        .where(
            delivery.c.tenant_id == tx.tenant_id,
            delivery.c.id == delivery_id,
            delivery.c.state == DeliveryState.PENDING,
        )
        .values(
            state=DeliveryState.DELIVERED,
            attempts=delivery.c.attempts + 1,
            delivered_at=tx.now(),
            last_error=None,
        )
    )


def mark_undelivered(tx: Tx, delivery_id: UUID, error: dict[str, str]) -> None:
    """The subscriber did not take the fact; what it said is kept."""
    tx.connection.execute(
        update(delivery)
        .where(
            delivery.c.tenant_id == tx.tenant_id,
            delivery.c.id == delivery_id,
            delivery.c.state == DeliveryState.PENDING,
        )
        .values(attempts=delivery.c.attempts + 1, last_error=canonical_json(error))
    )

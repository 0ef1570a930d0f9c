"""Events by their seal: what the outbox hands out.

They are written with the facts they tell of (store/facts.py), under one seal a transaction.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from faktura.domain.events import EventType
from faktura.domain.lanes import lane_of
from faktura.store.batches import in_batches
from faktura.store.tables import event
from faktura.store.transaction import Tx

_IDS_A_QUERY = 500


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """An event as it is handed out."""

    object_id: UUID
    sequence: int
    type: str
    object_type: str
    occurred_at: datetime
    data: Mapping[str, object]
    seal_seq: int

    @property
    def lane(self) -> str:
        """The customer it concerns, else its object: their facts stay in order."""
        return lane_of(self.object_type, self.object_id, self.data)


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
    e = event.c
    rows = tx.connection.execute(
        select(e.object_id, e.sequence, e.type, e.object_type, e.occurred_at, e.data)
        .where(e.tenant_id == tx.tenant_id, e.seal_seq == seal_seq)
        .order_by(e.object_id, e.sequence)
    )
    return [
        SealedEvent(
            row.object_id,
            row.sequence,
            row.type,
            row.object_type,
            row.occurred_at,
            json.loads(row.data),
            seal_seq,
        )
        for row in rows
    ]


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

"""Events of one object as a person reads them: sealed facts in their order."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from faktura.domain.events import EventType
from faktura.store.tables import event
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class PastEvent:
    """What happened to an object; `sequence` counts its events from 1."""

    sequence: int
    type: str
    occurred_at: datetime
    data: Mapping[str, object]


def events_of(
    tx: Tx, object_id: UUID, *, after: int | None = None, limit: int | None = None
) -> list[PastEvent]:
    """The object's events behind the sequence `after`, at most `limit`."""
    e = event.c
    query = select(e.sequence, e.type, e.occurred_at, e.data).where(
        e.tenant_id == tx.tenant_id, e.object_id == object_id
    )
    if after is not None:
        query = query.where(e.sequence > after)
    rows = tx.connection.execute(query.order_by(e.sequence).limit(limit))
    return [
        PastEvent(row.sequence, row.type, row.occurred_at, json.loads(row.data)) for row in rows
    ]


def sealed_events_of(
    tx: Tx, object_id: UUID, what: EventType
) -> list[tuple[int, Mapping[str, object]]]:
    """The object's events of one type: the seal that each stands under, and what it says."""
    e = event.c
    rows = tx.connection.execute(
        select(e.seal_seq, e.data)
        .where(e.tenant_id == tx.tenant_id, e.object_id == object_id, e.type == what)
        .order_by(e.sequence)
    )
    return [(row.seal_seq, json.loads(row.data)) for row in rows]

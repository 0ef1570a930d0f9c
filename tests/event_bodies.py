"""What subscribers would be told: the body of every fact, held against what is published."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import jsonschema_rs
from sqlalchemy import select

from faktura.domain.events import Delivery, EventType
from faktura.kernel.outbox_terms import DeliveryState
from faktura.services.event_bodies import event_bodies
from faktura.store.tables import event
from faktura.store.transaction import Tx
from faktura.web.api.events.all import DATA
from faktura.web.api.events.envelope import EventBody

PUBLISHED = Path(__file__).parents[1] / "docs" / "webhooks.schema.json"
Body = dict[str, Any]


def told(tx: Tx, *types: str) -> list[Body]:
    """The bodies of the tenant's facts of these types (none: of all), oldest seal first."""
    e = event.c
    rows = tx.connection.execute(
        select(event)
        .where(e.tenant_id == tx.tenant_id)
        .order_by(e.seal_seq, e.object_id, e.sequence)
    )
    deliveries = [
        Delivery(
            tx.new_id(),
            "test",
            DeliveryState.PENDING,
            "nord",
            row.type,
            row.object_type,
            row.object_id,
            row.sequence,
            row.occurred_at,
            json.loads(row.data),
        )
        for row in rows
        if not types or row.type in types
    ]
    bodies = event_bodies(tx, deliveries)
    return [published(bodies[one.id]) for one in deliveries]


def published(body: Body) -> Body:
    """The body as a receiver reads it: as JSON, fit for the schema, without a field that it lacks."""
    text = json.dumps(body)
    read: Body = json.loads(text)
    assert [error.message for error in _validator(read["type"]).iter_errors(read)] == []
    model = DATA[EventType(read["type"])]
    EventBody[model].model_validate_json(text)  # type: ignore[valid-type]  # found by its type
    assert read["object"]["type"] in model.about
    return read


def fitting(body: Body) -> Iterator[str]:
    """The definitions of the published schema that a body is fit for, at most one."""
    schema = cast("Body", json.loads(PUBLISHED.read_text(encoding="utf-8")))
    for one in schema["oneOf"]:
        kind = one["$ref"].rpartition("/")[2]
        if _validator(kind).is_valid(body):
            yield kind


@cache
def _validator(kind: str) -> jsonschema_rs.Draft202012Validator:
    schema = cast("Body", json.loads(PUBLISHED.read_text(encoding="utf-8")))
    one = {"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]}
    return jsonschema_rs.Draft202012Validator(one, validate_formats=True)

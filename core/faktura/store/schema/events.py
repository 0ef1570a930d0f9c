"""The outbox: one row a fact, one delivery row a subscriber."""

from sqlalchemy import Index, Table, UniqueConstraint

from faktura.domain.events import DeliveryState
from faktura.store.schema.meta import (
    CLUSTERED,
    count,
    digest,
    metadata,
    moment,
    one_of,
    parent,
    tenant_id,
    text,
    uid,
    word,
)

event = Table(
    "event",
    metadata,
    tenant_id(),
    uid("object_id", key=True),
    count("sequence", key=True),
    word("object_type"),
    word("type"),
    moment("occurred_at"),
    text("data"),
    digest("content_hash"),
    count("seal_seq"),
    Index(None, "tenant_id", "seal_seq"),
    **CLUSTERED,
)

delivery = Table(
    "delivery",
    metadata,
    tenant_id(),
    uid(key=True),
    uid("object_id"),
    count("sequence"),
    word("subscriber"),
    word("state"),
    count("attempts"),
    moment("delivered_at", optional=True),
    text("last_error", optional=True),
    one_of("state", DeliveryState),
    UniqueConstraint("tenant_id", "object_id", "sequence", "subscriber"),
    parent(["object_id", "sequence"], "event", ["object_id", "sequence"]),
)

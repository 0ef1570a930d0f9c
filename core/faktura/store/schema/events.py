"""The outbox: one row a fact, one delivery row a subscriber, one row an attempt to deliver it."""

from sqlalchemy import Boolean, Column, Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from faktura.kernel.outbox_terms import DeliveryState
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

# The object after a change and before it, for webhooks: personal data, so it is forgotten after a
# time, unlike the event itself.
event_detail = Table(
    "event_detail",
    metadata,
    tenant_id(),
    uid("object_id", key=True),
    count("sequence", key=True),
    text("after", optional=True),
    text("before", optional=True),
    moment("kept_at"),
    parent(["object_id", "sequence"], "event", ["object_id", "sequence"]),
    Index(None, "tenant_id", "kept_at"),
    **CLUSTERED,
)

_PENDING = sql("state = 'PENDING'")

# `lane` is the customer whose facts stay in order, `subscriber` a listener or `webhook:<id>`.
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
    text("lane", optional=True),
    count("seal_seq", optional=True),
    moment("due_at", optional=True),
    one_of("state", DeliveryState),
    UniqueConstraint("tenant_id", "object_id", "sequence", "subscriber"),
    parent(["object_id", "sequence"], "event", ["object_id", "sequence"]),
    Index(
        "ix_delivery_pending",
        "tenant_id",
        "subscriber",
        "seal_seq",
        "object_id",
        "sequence",
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    ),
    Index(None, "tenant_id", "subscriber", "seal_seq"),
)

# What was sent when, and the answer; forgotten after a time. A row with `asked_by` is no attempt but
# who had it sent again.
delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    tenant_id(),
    uid("delivery_id", key=True),
    count("no", key=True),
    moment("at"),
    count("milliseconds"),
    Column("taken", Boolean, nullable=False),
    count("status", optional=True),
    text("answer"),
    text("asked_by", optional=True),
    parent(["delivery_id"], "delivery", ["id"]),
    Index(None, "tenant_id", "at"),
    **CLUSTERED,
)

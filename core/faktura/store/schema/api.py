"""The REST door: keys of calling systems, and answers kept for requests that come again."""

from sqlalchemy import CheckConstraint, Column, LargeBinary, Table

from faktura.store.schema.meta import (
    count,
    digest,
    metadata,
    moment,
    parent,
    tenant_id,
    text,
    uid,
    word,
)

# Of a key only the hash of its secret is kept; without a project it reaches all of them (F114).
api_key = Table(
    "api_key",
    metadata,
    tenant_id(),
    uid(key=True),
    text("name"),
    uid("project_id", optional=True),
    text("scopes"),
    text("networks"),
    count("requests_per_minute"),
    digest("secret_hash"),
    moment("created_at"),
    moment("expires_at", optional=True),
    moment("revoked_at", optional=True),
    moment("last_used_at", optional=True),
    uid("replaces", optional=True),
    parent(["project_id"], "project", ["id"]),
    parent(["replaces"], "api_key", ["id"]),
    CheckConstraint("requests_per_minute >= 1", name="requests_allowed"),
)

# Written in the transaction of the act it answers: the same request never acts twice.
api_answer = Table(
    "api_answer",
    metadata,
    tenant_id(),
    uid("key_id", key=True),
    word("idempotency_key", key=True),
    digest("request_hash"),
    count("status"),
    text("headers"),
    Column("body", LargeBinary, nullable=False),
    moment("answered_at"),
    parent(["key_id"], "api_key", ["id"]),
)

"""Dunning: runs over overdue documents, one notice a customer and currency, stops."""

from sqlalchemy import Boolean, Column, Index, Table, UniqueConstraint

from faktura.kernel.dunning_terms import StopTarget
from faktura.store.schema.meta import (
    CLUSTERED,
    count,
    day,
    digest,
    metadata,
    minor,
    moment,
    one_of,
    parent,
    scaled,
    tenant_id,
    text,
    uid,
    word,
)

dunning_run = Table(
    "dunning_run",
    metadata,
    tenant_id(),
    uid(key=True),
    day("run_date"),
    word("state"),
    text("policy"),
    digest("input_hash"),
    count("planned_customers"),
    count("planned_chunks"),
    moment("started_at"),
    moment("finished_at", optional=True),
)

# A chunk is a range of whole customers; its row is written in the chunk's own transaction.
dunning_chunk = Table(
    "dunning_chunk",
    metadata,
    tenant_id(),
    uid("run_id", key=True),
    count("no", key=True),
    uid("first_customer"),
    uid("last_customer"),
    Column("done", Boolean, nullable=False),
    count("customers"),
    count("notices"),
    count("held"),
    count("failed"),
    moment("done_at", optional=True),
    parent(["run_id"], "dunning_run", ["id"]),
    **CLUSTERED,
)

# What a run could not dun: the next run tries again.
dunning_failure = Table(
    "dunning_failure",
    metadata,
    tenant_id(),
    uid("run_id", key=True),
    uid("customer_id", key=True),
    word("code"),
    text("problem"),
    text("place"),
    text("mend"),
    moment("at"),
    parent(["run_id"], "dunning_run", ["id"]),
    **CLUSTERED,
)

# Frozen: `snapshot` is the canonical JSON of what the notice says. `document_id` is the document of
# kind DUNNING that its charges are owed by; null where it charges nothing.
dunning_notice = Table(
    "dunning_notice",
    metadata,
    tenant_id(),
    uid(key=True),
    uid("run_id"),
    uid("customer_id"),
    word("currency"),
    day("dunned_on"),
    count("level"),
    day("pay_by"),
    minor("open"),
    minor("fee"),
    minor("flat"),
    minor("interest"),
    uid("document_id", optional=True),
    text("snapshot"),
    moment("recorded_at"),
    UniqueConstraint("tenant_id", "run_id", "customer_id", "currency"),
    parent(["run_id"], "dunning_run", ["id"]),
    parent(["customer_id"], "customer", ["id"]),
    parent(["document_id"], "document", ["id"]),
    Index(None, "tenant_id", "customer_id"),
    Index(None, "tenant_id", "document_id"),
)

# A document that a notice reminds of; interest is for the days from `interest_from` to
# `interest_until`, inclusive.
dunning_item = Table(
    "dunning_item",
    metadata,
    tenant_id(),
    uid("notice_id", key=True),
    uid("document_id", key=True),
    count("level"),
    minor("open"),
    minor("interest"),
    day("interest_from", optional=True),
    day("interest_until", optional=True),
    minor("flat"),
    parent(["notice_id"], "dunning_notice", ["id"]),
    parent(["document_id"], "document", ["id"]),
    Index(None, "tenant_id", "document_id"),
    **CLUSTERED,
)

# A projection: how far a document is dunned; rewritten with each notice, checked by `verify`.
dunning_level = Table(
    "dunning_level",
    metadata,
    tenant_id(),
    uid("document_id", key=True),
    uid("customer_id"),
    count("level"),
    day("dunned_on"),
    uid("notice_id"),
    day("interest_until", optional=True),
    Column("flat_charged", Boolean, nullable=False),
    parent(["document_id"], "document", ["id"]),
    parent(["notice_id"], "dunning_notice", ["id"]),
    Index(None, "tenant_id", "customer_id"),
    **CLUSTERED,
)

# `until` is the last day of the stop, null for one that a person lifts.
dunning_stop = Table(
    "dunning_stop",
    metadata,
    tenant_id(),
    uid(key=True),
    word("target"),
    uid("target_id"),
    day("until", optional=True),
    text("reason"),
    text("set_by"),
    moment("set_at"),
    moment("lifted_at", optional=True),
    text("lifted_by", optional=True),
    one_of("target", StopTarget),
    Index(None, "tenant_id", "target_id"),
)

# Base rates of § 247 BGB that a tenant knows beyond those that ship.
base_rate = Table(
    "base_rate",
    metadata,
    tenant_id(),
    day("valid_from", key=True),
    scaled("percent"),
    moment("recorded_at"),
    **CLUSTERED,
)

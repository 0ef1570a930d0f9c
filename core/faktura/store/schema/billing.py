"""Billing runs, what they billed, and what they had to leave for a person."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Table
from sqlalchemy import text as sql

from faktura.kernel.terms import Origin
from faktura.store.schema.meta import (
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

# One fact, one key: an item's period is billed once. A reversed activity frees its period.
activity = Table(
    "activity",
    metadata,
    tenant_id(),
    uid(key=True),
    uid("contract_id"),
    uid("item_id", optional=True),
    uid("article_id"),
    word("origin"),
    day("service_start"),
    day("service_end"),
    scaled("quantity"),
    minor("net", optional=True),
    minor("gross", optional=True),
    uid("document_id", optional=True),
    count("line_no", optional=True),
    uid("run_id", optional=True),
    uid("reversed_by", optional=True),
    Column("billed", Boolean, nullable=False),
    Column("manual", Boolean, nullable=False),
    day("invoice_on", optional=True),
    text("data", optional=True),
    parent(["contract_id"], "contract", ["id"]),
    parent(["item_id"], "subscription_item", ["id"]),
    parent(["document_id"], "document", ["id"]),
    one_of("origin", Origin),
    CheckConstraint("service_end > service_start", name="service_forward"),
    CheckConstraint("billed OR document_id IS NULL", name="document_means_billed"),
    Index(
        "uq_activity_billed_once",
        "tenant_id",
        "item_id",
        "service_start",
        unique=True,
        sqlite_where=sql("item_id IS NOT NULL AND reversed_by IS NULL"),
        postgresql_where=sql("item_id IS NOT NULL AND reversed_by IS NULL"),
    ),
    Index(None, "tenant_id", "contract_id"),
)

billing_run = Table(
    "billing_run",
    metadata,
    tenant_id(),
    uid(key=True),
    day("run_date"),
    text("scope"),
    digest("input_hash"),
    word("state"),
    count("planned_contracts"),
    count("planned_chunks"),
    moment("started_at"),
    moment("finished_at", optional=True),
)

# A chunk is a range of whole customers; its row is written in the chunk's own transaction.
billing_chunk = Table(
    "billing_chunk",
    metadata,
    tenant_id(),
    uid("run_id", key=True),
    count("no", key=True),
    uid("first_customer"),
    uid("last_customer"),
    Column("done", Boolean, nullable=False),
    count("contracts"),
    count("documents"),
    count("quarantined"),
    moment("done_at", optional=True),
    parent(["run_id"], "billing_run", ["id"]),
)

quarantine = Table(
    "quarantine",
    metadata,
    tenant_id(),
    uid("contract_id", key=True),
    uid("run_id"),
    day("run_date"),
    word("code"),
    text("problem"),
    text("place"),
    text("mend"),
    moment("since"),
    parent(["contract_id"], "contract", ["id"]),
)

invoice_draft = Table(
    "invoice_draft",
    metadata,
    tenant_id(),
    uid("contract_id", key=True),
    count("no", key=True),
    text("data"),
    text("missing"),
    moment("created_at"),
    parent(["contract_id"], "contract", ["id"]),
)

# What a discount took off an activity; it counts while the activity is not reversed.
discount_use = Table(
    "discount_use",
    metadata,
    tenant_id(),
    uid("activity_id", key=True),
    uid("discount_id", key=True),
    uid("contract_id"),
    day("interval_start"),
    minor("amount"),
    parent(["activity_id"], "activity", ["id"]),
    parent(["discount_id"], "contract_discount", ["id"]),
    Index(None, "tenant_id", "discount_id"),
)

"""Contracts, subscriptions and their items."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Table, UniqueConstraint

from faktura.kernel.terms import ContractKind, ContractState, DayCount, IntervalUnit, Renewal
from faktura.store.schema.meta import (
    count,
    day,
    metadata,
    moment,
    one_of,
    parent,
    scaled,
    tenant_id,
    text,
    uid,
    word,
)

# `next_due_on` is a projection: rewritten with what is billed, checked by `faktura verify`.
contract = Table(
    "contract",
    metadata,
    tenant_id(),
    uid(key=True),
    word("number"),
    uid("customer_id"),
    uid("project_id"),
    count("shard"),
    word("kind"),
    word("state"),
    day("start"),
    count("interval_count"),
    word("interval_unit"),
    day("billing_anchor"),
    word("currency"),
    Column("in_advance", Boolean, nullable=False),
    word("day_count"),
    day("end", optional=True),
    text("internal_identifier"),
    text("data"),
    day("next_due_on", optional=True),
    moment("created_at"),
    UniqueConstraint("tenant_id", "number"),
    parent(["customer_id"], "customer", ["id"]),
    parent(["project_id"], "project", ["id"]),
    one_of("kind", ContractKind),
    one_of("state", ContractState),
    one_of("interval_unit", IntervalUnit),
    one_of("day_count", DayCount),
    CheckConstraint("interval_count >= 1", name="interval_forward"),
    Index(None, "tenant_id", "customer_id"),
)

subscription = Table(
    "subscription",
    metadata,
    tenant_id(),
    uid(key=True),
    uid("contract_id"),
    day("term_start"),
    day("payment_start", optional=True),
    word("renewal"),
    text("terms"),
    parent(["contract_id"], "contract", ["id"]),
    one_of("renewal", Renewal),
    Index(None, "tenant_id", "contract_id"),
)

subscription_item = Table(
    "subscription_item",
    metadata,
    tenant_id(),
    uid(key=True),
    uid("contract_id"),
    uid("subscription_id"),
    uid("article_id"),
    scaled("quantity"),
    day("anchor"),
    day("start"),
    day("until", optional=True),
    text("special_prices"),
    text("discount", optional=True),
    parent(["contract_id"], "contract", ["id"]),
    parent(["subscription_id"], "subscription", ["id"]),
    parent(["article_id"], "article", ["id"]),
    CheckConstraint("until > start", name="runs_forward"),
    Index(None, "tenant_id", "contract_id"),
)

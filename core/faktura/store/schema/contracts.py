"""Contracts, subscriptions and their items."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Table, UniqueConstraint

from faktura.kernel.contract_terms import CommissionDue, DiscountScope
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
    # The contract that this one follows after a large upgrade (F022).
    uid("predecessor_id", optional=True),
    UniqueConstraint("tenant_id", "number"),
    parent(["customer_id"], "customer", ["id"]),
    parent(["project_id"], "project", ["id"]),
    one_of("kind", ContractKind),
    one_of("state", ContractState),
    one_of("interval_unit", IntervalUnit),
    one_of("day_count", DayCount),
    CheckConstraint("interval_count >= 1", name="interval_forward"),
    Index(None, "tenant_id", "customer_id"),
    Index(None, "tenant_id", "project_id", "number"),
    Index(None, "tenant_id", "internal_identifier"),
    Index(None, "tenant_id", "predecessor_id"),
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
    # What no query asks for: ledger account, links, note; absent where there is none of it.
    text("data", optional=True),
    parent(["contract_id"], "contract", ["id"]),
    parent(["subscription_id"], "subscription", ["id"]),
    parent(["article_id"], "article", ["id"]),
    # An item that another one replaced on its first day never ran.
    CheckConstraint("until >= start", name="runs_forward"),
    Index(None, "tenant_id", "contract_id"),
)

# A pause is a fact with an open or a known end, both half-open (P10).
subscription_pause = Table(
    "subscription_pause",
    metadata,
    tenant_id(),
    uid("subscription_id", key=True),
    count("no", key=True),
    uid("contract_id"),
    day("start"),
    day("end", optional=True),
    text("reason"),
    moment("recorded_at"),
    parent(["subscription_id"], "subscription", ["id"]),
    parent(["contract_id"], "contract", ["id"]),
    CheckConstraint('"end" > start', name="pause_forward"),
    Index(None, "tenant_id", "contract_id"),
)

# A discount of a contract (F076); `target` is the article number or product group of its scope.
contract_discount = Table(
    "contract_discount",
    metadata,
    tenant_id(),
    uid(key=True),
    uid("contract_id"),
    word("scope"),
    word("target", optional=True),
    scaled("percent", optional=True),
    scaled("amount", optional=True),
    day("valid_from", optional=True),
    day("valid_until", optional=True),
    Column("next_invoice", Boolean, nullable=False),
    text("reason"),
    moment("created_at"),
    parent(["contract_id"], "contract", ["id"]),
    one_of("scope", DiscountScope),
    CheckConstraint("valid_until > valid_from", name="valid_forward"),
    Index(None, "tenant_id", "contract_id"),
)

# Who earns a commission on a contract; the rules are carried, nothing is paid by them yet (F079).
commission_rule = Table(
    "commission_rule",
    metadata,
    tenant_id(),
    uid("contract_id", key=True),
    count("no", key=True),
    uid("partner_id"),
    word("article_number", optional=True),
    scaled("percent"),
    word("due"),
    parent(["contract_id"], "contract", ["id"]),
    parent(["partner_id"], "customer", ["id"]),
    one_of("due", CommissionDue),
)

# What contracts are made from; a contract keeps a copy, so changes here never reach it (F014).
contract_template = Table(
    "contract_template",
    metadata,
    tenant_id(),
    word("key", key=True),
    text("name"),
    text("data"),
    moment("created_at"),
    moment("changed_at"),
)

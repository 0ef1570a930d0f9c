"""Checks of VAT ids: every answer of a register, kept as evidence."""

from sqlalchemy import Index, Table

from faktura.kernel.vat_terms import VatCheckResult
from faktura.store.schema.meta import (
    count,
    metadata,
    moment,
    one_of,
    parent,
    tenant_id,
    text,
    uid,
    word,
)

# `matches` is JSON: which of name and address are the registered ones. `reference` is the register's
# number of the request, which proves the check; `answer` is what it said, as it came.
vat_check = Table(
    "vat_check",
    metadata,
    tenant_id(),
    uid(key=True),
    uid("customer_id"),
    count("no"),
    word("vat_id"),
    word("own_vat_id"),
    word("checker"),
    word("result"),
    text("reference"),
    text("matches"),
    text("problem"),
    text("answer"),
    moment("checked_at"),
    parent(["customer_id"], "customer", ["id"]),
    one_of("result", VatCheckResult),
    Index("uq_vat_check_no", "tenant_id", "customer_id", "no", unique=True),
    Index(None, "tenant_id", "checked_at"),
)

"""Issued documents: frozen, insert-only, with their rendered bytes."""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Table, UniqueConstraint

from faktura.kernel.terms import DocumentKind, DocumentLinkKind, TaxCase
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

# `snapshot` is the canonical JSON of all that is printed besides the lines.
document = Table(
    "document",
    metadata,
    tenant_id(),
    uid(key=True),
    word("number"),
    word("kind"),
    uid("customer_id"),
    uid("contract_id", optional=True),
    uid("run_id", optional=True),
    day("issued_on"),
    day("due_on"),
    day("service_start"),
    day("service_end"),
    word("currency"),
    minor("net"),
    minor("tax"),
    minor("gross"),
    text("snapshot"),
    moment("recorded_at"),
    digest("content_hash"),
    count("seal_seq"),
    UniqueConstraint("tenant_id", "number"),
    parent(["customer_id"], "customer", ["id"]),
    parent(["contract_id"], "contract", ["id"]),
    one_of("kind", DocumentKind),
    CheckConstraint("gross = net + tax", name="gross_adds_up"),
    Index(None, "tenant_id", "seal_seq"),
)

document_line = Table(
    "document_line",
    metadata,
    tenant_id(),
    uid("document_id", key=True),
    count("no", key=True),
    word("article_number"),
    text("name"),
    text("description"),
    scaled("quantity"),
    word("unit"),
    scaled("price"),
    scaled("price_base"),
    minor("list_net"),
    minor("discount"),
    minor("net"),
    word("tax_case"),
    word("tax_category"),
    scaled("tax_rate"),
    word("tax_country"),
    day("service_start"),
    day("service_end"),
    word("cost_centre", optional=True),
    text("derivation"),
    # Cost centres and cost objects with their shares as JSON, where one centre does not say it all.
    text("costs", optional=True),
    parent(["document_id"], "document", ["id"]),
    one_of("tax_case", TaxCase),
    CheckConstraint("net = list_net - discount", name="net_adds_up"),
    **CLUSTERED,
)

# Which earlier document one names (BG-3), and why; the snapshot freezes the same for print.
document_link = Table(
    "document_link",
    metadata,
    tenant_id(),
    uid("document_id", key=True),
    uid("original_id", key=True),
    word("kind", key=True),
    parent(["document_id"], "document", ["id"]),
    parent(["original_id"], "document", ["id"]),
    one_of("kind", DocumentLinkKind),
    Index(None, "tenant_id", "original_id"),
)

# What a correction takes off a line of the original; `net` is signed like the correcting line.
line_correction = Table(
    "line_correction",
    metadata,
    tenant_id(),
    uid("document_id", key=True),
    count("line_no", key=True),
    uid("original_id"),
    count("original_line_no"),
    minor("net"),
    parent(["document_id"], "document", ["id"]),
    parent(["original_id"], "document", ["id"]),
    Index(None, "tenant_id", "original_id"),
)

# Content-addressed: the same bytes lie there once; a directory can stand in for this table. A file
# is as many parts as keep memory flat, counted from 0; the hash is that of all of them.
blob = Table(
    "blob",
    metadata,
    tenant_id(),
    digest("sha256", key=True),
    count("part", key=True),
    Column("content", LargeBinary, nullable=False),
)

rendering = Table(
    "rendering",
    metadata,
    tenant_id(),
    uid("document_id", key=True),
    word("format", key=True),
    digest("sha256"),
    count("size"),
    word("media_type"),
    word("rule_set", key=True),
    moment("rendered_at"),
    parent(["document_id"], "document", ["id"]),
)

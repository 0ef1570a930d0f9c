"""Accounting exports: numbered batches and which entry went out with which."""

from sqlalchemy import Table

from faktura.store.schema.meta import (
    count,
    day,
    digest,
    metadata,
    moment,
    parent,
    tenant_id,
    text,
    word,
)

export_batch = Table(
    "export_batch",
    metadata,
    tenant_id(),
    word("target", key=True),
    count("no", key=True),
    day("start"),
    day("end"),
    digest("sha256"),
    text("files"),
    moment("created_at"),
)

# An entry is in at most one batch of a target.
export_entry = Table(
    "export_entry",
    metadata,
    tenant_id(),
    word("target", key=True),
    count("entry_seq", key=True),
    count("batch_no"),
    parent(["target", "batch_no"], "export_batch", ["target", "no"]),
    parent(["entry_seq"], "journal_entry", ["seq"]),
)

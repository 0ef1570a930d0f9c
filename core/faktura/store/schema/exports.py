"""Accounting exports: numbered batches, which entry went out with which, and what was sent where."""

from sqlalchemy import Column, Index, String, Table, UniqueConstraint

from faktura.kernel.accounting_terms import BatchState
from faktura.store.schema.meta import (
    count,
    day,
    digest,
    metadata,
    moment,
    parent,
    tenant_id,
    text,
    uid,
    word,
)

# `options` is what was asked for as JSON; `voided` lists the entries of a batch that was voided,
# as ranges of their numbers: they are free to go out with another one.
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
    Column("state", String(64), nullable=False, server_default=BatchState.MADE),
    text("options", optional=True),
    text("voided", optional=True),
    text("void_reason", optional=True),
    moment("voided_at", optional=True),
)

# An entry is in at most one live batch of a target.
export_entry = Table(
    "export_entry",
    metadata,
    tenant_id(),
    word("target", key=True),
    count("entry_seq", key=True),
    count("batch_no"),
    parent(["target", "batch_no"], "export_batch", ["target", "no"]),
    parent(["entry_seq"], "journal_entry", ["seq"]),
    Index(None, "tenant_id", "target", "batch_no"),
)

# A connection to an accounting system: who allowed it and how long; its tokens are secrets.
accounting_link = Table(
    "accounting_link",
    metadata,
    tenant_id(),
    word("target", key=True),
    word("instance"),
    text("data"),
    moment("connected_at"),
)

# A login that was begun and not finished: its state, nonce and verifier, encrypted.
link_login = Table(
    "link_login",
    metadata,
    tenant_id(),
    word("target", key=True),
    digest("state_hash", key=True),
    text("sealed"),
    moment("created_at"),
)

# The image of a document at the target, under the id of our own by which its rows link to it.
document_upload = Table(
    "document_upload",
    metadata,
    tenant_id(),
    word("target", key=True),
    uid("document_id", key=True),
    uid("guid"),
    digest("sha256", optional=True),
    moment("uploaded_at", optional=True),
    parent(["document_id"], "document", ["id"]),
    UniqueConstraint("tenant_id", "target", "guid"),
)

# A file of a batch on its way: `reference` is ours and finds the job when an answer was lost.
export_transfer = Table(
    "export_transfer",
    metadata,
    tenant_id(),
    word("target", key=True),
    count("batch_no", key=True),
    count("file_no", key=True),
    text("reference"),
    text("job", optional=True),
    word("state"),
    text("message", optional=True),
    moment("sent_at", optional=True),
    moment("checked_at", optional=True),
    moment("check_after", optional=True),
    parent(["target", "batch_no"], "export_batch", ["target", "no"]),
)

# Every call to a linked system, without its secrets; kept at least 14 days.
link_call = Table(
    "link_call",
    metadata,
    tenant_id(),
    uid(key=True),
    word("target"),
    moment("called_at"),
    word("method"),
    text("url"),
    count("status", optional=True),
    count("milliseconds"),
    text("data"),
    Index(None, "tenant_id", "target", "called_at"),
)

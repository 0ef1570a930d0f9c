"""The journal: posted entries with their legs, and drafts that wait for an account."""

from sqlalchemy import CheckConstraint, Index, Table, UniqueConstraint

from faktura.kernel.terms import EntryKind, Side, Slot
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

journal_entry = Table(
    "journal_entry",
    metadata,
    tenant_id(),
    count("seq", key=True),
    word("entry_key"),
    word("kind"),
    day("value_date"),
    moment("recorded_at"),
    word("currency"),
    text("text"),
    uid("document_id", optional=True),
    uid("customer_id", optional=True),
    word("reverses_key", optional=True),
    digest("content_hash"),
    count("seal_seq"),
    UniqueConstraint("tenant_id", "entry_key"),
    parent(["document_id"], "document", ["id"]),
    one_of("kind", EntryKind),
    Index(None, "tenant_id", "seal_seq"),
    **CLUSTERED,
)

leg = Table(
    "leg",
    metadata,
    tenant_id(),
    count("entry_seq", key=True),
    count("no", key=True),
    word("slot"),
    word("account"),
    word("side"),
    minor("minor"),
    word("debtor", optional=True),
    word("tax_case", optional=True),
    scaled("tax_rate", optional=True),
    word("tax_country", optional=True),
    word("cost_centre", optional=True),
    parent(["entry_seq"], "journal_entry", ["seq"]),
    one_of("slot", Slot),
    one_of("side", Side),
    CheckConstraint("minor > 0", name="minor_positive"),
    **CLUSTERED,
)

draft_entry = Table(
    "draft_entry",
    metadata,
    tenant_id(),
    word("entry_key", key=True),
    text("missing"),
    text("data"),
    moment("created_at"),
)

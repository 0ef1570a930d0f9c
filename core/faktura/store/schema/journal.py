"""The journal: posted entries with their legs, and drafts that wait for an account."""

from sqlalchemy import CheckConstraint, Index, Table, UniqueConstraint

from faktura.kernel.accounting_terms import DeferralMethod
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
    # The accounting date where it is not the value date, whose month was locked already (P24).
    day("booked_on", optional=True),
    # The first day of the month whose share a release is (F108).
    day("service_month", optional=True),
    # Who wrote a manual entry.
    text("created_by", optional=True),
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
    word("cost_object", optional=True),
    parent(["entry_seq"], "journal_entry", ["seq"]),
    one_of("slot", Slot),
    one_of("side", Side),
    CheckConstraint("minor > 0", name="minor_positive"),
    **CLUSTERED,
)

# Accounts beyond the chart's that people post to by hand or want to see by name.
ledger_account = Table(
    "ledger_account",
    metadata,
    tenant_id(),
    word("number", key=True),
    text("name"),
    moment("created_at"),
)

# Every lock, in order: months up to and including `locked_to` never change from then on (P24).
period_lock = Table(
    "period_lock",
    metadata,
    tenant_id(),
    count("no", key=True),
    day("locked_to"),
    text("locked_by"),
    text("reason"),
    moment("recorded_at"),
)

# The deferral of a document's line (F108): net > 0 defers revenue, < 0 takes such back. `costs` are
# the shares of cost centres as JSON, `account` the revenue account, NULL while it is missing.
# `next_month` is a projection: the first day of the month due next, NULL when all is released.
deferral = Table(
    "deferral",
    metadata,
    tenant_id(),
    uid("document_id", key=True),
    count("line_no", key=True),
    word("method"),
    word("currency"),
    minor("net"),
    day("service_start"),
    day("service_end"),
    day("booked_month"),
    word("account", optional=True),
    word("tax_case"),
    scaled("tax_rate"),
    word("tax_country"),
    text("costs", optional=True),
    day("next_month", optional=True),
    parent(["document_id"], "document", ["id"]),
    one_of("method", DeferralMethod),
    Index(None, "tenant_id", "next_month"),
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

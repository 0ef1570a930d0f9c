"""Customer accounts: transactions, allocations to documents, and what is still open."""

from sqlalchemy import Index, Table

from faktura.kernel.terms import AccountFact
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
    tenant_id,
    text,
    uid,
    word,
)

account_transaction = Table(
    "account_transaction",
    metadata,
    tenant_id(),
    uid("customer_id", key=True),
    word("currency", key=True),
    count("no", key=True),
    word("fact"),
    day("value_date"),
    moment("recorded_at"),
    text("text"),
    word("source"),
    minor("amount"),
    minor("balance_after"),
    uid("document_id", optional=True),
    text("remittance", optional=True),
    digest("content_hash"),
    count("seal_seq"),
    parent(["customer_id"], "customer", ["id"]),
    one_of("fact", AccountFact),
    Index(None, "tenant_id", "seal_seq"),
    **CLUSTERED,
)

# A payment (or its reversal, negative) that counts for a document.
allocation = Table(
    "allocation",
    metadata,
    tenant_id(),
    uid("document_id", key=True),
    count("no", key=True),
    uid("customer_id"),
    word("currency"),
    count("transaction_no"),
    minor("amount"),
    uid("movement_id", optional=True),
    word("entry_key"),
    count("reverses_no", optional=True),
    digest("content_hash"),
    count("seal_seq"),
    parent(["document_id"], "document", ["id"]),
    parent(
        ["customer_id", "currency", "transaction_no"],
        "account_transaction",
        ["customer_id", "currency", "no"],
    ),
    Index(None, "tenant_id", "movement_id"),
    Index(None, "tenant_id", "seal_seq"),
    **CLUSTERED,
)

# A projection: documents that are not settled; rewritten with each allocation.
open_item = Table(
    "open_item",
    metadata,
    tenant_id(),
    uid("document_id", key=True),
    uid("customer_id"),
    word("number"),
    word("currency"),
    minor("open"),
    day("due_on"),
    parent(["document_id"], "document", ["id"]),
    # What of a customer is open: who collects looks for it in their order.
    Index(None, "tenant_id", "customer_id", "document_id"),
    **CLUSTERED,
)

"""Bank accounts, uploaded statements with their movements, and what was decided about each."""

from sqlalchemy import Boolean, Column, Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from faktura.kernel.terms import MovementState
from faktura.store.schema.meta import (
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

# The ledger account is an attribute of the bank account, never read from a text (F099, F106).
bank_account = Table(
    "bank_account",
    metadata,
    tenant_id(),
    uid(key=True),
    word("iban"),
    word("bic", optional=True),
    text("holder"),
    word("currency"),
    word("ledger_account", optional=True),
    UniqueConstraint("tenant_id", "iban"),
)

# The raw file is kept in the content store under its hash.
bank_upload = Table(
    "bank_upload",
    metadata,
    tenant_id(),
    uid("bank_account_id", key=True),
    digest("sha256", key=True),
    text("filename"),
    word("format"),
    text("report"),
    moment("imported_at"),
    parent(["bank_account_id"], "bank_account", ["id"]),
)

bank_statement = Table(
    "bank_statement",
    metadata,
    tenant_id(),
    uid(key=True),
    uid("bank_account_id"),
    digest("upload_sha256"),
    text("message_id"),
    text("statement_id"),
    count("sequence", optional=True),
    count("page", optional=True),
    minor("opening", optional=True),
    minor("closing", optional=True),
    Column("balanced", Boolean, nullable=True),
    day("ends_on", optional=True),
    text("warnings"),
    parent(["bank_account_id", "upload_sha256"], "bank_upload", ["bank_account_id", "sha256"]),
)

# One row a booked movement; `data` is the parser's record, complete. A return finds the payment it
# undoes by the end-to-end id.
bank_transaction = Table(
    "bank_transaction",
    metadata,
    tenant_id(),
    uid(key=True),
    uid("bank_account_id"),
    uid("statement_id"),
    digest("dedup_key"),
    day("booked_on"),
    day("value_on"),
    minor("amount"),
    word("currency"),
    text("counterparty"),
    text("end_to_end_id", optional=True),
    word("state"),
    text("data"),
    moment("imported_at"),
    UniqueConstraint("tenant_id", "bank_account_id", "dedup_key"),
    parent(["bank_account_id"], "bank_account", ["id"]),
    parent(["statement_id"], "bank_statement", ["id"]),
    one_of("state", MovementState),
    # Lists read a page of the latest ones.
    Index("ix_bank_transaction_booked", "tenant_id", "booked_on", "id"),
    Index(
        "ix_bank_transaction_waiting",
        "tenant_id",
        "booked_on",
        sqlite_where=sql("state = 'OPEN'"),
        postgresql_where=sql("state = 'OPEN'"),
    ),
    Index(
        "ix_bank_transaction_paid_by",
        "tenant_id",
        "end_to_end_id",
        sqlite_where=sql("state = 'BOOKED' AND end_to_end_id IS NOT NULL"),
        postgresql_where=sql("state = 'BOOKED' AND end_to_end_id IS NOT NULL"),
    ),
)

match_decision = Table(
    "match_decision",
    metadata,
    tenant_id(),
    uid("movement_id", key=True),
    count("no", key=True),
    word("outcome"),
    word("rule"),
    count("rule_version"),
    text("reason"),
    text("proof"),
    moment("decided_at"),
    parent(["movement_id"], "bank_transaction", ["id"]),
)

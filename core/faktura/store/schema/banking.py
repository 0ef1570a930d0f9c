"""Bank accounts, uploaded statements with their movements, and what was decided about each."""

from sqlalchemy import Boolean, Column, Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from faktura.kernel.bank_terms import FeedTaskKind, FeedTaskState, MovementState
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
    word("notifications", optional=True),
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
    # Who delivered it (a kind of statement, or a connection of a feed), and what another source would
    # call the same booking: statements and feeds tell of one booking in different words.
    word("source", optional=True),
    digest("cross_key", optional=True),
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
    Index(None, "tenant_id", "bank_account_id", "cross_key"),
)

# What another source called a movement that was there already: it is found by that name as well.
movement_alias = Table(
    "movement_alias",
    metadata,
    tenant_id(),
    uid("bank_account_id", key=True),
    digest("dedup_key", key=True),
    uid("movement_id"),
    word("source"),
    moment("seen_at"),
    parent(["movement_id"], "bank_transaction", ["id"]),
    Index(None, "tenant_id", "movement_id"),
)

# Who pays from an account, as people confirmed it: never learned from a rule (banking 4.2).
payer_account = Table(
    "payer_account",
    metadata,
    tenant_id(),
    word("iban", key=True),
    uid("customer_id", key=True),
    uid("movement_id", optional=True),
    moment("learned_at"),
    parent(["customer_id"], "customer", ["id"]),
    Index(None, "tenant_id", "customer_id"),
)

# An access to a feed under the settings of an instance; its user's secret is kept as all secrets are.
bank_feed = Table(
    "bank_feed",
    metadata,
    tenant_id(),
    word("instance", key=True),
    word("feed"),
    text("problem", optional=True),
    moment("created_at"),
    moment("changed_at"),
)

# A connection to a bank over a feed. Whoever updates it holds `busy_until`; `read_from` is the day
# behind which the feed's imports are read; `facts` are what the feed last said, as JSON.
bank_connection = Table(
    "bank_connection",
    metadata,
    tenant_id(),
    uid(key=True),
    word("instance"),
    text("reference"),
    text("bank_name"),
    text("facts"),
    day("read_from", optional=True),
    moment("tried_at", optional=True),
    moment("succeeded_at", optional=True),
    moment("busy_until", optional=True),
    moment("next_at", optional=True),
    moment("ended_at", optional=True),
    moment("changed_at"),
    parent(["instance"], "bank_feed", ["instance"]),
    UniqueConstraint("tenant_id", "instance", "reference"),
)

# An account of a connection, by the feed's own id; one without bank account is not imported.
feed_account = Table(
    "feed_account",
    metadata,
    tenant_id(),
    uid("connection_id", key=True),
    word("reference", key=True),
    uid("bank_account_id", optional=True),
    text("facts"),
    moment("changed_at"),
    parent(["connection_id"], "bank_connection", ["id"]),
    parent(["bank_account_id"], "bank_account", ["id"]),
    Index(None, "tenant_id", "bank_account_id"),
)

# What a feed was asked for. The token in a callback's address is kept as a hash: whoever knows it may
# trigger a look, nothing else.
feed_task = Table(
    "feed_task",
    metadata,
    tenant_id(),
    uid(key=True),
    word("instance"),
    uid("connection_id", optional=True),
    word("kind"),
    word("state"),
    text("reference", optional=True),
    text("facts"),
    digest("callback_hash"),
    text("asked_by"),
    moment("created_at"),
    moment("changed_at"),
    moment("look_at", optional=True),
    moment("ended_at", optional=True),
    parent(["instance"], "bank_feed", ["instance"]),
    parent(["connection_id"], "bank_connection", ["id"]),
    one_of("kind", FeedTaskKind),
    one_of("state", FeedTaskState),
    UniqueConstraint("tenant_id", "callback_hash"),
    Index(None, "tenant_id", "connection_id", "created_at"),
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

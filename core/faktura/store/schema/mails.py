"""Mails: one row a fact and use, frozen once it is written; their texts; what came back."""

from sqlalchemy import Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from faktura.kernel.outbox_terms import BounceKind, MailState, MailUse
from faktura.store.schema.meta import (
    CLUSTERED,
    count,
    digest,
    metadata,
    moment,
    one_of,
    parent,
    tenant_id,
    text,
    uid,
    word,
)

_WAITING = sql("state IN ('WAITING', 'SENDING')")

# `fact` names what it tells of, once for each use: `event:<object id>:<sequence>`, `link:<id>`.
# `message` is the composed mail as JSON (recipients, sender, subject, texts, attachments by sha256);
# until it is composed it is null, and `given` holds what composing needs beside the fact.
mail = Table(
    "mail",
    metadata,
    tenant_id(),
    uid(key=True),
    text("fact"),
    word("use"),
    text("lane"),
    count("place"),
    uid("customer_id", optional=True),
    uid("document_id", optional=True),
    word("state"),
    text("given"),
    text("message", optional=True),
    word("message_id", optional=True),
    count("attempts"),
    moment("due_at"),
    moment("created_at"),
    moment("sent_at", optional=True),
    text("answer", optional=True),
    text("last_error", optional=True),
    UniqueConstraint("tenant_id", "fact", "use"),
    parent(["customer_id"], "customer", ["id"]),
    one_of("use", MailUse),
    one_of("state", MailState),
    Index(
        "ix_mail_waiting",
        "tenant_id",
        "place",
        "id",
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    Index(None, "tenant_id", "customer_id"),
    Index(None, "tenant_id", "document_id"),
    Index(None, "tenant_id", "message_id"),
)

# One row each address that a mail could not be brought to.
mail_bounce = Table(
    "mail_bounce",
    metadata,
    tenant_id(),
    uid("mail_id", key=True),
    text("recipient", key=True),
    word("kind"),
    text("status"),
    text("said"),
    moment("at"),
    parent(["mail_id"], "mail", ["id"]),
    one_of("kind", BounceKind),
    **CLUSTERED,
)

# The tenant's own text of a use in a language; without a row the one that ships is used.
mail_text = Table(
    "mail_text",
    metadata,
    tenant_id(),
    word("use", key=True),
    word("language", key=True),
    text("subject"),
    text("plain"),
    text("html"),
    moment("changed_at"),
    one_of("use", MailUse),
    **CLUSTERED,
)

# A file that a mail or notice carries and that is no document's rendering; bytes lie in `blob`.
mail_file = Table(
    "mail_file",
    metadata,
    tenant_id(),
    uid("owner_id", key=True),
    text("name", key=True),
    digest("sha256"),
    count("size"),
    word("media_type"),
    moment("written_at"),
    **CLUSTERED,
)

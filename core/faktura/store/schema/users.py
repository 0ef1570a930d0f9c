"""People who sign in: of the installation, each a member of one tenant or of several (F135)."""

from sqlalchemy import ForeignKeyConstraint, Index, Table, UniqueConstraint

from faktura.store.schema.meta import digest, metadata, moment, tenant_id, text, uid

# Users belong to no tenant: who is a member of several switches without signing in again.
user_account = Table(
    "user_account",
    metadata,
    uid(key=True),
    text("email"),
    text("name"),
    text("password_hash", optional=True),
    moment("created_at"),
    moment("disabled_at", optional=True),
    UniqueConstraint("email"),
)

membership = Table(
    "membership",
    metadata,
    tenant_id(),
    uid("user_id", key=True),
    moment("since"),
    ForeignKeyConstraint(["user_id"], ["user_account.id"]),
    ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
)

# A session is known by the hash of its cookie, so that nobody signs in with what lies here.
web_session = Table(
    "web_session",
    metadata,
    digest("token_hash", key=True),
    uid("user_id"),
    text("form_token"),
    moment("created_at"),
    moment("seen_at"),
    moment("expires_at"),
    ForeignKeyConstraint(["user_id"], ["user_account.id"]),
    Index(None, "user_id"),
)

# A link that signs in once: for a first password, and for who forgot it.
sign_in_link = Table(
    "sign_in_link",
    metadata,
    digest("token_hash", key=True),
    uid("user_id"),
    moment("expires_at"),
    ForeignKeyConstraint(["user_id"], ["user_account.id"]),
)

"""Revision 0016 of api: api_answer, api_key."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Moment, Uid

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "api_key",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("project_id", Uid(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("networks", sa.Text(), nullable=False),
        sa.Column("requests_per_minute", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("last_used_at", Moment(), nullable=True),
        sa.Column("replaces", Uid(), nullable=True),
        sa.CheckConstraint("requests_per_minute >= 1", name=op.f("ck_api_key_requests_allowed")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("fk_api_key_tenant_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "replaces"],
            ["api_key.tenant_id", "api_key.id"],
            name=op.f("fk_api_key_tenant_id_replaces"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_api_key")),
    )
    op.create_table(
        "api_answer",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_id", Uid(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("status", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "key_id"],
            ["api_key.tenant_id", "api_key.id"],
            name=op.f("fk_api_answer_tenant_id_key_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "key_id", "idempotency_key", name=op.f("pk_api_answer")
        ),
    )

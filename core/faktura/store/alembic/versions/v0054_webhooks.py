"""Revision 0054 of webhooks: webhook_endpoint."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Moment, Uid

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "webhook_endpoint",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("event_types", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("failing_since", Moment(), nullable=True),
        sa.Column("next_try_at", Moment(), nullable=True),
        sa.Column("last_delivered_at", Moment(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("rotated_at", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("deleted_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('ACTIVE', 'PAUSED', 'DISABLED')",
            name=op.f("ck_webhook_endpoint_state_known"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_webhook_endpoint")),
    )

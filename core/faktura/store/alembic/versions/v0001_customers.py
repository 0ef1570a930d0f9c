"""Revision 0001 of customers: customer."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Moment, Uid

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "customer",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("debtor_account", sa.String(length=64), nullable=False),
        sa.Column("country", sa.String(length=64), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_customer")),
        sa.UniqueConstraint(
            "tenant_id", "debtor_account", name=op.f("uq_customer_tenant_id_debtor_account")
        ),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_customer_tenant_id_number")),
    )

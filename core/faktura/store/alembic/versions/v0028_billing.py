"""Revision 0028 of billing: discount_use."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Day, Uid

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "discount_use",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("activity_id", Uid(), nullable=False),
        sa.Column("discount_id", Uid(), nullable=False),
        sa.Column("contract_id", Uid(), nullable=False),
        sa.Column("interval_start", Day(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "activity_id"],
            ["activity.tenant_id", "activity.id"],
            name=op.f("fk_discount_use_tenant_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "discount_id"],
            ["contract_discount.tenant_id", "contract_discount.id"],
            name=op.f("fk_discount_use_tenant_id_discount_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "activity_id", "discount_id", name=op.f("pk_discount_use")
        ),
    )
    with op.batch_alter_table("discount_use", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discount_use_tenant_id_discount_id"),
            ["tenant_id", "discount_id"],
            unique=False,
        )

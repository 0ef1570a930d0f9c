"""Revision 0053 of vat_checks: vat_check, and the last check with its customer."""

import sqlalchemy as sa
from alembic import op

from faktura.store.schema.insert_only import guard
from faktura.store.types import Moment, Uid

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "vat_check",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("customer_id", Uid(), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("vat_id", sa.String(length=64), nullable=False),
        sa.Column("own_vat_id", sa.String(length=64), nullable=False),
        sa.Column("checker", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("matches", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("checked_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "result IN ('VALID', 'INVALID', 'MISFORMED', 'UNAVAILABLE')",
            name=op.f("ck_vat_check_result_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customer.tenant_id", "customer.id"],
            name=op.f("fk_vat_check_tenant_id_customer_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_vat_check")),
    )
    with op.batch_alter_table("vat_check", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vat_check_tenant_id_checked_at"),
            ["tenant_id", "checked_at"],
            unique=False,
        )
        batch_op.create_index("uq_vat_check_no", ["tenant_id", "customer_id", "no"], unique=True)
    for statement in guard(op.get_bind().dialect.name, "vat_check"):
        op.execute(statement)
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("vat_checked", sa.Text(), nullable=True))

"""Revision 0013 of exports: export_batch, export_entry."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Day, Moment

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "export_batch",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("start", Day(), nullable=False),
        sa.Column("end", Day(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "target", "no", name=op.f("pk_export_batch")),
    )
    op.create_table(
        "export_entry",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("entry_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("batch_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_seq"],
            ["journal_entry.tenant_id", "journal_entry.seq"],
            name=op.f("fk_export_entry_tenant_id_entry_seq"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "target", "batch_no"],
            ["export_batch.tenant_id", "export_batch.target", "export_batch.no"],
            name=op.f("fk_export_entry_tenant_id_target_batch_no"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "target", "entry_seq", name=op.f("pk_export_entry")),
    )

"""Revision 0039 of exports: accounting_link, document_upload, export_batch, export_entry, export_transfer, link_call, link_login."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Moment, Uid

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "accounting_link",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("instance", sa.String(length=64), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("connected_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "target", name=op.f("pk_accounting_link")),
    )
    op.create_table(
        "link_call",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("called_at", Moment(), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("milliseconds", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_link_call")),
    )
    with op.batch_alter_table("link_call", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_link_call_tenant_id_target_called_at"),
            ["tenant_id", "target", "called_at"],
            unique=False,
        )

    op.create_table(
        "link_login",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("state_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "target", "state_hash", name=op.f("pk_link_login")),
    )
    op.create_table(
        "export_transfer",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("batch_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("file_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("checked_at", Moment(), nullable=True),
        sa.Column("check_after", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "target", "batch_no"],
            ["export_batch.tenant_id", "export_batch.target", "export_batch.no"],
            name=op.f("fk_export_transfer_tenant_id_target_batch_no"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "target", "batch_no", "file_no", name=op.f("pk_export_transfer")
        ),
    )
    op.create_table(
        "document_upload",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("document_id", Uid(), nullable=False),
        sa.Column("guid", Uid(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=True),
        sa.Column("uploaded_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_document_upload_tenant_id_document_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "target", "document_id", name=op.f("pk_document_upload")
        ),
        sa.UniqueConstraint(
            "tenant_id", "target", "guid", name=op.f("uq_document_upload_tenant_id_target_guid")
        ),
    )
    with op.batch_alter_table("export_batch", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("state", sa.String(length=64), server_default="MADE", nullable=False)
        )
        batch_op.add_column(sa.Column("options", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("voided", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("void_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("voided_at", Moment(), nullable=True))

    with op.batch_alter_table("export_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_export_entry_tenant_id_target_batch_no"),
            ["tenant_id", "target", "batch_no"],
            unique=False,
        )

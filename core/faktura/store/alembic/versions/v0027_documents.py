"""Revision 0027 of documents: document_link, line_correction."""

import sqlalchemy as sa
from alembic import op

from faktura.store.schema.insert_only import guard
from faktura.store.types import Uid

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "document_link",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", Uid(), nullable=False),
        sa.Column("original_id", Uid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "kind IN ('CORRECTS', 'REBILLS', 'DEDUCTS')", name=op.f("ck_document_link_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_document_link_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "original_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_document_link_tenant_id_original_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "document_id", "original_id", "kind", name=op.f("pk_document_link")
        ),
    )
    with op.batch_alter_table("document_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_link_tenant_id_original_id"),
            ["tenant_id", "original_id"],
            unique=False,
        )

    op.create_table(
        "line_correction",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", Uid(), nullable=False),
        sa.Column("line_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("original_id", Uid(), nullable=False),
        sa.Column("original_line_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_line_correction_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "original_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_line_correction_tenant_id_original_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "document_id", "line_no", name=op.f("pk_line_correction")
        ),
    )
    with op.batch_alter_table("line_correction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_line_correction_tenant_id_original_id"),
            ["tenant_id", "original_id"],
            unique=False,
        )
    for statement in guard(op.get_bind().dialect.name, "document_link"):
        op.execute(statement)
    for statement in guard(op.get_bind().dialect.name, "line_correction"):
        op.execute(statement)

"""Revision 0009 of documents: blob, document, document_line, rendering."""

import sqlalchemy as sa
from alembic import op

from faktura.store.schema.insert_only import guard
from faktura.store.types import Day, Moment, Scaled, Uid

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "blob",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "document",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Uid(), nullable=False),
        sa.Column("contract_id", Uid(), nullable=True),
        sa.Column("run_id", Uid(), nullable=True),
        sa.Column("issued_on", Day(), nullable=False),
        sa.Column("due_on", Day(), nullable=False),
        sa.Column("service_start", Day(), nullable=False),
        sa.Column("service_end", Day(), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seal_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "kind IN ('INVOICE', 'CORRECTION', 'CANCELLATION', 'CREDIT_NOTE', 'CREDIT_NOTE_CORRECTION', 'DEPOSIT', 'FINAL')",
            name=op.f("ck_document_kind_known"),
        ),
        sa.CheckConstraint("gross = net + tax", name=op.f("ck_document_gross_adds_up")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contract.tenant_id", "contract.id"],
            name=op.f("fk_document_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customer.tenant_id", "customer.id"],
            name=op.f("fk_document_tenant_id_customer_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_document")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_document_tenant_id_number")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_tenant_id_seal_seq"), ["tenant_id", "seal_seq"], unique=False
        )

    op.create_table(
        "document_line",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", Uid(), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_number", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", Scaled(), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("price", Scaled(), nullable=False),
        sa.Column("price_base", Scaled(), nullable=False),
        sa.Column("list_net", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax_case", sa.String(length=64), nullable=False),
        sa.Column("tax_category", sa.String(length=64), nullable=False),
        sa.Column("tax_rate", Scaled(), nullable=False),
        sa.Column("tax_country", sa.String(length=64), nullable=False),
        sa.Column("service_start", Day(), nullable=False),
        sa.Column("service_end", Day(), nullable=False),
        sa.Column("cost_centre", sa.String(length=64), nullable=True),
        sa.Column("derivation", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "tax_case IN ('STANDARD', 'REDUCED', 'EXEMPT', 'SMALL_BUSINESS', 'REVERSE_CHARGE', 'INTRA_COMMUNITY', 'EXPORT', 'NOT_TAXABLE', 'OSS')",
            name=op.f("ck_document_line_tax_case_known"),
        ),
        sa.CheckConstraint("net = list_net - discount", name=op.f("ck_document_line_net_adds_up")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_document_line_tenant_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", "no", name=op.f("pk_document_line")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rendering",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", Uid(), nullable=False),
        sa.Column("format", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("rule_set", sa.String(length=64), nullable=False),
        sa.Column("rendered_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_rendering_tenant_id_document_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "document_id", "format", "rule_set", name=op.f("pk_rendering")
        ),
    )
    for statement in guard(op.get_bind().dialect.name, "document"):
        op.execute(statement)
    for statement in guard(op.get_bind().dialect.name, "document_line"):
        op.execute(statement)

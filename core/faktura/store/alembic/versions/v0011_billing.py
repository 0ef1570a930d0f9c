"""Revision 0011 of billing: activity, billing_chunk, billing_run, invoice_draft, quarantine."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Day, Moment, Scaled, Uid

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "billing_run",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("run_date", Day(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("input_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("planned_contracts", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("planned_chunks", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_billing_run")),
    )
    op.create_table(
        "billing_chunk",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_id", Uid(), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_customer", Uid(), nullable=False),
        sa.Column("last_customer", Uid(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("contracts", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("documents", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quarantined", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["billing_run.tenant_id", "billing_run.id"],
            name=op.f("fk_billing_chunk_tenant_id_run_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "run_id", "no", name=op.f("pk_billing_chunk")),
    )
    op.create_table(
        "invoice_draft",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contract_id", Uid(), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contract.tenant_id", "contract.id"],
            name=op.f("fk_invoice_draft_tenant_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "contract_id", "no", name=op.f("pk_invoice_draft")),
    )
    op.create_table(
        "quarantine",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contract_id", Uid(), nullable=False),
        sa.Column("run_id", Uid(), nullable=False),
        sa.Column("run_date", Day(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("mend", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contract.tenant_id", "contract.id"],
            name=op.f("fk_quarantine_tenant_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "contract_id", name=op.f("pk_quarantine")),
    )
    op.create_table(
        "activity",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("contract_id", Uid(), nullable=False),
        sa.Column("item_id", Uid(), nullable=True),
        sa.Column("article_id", Uid(), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("service_start", Day(), nullable=False),
        sa.Column("service_end", Day(), nullable=False),
        sa.Column("quantity", Scaled(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=True),
        sa.Column("gross", sa.BigInteger(), nullable=True),
        sa.Column("document_id", Uid(), nullable=True),
        sa.Column("line_no", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("run_id", Uid(), nullable=True),
        sa.Column("reversed_by", Uid(), nullable=True),
        sa.Column("billed", sa.Boolean(), nullable=False),
        sa.Column("manual", sa.Boolean(), nullable=False),
        sa.Column("invoice_on", Day(), nullable=True),
        sa.Column("data", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "origin IN ('SUBSCRIPTION', 'ONE_OFF', 'USAGE', 'MIGRATION')",
            name=op.f("ck_activity_origin_known"),
        ),
        sa.CheckConstraint(
            "billed OR document_id IS NULL", name=op.f("ck_activity_document_means_billed")
        ),
        sa.CheckConstraint("service_end > service_start", name=op.f("ck_activity_service_forward")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contract.tenant_id", "contract.id"],
            name=op.f("fk_activity_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_activity_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"],
            ["subscription_item.tenant_id", "subscription_item.id"],
            name=op.f("fk_activity_tenant_id_item_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(
            "ix_activity_open",
            ["tenant_id", "contract_id"],
            unique=False,
            sqlite_where=sa.text("NOT billed"),
            postgresql_where=sa.text("NOT billed"),
        )
        batch_op.create_index(
            "uq_activity_billed_once",
            ["tenant_id", "item_id", "service_start"],
            unique=True,
            sqlite_where=sa.text("item_id IS NOT NULL AND reversed_by IS NULL"),
            postgresql_where=sa.text("item_id IS NOT NULL AND reversed_by IS NULL"),
        )

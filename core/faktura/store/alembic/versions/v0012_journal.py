"""Revision 0012 of journal: draft_entry, journal_entry, leg."""

import sqlalchemy as sa
from alembic import op

from faktura.store.schema.insert_only import guard
from faktura.store.types import Day, Moment, Scaled, Uid

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "draft_entry",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_key", sa.String(length=64), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "entry_key", name=op.f("pk_draft_entry")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("value_date", Day(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document_id", Uid(), nullable=True),
        sa.Column("customer_id", Uid(), nullable=True),
        sa.Column("reverses_key", sa.String(length=64), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seal_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "kind IN ('INVOICE', 'CORRECTION', 'PAYMENT', 'RETURN', 'RETURN_FEE', 'REFUND', 'WRITE_OFF')",
            name=op.f("ck_journal_entry_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_journal_entry_tenant_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "seq", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint(
            "tenant_id", "entry_key", name=op.f("uq_journal_entry_tenant_id_entry_key")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_journal_entry_tenant_id_seal_seq"),
            ["tenant_id", "seal_seq"],
            unique=False,
        )

    op.create_table(
        "leg",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("side", sa.String(length=64), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("debtor", sa.String(length=64), nullable=True),
        sa.Column("tax_case", sa.String(length=64), nullable=True),
        sa.Column("tax_rate", Scaled(), nullable=True),
        sa.Column("tax_country", sa.String(length=64), nullable=True),
        sa.Column("cost_centre", sa.String(length=64), nullable=True),
        sa.CheckConstraint("side IN ('D', 'C')", name=op.f("ck_leg_side_known")),
        sa.CheckConstraint(
            "slot IN ('RECEIVABLES', 'REVENUE', 'VAT', 'BANK', 'BANK_FEES')",
            name=op.f("ck_leg_slot_known"),
        ),
        sa.CheckConstraint("minor > 0", name=op.f("ck_leg_minor_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_seq"],
            ["journal_entry.tenant_id", "journal_entry.seq"],
            name=op.f("fk_leg_tenant_id_entry_seq"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "entry_seq", "no", name=op.f("pk_leg")),
        sqlite_with_rowid=False,
    )
    for statement in guard(op.get_bind().dialect.name, "journal_entry"):
        op.execute(statement)
    for statement in guard(op.get_bind().dialect.name, "leg"):
        op.execute(statement)

"""Revision 0003 of banking: bank_account, bank_statement, bank_transaction, bank_upload, match_decision."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Day, Moment, Uid

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "bank_account",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("iban", sa.String(length=64), nullable=False),
        sa.Column("bic", sa.String(length=64), nullable=True),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("ledger_account", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_bank_account")),
        sa.UniqueConstraint("tenant_id", "iban", name=op.f("uq_bank_account_tenant_id_iban")),
    )
    op.create_table(
        "bank_upload",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bank_account_id", Uid(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=64), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("imported_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bank_account_id"],
            ["bank_account.tenant_id", "bank_account.id"],
            name=op.f("fk_bank_upload_tenant_id_bank_account_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "bank_account_id", "sha256", name=op.f("pk_bank_upload")
        ),
    )
    op.create_table(
        "bank_statement",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("bank_account_id", Uid(), nullable=False),
        sa.Column("upload_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("page", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("opening", sa.BigInteger(), nullable=True),
        sa.Column("closing", sa.BigInteger(), nullable=True),
        sa.Column("balanced", sa.Boolean(), nullable=True),
        sa.Column("ends_on", Day(), nullable=True),
        sa.Column("warnings", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bank_account_id", "upload_sha256"],
            ["bank_upload.tenant_id", "bank_upload.bank_account_id", "bank_upload.sha256"],
            name=op.f("fk_bank_statement_tenant_id_bank_account_id_upload_sha256"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_bank_statement")),
    )
    op.create_table(
        "bank_transaction",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("bank_account_id", Uid(), nullable=False),
        sa.Column("statement_id", Uid(), nullable=False),
        sa.Column("dedup_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("booked_on", Day(), nullable=False),
        sa.Column("value_on", Day(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("counterparty", sa.Text(), nullable=False),
        sa.Column("end_to_end_id", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("imported_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "state IN ('OPEN', 'BOOKED', 'RETURNED', 'DISMISSED', 'PREVIEW')",
            name=op.f("ck_bank_transaction_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bank_account_id"],
            ["bank_account.tenant_id", "bank_account.id"],
            name=op.f("fk_bank_transaction_tenant_id_bank_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "statement_id"],
            ["bank_statement.tenant_id", "bank_statement.id"],
            name=op.f("fk_bank_transaction_tenant_id_statement_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_bank_transaction")),
        sa.UniqueConstraint(
            "tenant_id",
            "bank_account_id",
            "dedup_key",
            name=op.f("uq_bank_transaction_tenant_id_bank_account_id_dedup_key"),
        ),
    )
    with op.batch_alter_table("bank_transaction", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bank_transaction_paid_by",
            ["tenant_id", "end_to_end_id"],
            unique=False,
            sqlite_where=sa.text("state = 'BOOKED' AND end_to_end_id IS NOT NULL"),
            postgresql_where=sa.text("state = 'BOOKED' AND end_to_end_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_bank_transaction_waiting",
            ["tenant_id", "booked_on"],
            unique=False,
            sqlite_where=sa.text("state = 'OPEN'"),
            postgresql_where=sa.text("state = 'OPEN'"),
        )

    op.create_table(
        "match_decision",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("movement_id", Uid(), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("rule_version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "movement_id"],
            ["bank_transaction.tenant_id", "bank_transaction.id"],
            name=op.f("fk_match_decision_tenant_id_movement_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "movement_id", "no", name=op.f("pk_match_decision")),
    )

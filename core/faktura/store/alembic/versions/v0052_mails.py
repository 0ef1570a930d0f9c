"""Revision 0052 of mails: mail, mail_bounce, mail_file, mail_text."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Moment, Uid

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "mail_file",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner_id", Uid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "owner_id", "name", name=op.f("pk_mail_file")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mail_text",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("use", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "use IN ('INVOICE', 'CORRECTION', 'CREDIT_NOTE', 'PAYMENT_FAILED', 'CHARGEBACK', 'DUNNING', 'PORTAL_ACCESS', 'CARD_EXPIRING', 'VAT_CHECK_FAILED', 'WEBHOOK_DISABLED')",
            name=op.f("ck_mail_text_use_known"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "use", "language", name=op.f("pk_mail_text")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mail",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("use", sa.String(length=64), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("customer_id", Uid(), nullable=True),
        sa.Column("document_id", Uid(), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("message_id", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('WAITING', 'SENDING', 'SENT', 'UNCERTAIN', 'FAILED', 'SKIPPED')",
            name=op.f("ck_mail_state_known"),
        ),
        sa.CheckConstraint(
            "use IN ('INVOICE', 'CORRECTION', 'CREDIT_NOTE', 'PAYMENT_FAILED', 'CHARGEBACK', 'DUNNING', 'PORTAL_ACCESS', 'CARD_EXPIRING', 'VAT_CHECK_FAILED', 'WEBHOOK_DISABLED')",
            name=op.f("ck_mail_use_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customer.tenant_id", "customer.id"],
            name=op.f("fk_mail_tenant_id_customer_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_mail")),
        sa.UniqueConstraint("tenant_id", "fact", "use", name=op.f("uq_mail_tenant_id_fact_use")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mail_tenant_id_customer_id"), ["tenant_id", "customer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mail_tenant_id_document_id"), ["tenant_id", "document_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mail_tenant_id_message_id"), ["tenant_id", "message_id"], unique=False
        )
        batch_op.create_index(
            "ix_mail_waiting",
            ["tenant_id", "place", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('WAITING', 'SENDING')"),
            postgresql_where=sa.text("state IN ('WAITING', 'SENDING')"),
        )

    op.create_table(
        "mail_bounce",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mail_id", Uid(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('PERMANENT', 'TEMPORARY')", name=op.f("ck_mail_bounce_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "mail_id"],
            ["mail.tenant_id", "mail.id"],
            name=op.f("fk_mail_bounce_tenant_id_mail_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "mail_id", "recipient", name=op.f("pk_mail_bounce")),
        sqlite_with_rowid=False,
    )

"""Revision 0042 of payments: payment_account, payment_means, payment_attempt, payment_refund."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Day, Moment, Uid

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "payment_account",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("instance", sa.String(length=64), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("methods", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("ledger_account", sa.String(length=64), nullable=True),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("polled_at", Moment(), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "state IN ('ACTIVE', 'PAUSED', 'BROKEN')", name=op.f("ck_payment_account_state_known")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "instance", name=op.f("pk_payment_account")),
    )
    op.create_table(
        "payment_means",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("customer_id", Uid(), nullable=False),
        sa.Column("contract_id", Uid(), nullable=True),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("instance", sa.String(length=64), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("expires_on", Day(), nullable=True),
        sa.Column("last_used_on", Day(), nullable=True),
        sa.Column("creditor_id", sa.String(length=64), nullable=True),
        sa.Column("reference_key", sa.String(length=64), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "method IN ('TRANSFER', 'SEPA_DEBIT', 'CARD', 'PAYPAL')",
            name=op.f("ck_payment_means_method_known"),
        ),
        sa.CheckConstraint(
            "state IN ('ACTIVE', 'SUSPENDED', 'GONE')", name=op.f("ck_payment_means_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contract.tenant_id", "contract.id"],
            name=op.f("fk_payment_means_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customer.tenant_id", "customer.id"],
            name=op.f("fk_payment_means_tenant_id_customer_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_payment_means")),
        sa.UniqueConstraint(
            "tenant_id",
            "creditor_id",
            "reference_key",
            name=op.f("uq_payment_means_tenant_id_creditor_id_reference_key"),
        ),
    )
    with op.batch_alter_table("payment_means", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payment_means_tenant_id_customer_id"),
            ["tenant_id", "customer_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_payment_means_tenant_id_instance_reference"),
            ["tenant_id", "instance", "reference"],
            unique=False,
        )
    op.create_table(
        "payment_attempt",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("document_id", Uid(), nullable=False),
        sa.Column("customer_id", Uid(), nullable=False),
        sa.Column("means_id", Uid(), nullable=True),
        sa.Column("instance", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("due_on", Day(), nullable=False),
        sa.Column("first_sent_at", Moment(), nullable=True),
        sa.Column("last_sent_at", Moment(), nullable=True),
        sa.Column("tries", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("looks", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_check_at", Moment(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.Column("retry_at", Moment(), nullable=True),
        sa.Column("previous_id", Uid(), nullable=True),
        sa.Column("file_no", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("page", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("changes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "channel IN ('BACKGROUND', 'PAGE', 'MANUAL')",
            name=op.f("ck_payment_attempt_channel_known"),
        ),
        sa.CheckConstraint(
            "method IN ('TRANSFER', 'SEPA_DEBIT', 'CARD', 'PAYPAL')",
            name=op.f("ck_payment_attempt_method_known"),
        ),
        sa.CheckConstraint(
            "state IN ('CREATED', 'SENT', 'UNKNOWN', 'PENDING', 'ACTION_NEEDED', 'FAILED', 'CANCELLED', 'SUCCEEDED', 'CHARGED_BACK')",
            name=op.f("ck_payment_attempt_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customer.tenant_id", "customer.id"],
            name=op.f("fk_payment_attempt_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_payment_attempt_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "means_id"],
            ["payment_means.tenant_id", "payment_means.id"],
            name=op.f("fk_payment_attempt_tenant_id_means_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_payment_attempt")),
        sa.UniqueConstraint(
            "tenant_id",
            "instance",
            "reference",
            name=op.f("uq_payment_attempt_tenant_id_instance_reference"),
        ),
    )
    with op.batch_alter_table("payment_attempt", schema=None) as batch_op:
        batch_op.create_index(
            "ix_payment_attempt_check",
            ["tenant_id", "next_check_at"],
            unique=False,
            sqlite_where=sa.text(
                "state IN ('CREATED', 'SENT', 'UNKNOWN', 'PENDING', 'ACTION_NEEDED')"
            ),
            postgresql_where=sa.text(
                "state IN ('CREATED', 'SENT', 'UNKNOWN', 'PENDING', 'ACTION_NEEDED')"
            ),
        )
        batch_op.create_index(
            batch_op.f("ix_payment_attempt_tenant_id_document_id_created_at"),
            ["tenant_id", "document_id", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_payment_attempt_tenant_id_fingerprint_created_at"),
            ["tenant_id", "fingerprint", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_payment_attempt_tenant_id_instance_file_no"),
            ["tenant_id", "instance", "file_no"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_payment_attempt_tenant_id_retry_at"),
            ["tenant_id", "retry_at"],
            unique=False,
        )
        batch_op.create_index(
            "uq_payment_attempt_live",
            ["tenant_id", "document_id"],
            unique=True,
            sqlite_where=sa.text(
                "state IN ('CREATED', 'SENT', 'UNKNOWN', 'PENDING', 'ACTION_NEEDED')"
            ),
            postgresql_where=sa.text(
                "state IN ('CREATED', 'SENT', 'UNKNOWN', 'PENDING', 'ACTION_NEEDED')"
            ),
        )
    op.create_table(
        "payment_refund",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("attempt_id", Uid(), nullable=False),
        sa.Column("document_id", Uid(), nullable=True),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("first_sent_at", Moment(), nullable=True),
        sa.Column("last_sent_at", Moment(), nullable=True),
        sa.Column("tries", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("looks", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_check_at", Moment(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('CREATED', 'SENT', 'UNKNOWN', 'PENDING', 'FAILED', 'SUCCEEDED')",
            name=op.f("ck_payment_refund_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "attempt_id"],
            ["payment_attempt.tenant_id", "payment_attempt.id"],
            name=op.f("fk_payment_refund_tenant_id_attempt_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_payment_refund_tenant_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_payment_refund")),
    )
    with op.batch_alter_table("payment_refund", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payment_refund_tenant_id_attempt_id"),
            ["tenant_id", "attempt_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_payment_refund_tenant_id_next_check_at"),
            ["tenant_id", "next_check_at"],
            unique=False,
        )

"""Revision 0046 of payments: chargeback, inbox, debit_file, pay_link."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Day, Moment, Uid

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "chargeback",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("attempt_id", Uid(), nullable=True),
        sa.Column("movement_id", Uid(), nullable=True),
        sa.Column("document_id", Uid(), nullable=True),
        sa.Column("customer_id", Uid(), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("follow_up", sa.String(length=64), nullable=False),
        sa.Column("done", sa.Text(), nullable=True),
        sa.Column("value_date", Day(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "follow_up IN ('NONE', 'PAUSE_SUBSCRIPTION', 'CONTRACT_TO_TRANSFER', 'CUSTOMER_TO_TRANSFER')",
            name=op.f("ck_chargeback_follow_up_known"),
        ),
        sa.CheckConstraint(
            "method IN ('TRANSFER', 'SEPA_DEBIT', 'CARD', 'PAYPAL')",
            name=op.f("ck_chargeback_method_known"),
        ),
        sa.CheckConstraint(
            "state IN ('OPEN', 'WON', 'LOST')", name=op.f("ck_chargeback_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customer.tenant_id", "customer.id"],
            name=op.f("fk_chargeback_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_chargeback_tenant_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_chargeback")),
        sa.UniqueConstraint("tenant_id", "subject", name=op.f("uq_chargeback_tenant_id_subject")),
    )
    with op.batch_alter_table("chargeback", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_chargeback_tenant_id_attempt_id"),
            ["tenant_id", "attempt_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_chargeback_tenant_id_opened_at"),
            ["tenant_id", "opened_at"],
            unique=False,
        )
    op.create_table(
        "inbox",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("instance", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("tries", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_try_at", Moment(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("effect", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("handled_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('NEW', 'DONE', 'FOREIGN', 'PARKED', 'FAILED')",
            name=op.f("ck_inbox_state_known"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inbox")),
        sa.UniqueConstraint(
            "tenant_id", "instance", "event_id", name=op.f("uq_inbox_tenant_id_instance_event_id")
        ),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inbox_tenant_id_received_at"), ["tenant_id", "received_at"], unique=False
        )
        batch_op.create_index(
            "ix_inbox_waiting",
            ["tenant_id", "next_try_at", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('NEW', 'PARKED')"),
            postgresql_where=sa.text("state IN ('NEW', 'PARKED')"),
        )
    op.create_table(
        "debit_file",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("instance", sa.String(length=64), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("items", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("first_due_on", Day(), nullable=False),
        sa.Column("last_due_on", Day(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("handed_in_at", Moment(), nullable=True),
        sa.Column("cancelled_at", Moment(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('MADE', 'HANDED_IN', 'CANCELLED')", name=op.f("ck_debit_file_state_known")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "instance", "no", name=op.f("pk_debit_file")),
        sa.UniqueConstraint(
            "tenant_id", "message_id", name=op.f("uq_debit_file_tenant_id_message_id")
        ),
    )
    op.create_table(
        "pay_link",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", Uid(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_pay_link_tenant_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", name=op.f("pk_pay_link")),
        sa.UniqueConstraint("tenant_id", "token", name=op.f("uq_pay_link_tenant_id_token")),
    )

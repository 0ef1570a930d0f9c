"""Revision 0048 of banking: bank_account, bank_connection, bank_feed, bank_transaction, feed_account, feed_task, movement_alias, payer_account."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Day, Moment, Uid

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "bank_feed",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("instance", sa.String(length=64), nullable=False),
        sa.Column("feed", sa.String(length=64), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "instance", name=op.f("pk_bank_feed")),
    )
    op.create_table(
        "bank_connection",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("instance", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("bank_name", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("read_from", Day(), nullable=True),
        sa.Column("tried_at", Moment(), nullable=True),
        sa.Column("succeeded_at", Moment(), nullable=True),
        sa.Column("busy_until", Moment(), nullable=True),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "instance"],
            ["bank_feed.tenant_id", "bank_feed.instance"],
            name=op.f("fk_bank_connection_tenant_id_instance"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_bank_connection")),
        sa.UniqueConstraint(
            "tenant_id",
            "instance",
            "reference",
            name=op.f("uq_bank_connection_tenant_id_instance_reference"),
        ),
    )
    op.create_table(
        "payer_account",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("iban", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Uid(), nullable=False),
        sa.Column("movement_id", Uid(), nullable=True),
        sa.Column("learned_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customer.tenant_id", "customer.id"],
            name=op.f("fk_payer_account_tenant_id_customer_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "iban", "customer_id", name=op.f("pk_payer_account")),
    )
    with op.batch_alter_table("payer_account", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payer_account_tenant_id_customer_id"),
            ["tenant_id", "customer_id"],
            unique=False,
        )

    op.create_table(
        "feed_account",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("connection_id", Uid(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("bank_account_id", Uid(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bank_account_id"],
            ["bank_account.tenant_id", "bank_account.id"],
            name=op.f("fk_feed_account_tenant_id_bank_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["bank_connection.tenant_id", "bank_connection.id"],
            name=op.f("fk_feed_account_tenant_id_connection_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "connection_id", "reference", name=op.f("pk_feed_account")
        ),
    )
    with op.batch_alter_table("feed_account", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_feed_account_tenant_id_bank_account_id"),
            ["tenant_id", "bank_account_id"],
            unique=False,
        )

    op.create_table(
        "feed_task",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("instance", sa.String(length=64), nullable=False),
        sa.Column("connection_id", Uid(), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("callback_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("look_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('CONNECT', 'UPDATE', 'CREDENTIALS')", name=op.f("ck_feed_task_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('RUNNING', 'FORM_NEEDED', 'DONE', 'FAILED', 'ABANDONED')",
            name=op.f("ck_feed_task_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["bank_connection.tenant_id", "bank_connection.id"],
            name=op.f("fk_feed_task_tenant_id_connection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "instance"],
            ["bank_feed.tenant_id", "bank_feed.instance"],
            name=op.f("fk_feed_task_tenant_id_instance"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_feed_task")),
        sa.UniqueConstraint(
            "tenant_id", "callback_hash", name=op.f("uq_feed_task_tenant_id_callback_hash")
        ),
    )
    with op.batch_alter_table("feed_task", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_feed_task_tenant_id_connection_id_created_at"),
            ["tenant_id", "connection_id", "created_at"],
            unique=False,
        )

    op.create_table(
        "movement_alias",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bank_account_id", Uid(), nullable=False),
        sa.Column("dedup_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("movement_id", Uid(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "movement_id"],
            ["bank_transaction.tenant_id", "bank_transaction.id"],
            name=op.f("fk_movement_alias_tenant_id_movement_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "bank_account_id", "dedup_key", name=op.f("pk_movement_alias")
        ),
    )
    with op.batch_alter_table("movement_alias", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_movement_alias_tenant_id_movement_id"),
            ["tenant_id", "movement_id"],
            unique=False,
        )

    with op.batch_alter_table("bank_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notifications", sa.String(length=64), nullable=True))

    with op.batch_alter_table("bank_transaction", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("cross_key", sa.LargeBinary(length=32), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_bank_transaction_tenant_id_bank_account_id_cross_key"),
            ["tenant_id", "bank_account_id", "cross_key"],
            unique=False,
        )

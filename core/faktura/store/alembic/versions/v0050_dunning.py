"""Revision 0050 of dunning: base_rate, dunning_chunk, dunning_failure, dunning_item, dunning_level, dunning_notice, dunning_run, dunning_stop."""

import sqlalchemy as sa
from alembic import op

from faktura.store.schema.insert_only import guard
from faktura.store.types import Day, Moment, Scaled, Uid

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "base_rate",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("valid_from", Day(), nullable=False),
        sa.Column("percent", Scaled(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "valid_from", name=op.f("pk_base_rate")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dunning_run",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("run_date", Day(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("input_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("planned_customers", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("planned_chunks", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_dunning_run")),
    )
    op.create_table(
        "dunning_stop",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("target_id", Uid(), nullable=False),
        sa.Column("until", Day(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", Moment(), nullable=False),
        sa.Column("lifted_at", Moment(), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "target IN ('CUSTOMER', 'CONTRACT', 'DOCUMENT')",
            name=op.f("ck_dunning_stop_target_known"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_dunning_stop")),
    )
    with op.batch_alter_table("dunning_stop", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dunning_stop_tenant_id_target_id"),
            ["tenant_id", "target_id"],
            unique=False,
        )

    op.create_table(
        "dunning_chunk",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_id", Uid(), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_customer", Uid(), nullable=False),
        sa.Column("last_customer", Uid(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("customers", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("notices", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("held", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("failed", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["dunning_run.tenant_id", "dunning_run.id"],
            name=op.f("fk_dunning_chunk_tenant_id_run_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "run_id", "no", name=op.f("pk_dunning_chunk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dunning_failure",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_id", Uid(), nullable=False),
        sa.Column("customer_id", Uid(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("mend", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["dunning_run.tenant_id", "dunning_run.id"],
            name=op.f("fk_dunning_failure_tenant_id_run_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "run_id", "customer_id", name=op.f("pk_dunning_failure")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dunning_notice",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("run_id", Uid(), nullable=False),
        sa.Column("customer_id", Uid(), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("dunned_on", Day(), nullable=False),
        sa.Column("level", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pay_by", Day(), nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("flat", sa.BigInteger(), nullable=False),
        sa.Column("interest", sa.BigInteger(), nullable=False),
        sa.Column("document_id", Uid(), nullable=True),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customer.tenant_id", "customer.id"],
            name=op.f("fk_dunning_notice_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_dunning_notice_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["dunning_run.tenant_id", "dunning_run.id"],
            name=op.f("fk_dunning_notice_tenant_id_run_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_dunning_notice")),
        sa.UniqueConstraint(
            "tenant_id",
            "run_id",
            "customer_id",
            "currency",
            name=op.f("uq_dunning_notice_tenant_id_run_id_customer_id_currency"),
        ),
    )
    with op.batch_alter_table("dunning_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dunning_notice_tenant_id_customer_id"),
            ["tenant_id", "customer_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_dunning_notice_tenant_id_document_id"),
            ["tenant_id", "document_id"],
            unique=False,
        )

    op.create_table(
        "dunning_item",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("notice_id", Uid(), nullable=False),
        sa.Column("document_id", Uid(), nullable=False),
        sa.Column("level", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.Column("interest", sa.BigInteger(), nullable=False),
        sa.Column("interest_from", Day(), nullable=True),
        sa.Column("interest_until", Day(), nullable=True),
        sa.Column("flat", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_dunning_item_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "notice_id"],
            ["dunning_notice.tenant_id", "dunning_notice.id"],
            name=op.f("fk_dunning_item_tenant_id_notice_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "notice_id", "document_id", name=op.f("pk_dunning_item")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("dunning_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dunning_item_tenant_id_document_id"),
            ["tenant_id", "document_id"],
            unique=False,
        )

    op.create_table(
        "dunning_level",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", Uid(), nullable=False),
        sa.Column("customer_id", Uid(), nullable=False),
        sa.Column("level", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dunned_on", Day(), nullable=False),
        sa.Column("notice_id", Uid(), nullable=False),
        sa.Column("interest_until", Day(), nullable=True),
        sa.Column("flat_charged", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_dunning_level_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "notice_id"],
            ["dunning_notice.tenant_id", "dunning_notice.id"],
            name=op.f("fk_dunning_level_tenant_id_notice_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", name=op.f("pk_dunning_level")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("dunning_level", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dunning_level_tenant_id_customer_id"),
            ["tenant_id", "customer_id"],
            unique=False,
        )
    for statement in guard(op.get_bind().dialect.name, "dunning_notice"):
        op.execute(statement)
    for statement in guard(op.get_bind().dialect.name, "dunning_item"):
        op.execute(statement)

"""Revision 0005 of events: delivery, event."""

import sqlalchemy as sa
from alembic import op

from faktura.store.schema.insert_only import guard
from faktura.store.types import Moment, Uid

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "event",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("object_id", Uid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("object_type", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("occurred_at", Moment(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seal_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "object_id", "sequence", name=op.f("pk_event")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_event_tenant_id_seal_seq"), ["tenant_id", "seal_seq"], unique=False
        )

    op.create_table(
        "delivery",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("object_id", Uid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subscriber", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("delivered_at", Moment(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('PENDING', 'DELIVERED')", name=op.f("ck_delivery_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "object_id", "sequence"],
            ["event.tenant_id", "event.object_id", "event.sequence"],
            name=op.f("fk_delivery_tenant_id_object_id_sequence"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "tenant_id",
            "object_id",
            "sequence",
            "subscriber",
            name=op.f("uq_delivery_tenant_id_object_id_sequence_subscriber"),
        ),
    )
    for statement in guard(op.get_bind().dialect.name, "event"):
        op.execute(statement)

"""Revision 0051 of events: delivery, delivery_attempt, event_detail."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Moment, Uid

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "event_detail",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("object_id", Uid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "object_id", "sequence"],
            ["event.tenant_id", "event.object_id", "event.sequence"],
            name=op.f("fk_event_detail_tenant_id_object_id_sequence"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "object_id", "sequence", name=op.f("pk_event_detail")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("event_detail", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_event_detail_tenant_id_kept_at"), ["tenant_id", "kept_at"], unique=False
        )

    op.create_table(
        "delivery_attempt",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("delivery_id", Uid(), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("status", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "delivery_id"],
            ["delivery.tenant_id", "delivery.id"],
            name=op.f("fk_delivery_attempt_tenant_id_delivery_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "delivery_id", "no", name=op.f("pk_delivery_attempt")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("delivery_attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_delivery_attempt_tenant_id_at"), ["tenant_id", "at"], unique=False
        )

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lane", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("seal_seq", sa.BigInteger(), autoincrement=False, nullable=True)
        )
        batch_op.add_column(sa.Column("due_at", Moment(), nullable=True))
        batch_op.create_index(
            "ix_delivery_pending",
            ["tenant_id", "subscriber", "seal_seq", "object_id", "sequence"],
            unique=False,
            sqlite_where=sa.text("state = 'PENDING'"),
            postgresql_where=sa.text("state = 'PENDING'"),
        )
        batch_op.create_index(
            batch_op.f("ix_delivery_tenant_id_subscriber_seal_seq"),
            ["tenant_id", "subscriber", "seal_seq"],
            unique=False,
        )
    # What waits from before keeps its place; a lane of its own each, as it was.
    op.execute(
        "UPDATE delivery SET seal_seq = (SELECT event.seal_seq FROM event"
        " WHERE event.tenant_id = delivery.tenant_id AND event.object_id = delivery.object_id"
        " AND event.sequence = delivery.sequence)"
    )

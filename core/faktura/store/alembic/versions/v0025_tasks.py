"""Revision 0025 of tasks: task."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Moment, Uid

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "task",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("contract_id", Uid(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('CHECK_SPLIT', 'REVIEW_SUCCESSOR')", name=op.f("ck_task_kind_known")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_task_tenant_id_contract_id"), ["tenant_id", "contract_id"], unique=False
        )

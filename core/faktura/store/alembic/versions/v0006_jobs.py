"""Revision 0006 of jobs: job, schedule_tick."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Moment, Uid

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "job",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("lock", sa.Text(), nullable=True),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("run_at", Moment(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("worker", sa.String(length=64), nullable=True),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "name IN ('FAN_OUT', 'DELIVER', 'FORGET_DONE_JOBS')", name=op.f("ck_job_name_known")
        ),
        sa.CheckConstraint(
            "state IN ('READY', 'RUNNING', 'DONE', 'QUARANTINED')", name=op.f("ck_job_state_known")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_job")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_job_tenant_id_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_behind",
            ["tenant_id", "lock", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'READY'"),
            postgresql_where=sa.text("state = 'READY'"),
        )
        batch_op.create_index(
            "ix_job_ready",
            ["run_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'READY'"),
            postgresql_where=sa.text("state = 'READY'"),
        )
        batch_op.create_index(
            "ix_job_running",
            ["lease_until"],
            unique=False,
            sqlite_where=sa.text("state = 'RUNNING'"),
            postgresql_where=sa.text("state = 'RUNNING'"),
        )
        batch_op.create_index(
            "uq_job_lock_running",
            ["tenant_id", "lock"],
            unique=True,
            sqlite_where=sa.text("state = 'RUNNING'"),
            postgresql_where=sa.text("state = 'RUNNING'"),
        )

    op.create_table(
        "schedule_tick",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("tick", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "name", name=op.f("pk_schedule_tick")),
    )

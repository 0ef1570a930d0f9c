"""Revision 0017 of jobs: a place in the queue for each job, TIDY_UP and RUN_BILLING among the names."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_IN_ORDER_OF_IDS = """
    UPDATE job SET place = numbered.place
    FROM (
        SELECT tenant_id, id, row_number() OVER (PARTITION BY tenant_id ORDER BY id) AS place
        FROM job
    ) AS numbered
    WHERE job.tenant_id = numbered.tenant_id AND job.id = numbered.id
"""


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_job_name_known"), type_="check")
        batch_op.add_column(sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=True))
    op.execute(_IN_ORDER_OF_IDS)
    op.execute("UPDATE job SET name = 'TIDY_UP' WHERE name = 'FORGET_DONE_JOBS'")
    op.execute("UPDATE schedule_tick SET name = 'TIDY_UP' WHERE name = 'FORGET_DONE_JOBS'")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.alter_column("place", existing_type=sa.BigInteger(), nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_job_name_known"), "name IN ('FAN_OUT', 'DELIVER', 'RUN_BILLING', 'TIDY_UP')"
        )
        batch_op.create_unique_constraint(op.f("uq_job_tenant_id_place"), ["tenant_id", "place"])
        batch_op.drop_index("ix_job_behind")
        batch_op.create_index(
            "ix_job_behind",
            ["tenant_id", "lock", "place"],
            unique=False,
            sqlite_where=sa.text("state = 'READY'"),
            postgresql_where=sa.text("state = 'READY'"),
        )

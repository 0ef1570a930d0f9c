"""Revision 0023 of billing: activity."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_open"), sqlite_where=sa.text("NOT billed"))
        batch_op.create_index(
            batch_op.f("ix_activity_tenant_id_contract_id"),
            ["tenant_id", "contract_id"],
            unique=False,
        )

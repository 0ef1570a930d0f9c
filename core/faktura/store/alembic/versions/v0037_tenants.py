"""Revision 0037 of tenants: chain_head."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Day

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("chain_head", schema=None) as batch_op:
        batch_op.add_column(sa.Column("locked_to", Day(), nullable=True))

"""Revision 0056 of customers: the simulated day of a sandbox's customer."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Day

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("simulated_on", Day(), nullable=True))

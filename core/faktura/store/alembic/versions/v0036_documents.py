"""Revision 0036 of documents: document_line."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("document_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("costs", sa.Text(), nullable=True))

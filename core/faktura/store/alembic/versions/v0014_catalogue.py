"""Revision 0014 of catalogue: article, project."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("changes", sa.BigInteger(), server_default="0", nullable=False)
        )

    # Not in a batch: on SQLite that makes the table anew, and other tables refer to its rows.
    op.add_column(
        "project", sa.Column("api_enabled", sa.Boolean(), server_default=sa.false(), nullable=False)
    )

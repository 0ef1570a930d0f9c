"""Revision 0020 of banking: bank_transaction."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("bank_transaction", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bank_transaction_booked", ["tenant_id", "booked_on", "id"], unique=False
        )

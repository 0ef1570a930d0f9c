"""Revision 0033 of contracts: an item may end on the day on which it starts."""

from faktura.store.alembic.checks import recheck

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Bring the tables to this revision."""
    recheck("subscription_item", "runs_forward", "until >= start")

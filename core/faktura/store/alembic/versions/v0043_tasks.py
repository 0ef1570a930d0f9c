"""Revision 0043 of tasks: task."""

import sqlalchemy as sa
from alembic import op

from faktura.store.alembic.checks import widen
from faktura.store.types import Uid

revision = "0043"
down_revision = "0042"

_KIND = (
    "CHECK_SPLIT",
    "REVIEW_SUCCESSOR",
    "PAYMENT_UNCLEAR",
    "PAYMENT_DIFFERS",
    "PAYMENT_UNEXPECTED",
    "PAYMENT_REJECTED",
    "PAYMENT_OVERDUE",
    "PROVIDER_BROKEN",
    "REFUND_FAILED",
    "REFUND_FOREIGN",
    "CHARGEBACK_WON",
    "CHARGEBACK_UNCLEAR",
    "RETURN_UNCLEAR",
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.Text(), nullable=True))
        batch_op.alter_column("contract_id", existing_type=Uid(), nullable=True)
    widen("task", "kind", _KIND)

"""Revision 0041 of jobs: the accounting day, and exports on their way."""

from faktura.store.alembic.checks import widen

revision = "0041"
down_revision = "0040"

_JOB_NAME = (
    "FAN_OUT",
    "DELIVER",
    "RUN_BILLING",
    "RENDER_DOCUMENTS",
    "CONTRACT_DAY",
    "ACCOUNTING_DAY",
    "SEND_EXPORT",
    "CHECK_TRANSFERS",
    "TIDY_UP",
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    widen("job", "name", _JOB_NAME)

"""Revision 0034 of jobs: documents are rendered in the background."""

from faktura.store.alembic.checks import widen

revision = "0034"
down_revision = "0033"

_JOB_NAME = (
    "FAN_OUT",
    "DELIVER",
    "RUN_BILLING",
    "RENDER_DOCUMENTS",
    "CONTRACT_DAY",
    "TIDY_UP",
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    widen("job", "name", _JOB_NAME)

"""Revision 0032 of jobs: more words for job.name."""

from faktura.store.alembic.checks import widen

revision = "0032"
down_revision = "0031"

_JOB_NAME = (
    "FAN_OUT",
    "DELIVER",
    "RUN_BILLING",
    "CONTRACT_DAY",
    "TIDY_UP",
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    widen("job", "name", _JOB_NAME)

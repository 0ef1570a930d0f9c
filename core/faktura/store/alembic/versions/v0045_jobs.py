"""Revision 0045 of jobs: collecting payments and what providers tell."""

from faktura.store.alembic.checks import widen

revision = "0045"
down_revision = "0044"

_JOB_NAME = (
    "FAN_OUT",
    "DELIVER",
    "RUN_BILLING",
    "RENDER_DOCUMENTS",
    "CONTRACT_DAY",
    "ACCOUNTING_DAY",
    "SEND_EXPORT",
    "CHECK_TRANSFERS",
    "COLLECT_PAYMENTS",
    "RESOLVE_PAYMENTS",
    "HANDLE_INBOX",
    "POLL_PROVIDERS",
    "PAYMENT_DAY",
    "ACT_ON_CHARGEBACK",
    "TIDY_UP",
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    widen("job", "name", _JOB_NAME)

"""Revision 0057 of jobs: a billing run split over workers."""

from faktura.store.alembic.checks import widen

revision = "0057"
down_revision = "0056"

_JOB = (
    "FAN_OUT",
    "DELIVER",
    "RUN_BILLING",
    "BILL_CHUNKS",
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
    "SYNC_BANK",
    "BANK_DAY",
    "OUTBOX_ROUND",
    "SEND_MAILS",
    "MAIL_DAY",
    "RUN_DUNNING",
    "CHECK_VAT_ID",
    "VAT_DAY",
    "TIDY_UP",
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    widen("job", "name", _JOB)

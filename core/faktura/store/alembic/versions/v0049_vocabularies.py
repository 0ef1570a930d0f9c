"""Revision 0049 of vocabularies: cash discount, held and expanded movements, bank tasks and jobs."""

from faktura.store.alembic.checks import widen

revision = "0049"
down_revision = "0048"

_FACT = (
    "OPENING",
    "INVOICE",
    "CORRECTION",
    "PAYMENT",
    "RETURN",
    "CHARGEBACK",
    "REFUND",
    "WRITE_OFF",
    "SET_UNPAID",
    "CREDIT_NOTE",
    "DEPOSIT",
    "DEPOSIT_DEDUCTED",
    "RECOVERY",
    "CASH_DISCOUNT",
)
_ENTRY_KIND = (
    "INVOICE",
    "CORRECTION",
    "PAYMENT",
    "RETURN",
    "RETURN_FEE",
    "REFUND",
    "WRITE_OFF",
    "SET_UNPAID",
    "CREDIT_NOTE",
    "DEPOSIT",
    "DEPOSIT_RECEIVED",
    "DEPOSIT_DEDUCTED",
    "OPENING",
    "DEFERRAL",
    "RELEASE",
    "MANUAL",
    "REVERSAL",
    "RECOVERY",
    "CHARGEBACK",
    "PROVIDER_FEE",
    "CASH_DISCOUNT",
)
_SLOT = (
    "RECEIVABLES",
    "REVENUE",
    "VAT",
    "BANK",
    "BANK_FEES",
    "DEPOSITS_REQUESTED",
    "DEPOSITS_RECEIVED",
    "OPENING_BALANCE",
    "COMMISSION",
    "INPUT_VAT",
    "DEFERRED_REVENUE",
    "DEFERRAL_CONTRA",
    "WRITE_OFF",
    "RECOVERED",
    "MANUAL",
    "TRANSIT",
    "CASH_DISCOUNT",
)
_STATE = (
    "OPEN",
    "BOOKED",
    "RETURNED",
    "DISMISSED",
    "PREVIEW",
    "HELD",
    "EXPANDED",
)
_TASK = (
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
    "RETURN_DIFFERS",
    "BANK_NEEDS_PERSON",
    "MOVEMENT_DOUBTFUL",
)
_JOB = (
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
    "SYNC_BANK",
    "BANK_DAY",
    "TIDY_UP",
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    widen("account_transaction", "fact", _FACT)
    widen("journal_entry", "kind", _ENTRY_KIND)
    widen("leg", "slot", _SLOT)
    widen("bank_transaction", "state", _STATE)
    widen("task", "kind", _TASK)
    widen("job", "name", _JOB)

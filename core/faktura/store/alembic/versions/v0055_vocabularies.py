"""Revision 0055 of vocabularies: dunning in books and documents, new tasks and jobs, dead deliveries."""

from faktura.store.alembic.checks import widen

revision = "0055"
down_revision = "0054"

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
    "DUNNING",
    "DUNNING_WAIVED",
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
    "DUNNING",
    "DUNNING_WAIVED",
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
    "DUNNING_FEES",
    "DUNNING_INTEREST",
)
_DOCUMENT_KIND = (
    "INVOICE",
    "CORRECTION",
    "CANCELLATION",
    "CREDIT_NOTE",
    "CREDIT_NOTE_CORRECTION",
    "DEPOSIT",
    "FINAL",
    "OPENING",
    "DUNNING",
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
    "MAIL_UNCERTAIN",
    "MAIL_FAILED",
    "MAIL_BOUNCED",
    "DELIVERY_DEAD",
    "WEBHOOK_DISABLED",
    "VATID_CHECK_FAILED",
    "DUNNING_EXHAUSTED",
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
    "OUTBOX_ROUND",
    "SEND_MAILS",
    "MAIL_DAY",
    "RUN_DUNNING",
    "CHECK_VAT_ID",
    "VAT_DAY",
    "TIDY_UP",
)
_DELIVERY = (
    "PENDING",
    "DELIVERED",
    "DEAD",
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    widen("account_transaction", "fact", _FACT)
    widen("journal_entry", "kind", _ENTRY_KIND)
    widen("leg", "slot", _SLOT)
    widen("document", "kind", _DOCUMENT_KIND)
    widen("task", "kind", _TASK)
    widen("job", "name", _JOB)
    widen("delivery", "state", _DELIVERY)

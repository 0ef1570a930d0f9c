"""Revision 0040 of accounts: more words for account_transaction.fact."""

from faktura.store.alembic.checks import widen

revision = "0040"
down_revision = "0039"

_ACCOUNT_TRANSACTION_FACT = (
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
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    widen("account_transaction", "fact", _ACCOUNT_TRANSACTION_FACT)

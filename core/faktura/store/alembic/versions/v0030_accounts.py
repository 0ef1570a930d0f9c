"""Revision 0030 of accounts: more words for account_transaction.fact."""

from faktura.store.alembic.checks import widen

revision = "0030"
down_revision = "0029"

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
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    widen("account_transaction", "fact", _ACCOUNT_TRANSACTION_FACT)

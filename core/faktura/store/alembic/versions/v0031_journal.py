"""Revision 0031 of journal: more words for journal_entry.kind, leg.slot."""

from faktura.store.alembic.checks import widen

revision = "0031"
down_revision = "0030"

_JOURNAL_ENTRY_KIND = (
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
)
_LEG_SLOT = (
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
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    widen("journal_entry", "kind", _JOURNAL_ENTRY_KIND)
    widen("leg", "slot", _LEG_SLOT)

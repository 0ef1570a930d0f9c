"""Revision 0044 of journal: chargebacks, fees of providers, money on its way from them."""

from faktura.store.alembic.checks import widen

revision = "0044"
down_revision = "0043"

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
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    widen("journal_entry", "kind", _ENTRY_KIND)
    widen("leg", "slot", _SLOT)

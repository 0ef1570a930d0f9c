"""How an invoice document is paid, in the terms of EN 16931 (BG-16 to BG-19)."""

from faktura.plugin.dto import Dto


class CreditTransfer(Dto):
    """BG-17: payee IBAN BT-84, account name BT-85, BIC BT-86."""

    iban: str
    holder: str | None = None
    bic: str | None = None


class DirectDebit(Dto):
    """BG-19: mandate BT-89, creditor id BT-90, debited IBAN BT-91."""

    mandate: str
    creditor_id: str
    iban: str


class PaymentInstructions(Dto):
    """BG-16: means code BT-81 (UNTDID 4461), its text BT-82, remittance information BT-83.

    `transfers` go with codes 30 and 58, `direct_debit` with 59, `card_last_digits` (BT-87) and
    `card_holder` (BT-88) with 48, 54 and 55; never two of them.
    """

    means_code: str
    means_text: str | None = None
    remittance: str | None = None
    transfers: tuple[CreditTransfer, ...] = ()
    direct_debit: DirectDebit | None = None
    card_last_digits: str | None = None
    card_holder: str | None = None

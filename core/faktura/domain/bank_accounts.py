"""Our bank accounts, and whether a statement is one of theirs (F099)."""

from dataclasses import dataclass
from uuid import UUID

from faktura.kernel.bank_terms import Notifications

_GERMAN_BANK_CODE = 8
_GERMAN_ACCOUNT = 10


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account of the tenant; `ledger_account` is None until accounting has named one (F106).

    `notifications` says what camt.054 files of it are: details of its statements, or its bookings.
    """

    id: UUID
    iban: str
    holder: str
    currency: str = "EUR"
    bic: str | None = None
    ledger_account: str | None = None
    notifications: Notifications = Notifications.DETAILS

    def owns(self, iban: str | None, other: str | None, currency: str | None) -> bool:
        """Whether a statement's head names this account; banks without IBAN give `other`.

        Accounts in several currencies may share an IBAN: another currency is another account.
        """
        if currency is not None and currency != self.currency:
            return False
        if iban is not None:
            return iban.replace(" ", "").upper() == self.iban
        return other is not None and self._is_national(other)

    def _is_national(self, other: str) -> bool:
        """Whether bank code and account number are the IBAN's; the account alone proves nothing."""
        bank, slash, number = other.replace(" ", "").partition("/")
        if slash and self.iban.startswith("DE") and len(bank) == _GERMAN_BANK_CODE:
            number = number.zfill(_GERMAN_ACCOUNT)
        return bank + number == self.iban[4:]

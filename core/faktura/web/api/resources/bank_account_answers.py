"""Bank accounts as the API shows them."""

from typing import Self

from pydantic import Field

from faktura.domain.bank_accounts import BankAccount
from faktura.kernel.bank_terms import Notifications
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import Currency


class BankAccountAnswer(Answer):
    """A bank account of the tenant: statements are imported to it."""

    iban: str = Field(description="The account's IBAN, without blanks.")
    holder: str = Field(description="Whose account it is.")
    bic: str | None = Field(description="The bank's BIC.")
    ledger_account: str | None = Field(
        description="Its account in accounting; while it is null, its entries wait as drafts."
    )
    currency: Currency
    notifications: Notifications = Field(
        description="What camt.054 files are: DETAILS of its statements, or BOOKINGS, the only ones."
    )

    @classmethod
    def of(cls, account: BankAccount) -> Self:
        """The answer."""
        return cls(
            iban=account.iban,
            holder=account.holder,
            bic=account.bic,
            ledger_account=account.ledger_account,
            currency=account.currency,
            notifications=account.notifications,
        )

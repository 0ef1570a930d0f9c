"""Where money comes from or goes to, and what one transaction of a customer's account says."""

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact

KEYS = {
    AccountFact.PAYMENT: "pay",
    AccountFact.RETURN: "ret",
    AccountFact.SET_UNPAID: "unp",
    AccountFact.REFUND: "ref",
    AccountFact.WRITE_OFF: "wo",
    AccountFact.CASH_DISCOUNT: "dis",
    AccountFact.RECOVERY: "rec",
    AccountFact.CHARGEBACK: "cb",
    AccountFact.DUNNING_WAIVED: "dunw",
}
# What begins the name of a booking that a person recorded (F106).
BY_HAND = "manual"


@dataclass(frozen=True, slots=True)
class Source:
    """The bank movement that money comes from or goes to, and the account it was booked on.

    What no bank movement says has a name of its own, `booked_as`. `times_unpaid` says how often what
    it paid was set unpaid before (F065).
    """

    movement_id: UUID | None
    booked_on: date
    value_on: date
    bank_iban: str
    ledger_account: str | None
    remittance: str | None
    end_to_end_id: str | None
    return_reason: str | None
    times_unpaid: int = 0
    booked_as: str = ""

    @classmethod
    def named(cls, booked_as: str) -> Self:
        """A booking of that name."""
        return cls(None, date.min, date.min, "", None, None, None, None, booked_as=booked_as)

    @classmethod
    def at_provider(cls, booked_as: str, on: date, ledger_account: str | None) -> Self:
        """Money that moved at a provider on that day, by the tenant's calendar."""
        return cls(None, on, on, "", ledger_account, None, None, None, booked_as=booked_as)

    @property
    def booking(self) -> str:
        """What tells it from everything else that is booked."""
        return self.booked_as or str(self.movement_id)

    @property
    def booking_now(self) -> str:
        """The same, told from earlier bookings that were taken back."""
        return f"{self.booking}:again{self.times_unpaid}" if self.times_unpaid else self.booking

    @property
    def fee_key(self) -> str:
        """What the entry of its fee is called."""
        return f"fee:{self.booking_now}"

    def key(self, fact: AccountFact) -> str:
        """What its bookings are called: the same movement may be booked again once set unpaid."""
        return f"{KEYS[fact]}:{self.booking_now}"


@dataclass(frozen=True, slots=True)
class Posting:
    """What one account transaction says; positive amounts are owed to us."""

    fact: AccountFact
    customer_id: UUID
    amount: Money
    text: str
    document_id: UUID | None = None

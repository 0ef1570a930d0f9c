"""What the outside wrote down itself: it survives every crash of ours and is held against our books.

The core never reads it. Amounts are Money; moments are UTC, days are the bank's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, unique
from uuid import UUID

from faktura.kernel.money import Money


@unique
class ChargeState(StrEnum):
    """Where a charge stands at the PSP: only TAKEN is money that it holds for us."""

    TAKEN = "TAKEN"
    PENDING = "PENDING"
    DECLINED = "DECLINED"


@dataclass(slots=True)
class Charge:
    """One charge at the PSP: its key made it once; `fee` is kept back, `settled_at` when it ended."""

    reference: str
    key: str
    attempt: UUID
    invoice: str
    amount: Money
    at: datetime
    state: ChargeState
    fee: Money
    settled_at: datetime | None = None


@dataclass(slots=True)
class Chargeback:
    """Money of a charge that the PSP took back, all of it, with a fee."""

    reference: str
    charge: str
    invoice: str
    amount: Money
    fee: Money
    at: datetime
    is_won: bool = False


@dataclass(slots=True)
class ProviderRefund:
    """Money that the PSP gave back to a customer because we asked."""

    reference: str
    key: str
    charge: str
    invoice: str
    amount: Money
    at: datetime


@dataclass(slots=True)
class ProviderBooks:
    """The PSP's books, by reference; `breaches` are requests that no sound caller makes."""

    charges: dict[str, Charge] = field(default_factory=dict)
    chargebacks: dict[str, Chargeback] = field(default_factory=dict)
    refunds: dict[str, ProviderRefund] = field(default_factory=dict)
    breaches: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BankBooking:
    """One line of the bank's own book; a positive amount is money for us.

    `invoice` is what the customer meant, "" where it means none of ours or a debit is collected;
    `returns` is the number of the booking that a returned debit had. The bank's fee is in its amount.
    """

    no: int
    day: date
    amount: Money
    purpose: str
    invoice: str = ""
    returns: int | None = None


@dataclass(slots=True)
class BankBooks:
    """The bank's account of ours: bookings in their order; statements told of the first `told`."""

    iban: str
    balance: Money
    bookings: list[BankBooking] = field(default_factory=list)
    told: int = 0


@dataclass(slots=True)
class MailBooks:
    """How often the server accepted each mail, by its Message-ID; `unanswered` are those whose yes was lost."""

    accepted: dict[str, int] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)
    bounced: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class TakenDelivery:
    """A delivery that the subscriber took: its id, and which fact of which object it told."""

    id: str
    type: str
    object_id: UUID
    sequence: int


@dataclass(slots=True)
class SubscriberBooks:
    """What the subscriber to our webhooks took; one id comes again where our hearing of its yes failed."""

    taken: list[TakenDelivery] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TakenBatch:
    """An export batch as it arrived: each row is (entry key, account, side, amount) of one leg."""

    number: int
    day: date
    rows: Sequence[tuple[str, str, str, Money]]


@dataclass(slots=True)
class DatevBooks:
    """The batches that the accounting took, in order."""

    batches: list[TakenBatch] = field(default_factory=list)


@dataclass(slots=True)
class OutsideBooks:
    """All that is outside."""

    psp: ProviderBooks
    bank: BankBooks
    mail: MailBooks = field(default_factory=MailBooks)
    subscriber: SubscriberBooks = field(default_factory=SubscriberBooks)
    datev: DatevBooks = field(default_factory=DatevBooks)

"""What a dunning run looks at and what it decides (F083, F084, P33, P36).

A case is what one customer owes in one currency. Amounts are in minor units of it, days are local.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from faktura.domain.dunning_interest import Owed
from faktura.domain.working_days import working_day_from
from faktura.kernel.dunning_terms import DunningHold
from faktura.kernel.terms import DocumentKind

# What is claimed for a service or a delivery. Charges of dunning are never dunned: no interest runs
# on interest (§ 289 BGB).
DUNNED: Final = frozenset(
    {
        DocumentKind.INVOICE,
        DocumentKind.FINAL,
        DocumentKind.DEPOSIT,
        DocumentKind.CORRECTION,
        DocumentKind.OPENING,
    }
)


_DAY: Final = timedelta(days=1)
# What the notice of § 286 Abs. 3 BGB on a consumer's invoice says.
_TOLD_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a document is dunned: its level, since when, and what was charged for it.

    `interest_until` is the last day for which interest was charged.
    """

    level: int
    dunned_on: date
    interest_until: date | None
    flat_charged: bool


NEVER_DUNNED: Final = Reached(0, date.min, None, flat_charged=False)


@dataclass(frozen=True, slots=True)
class OverdueDocument:
    """A document whose due date has passed; `open` is greater than 0."""

    id: UUID
    number: str
    customer_id: UUID
    issued_on: date
    due_on: date
    gross: int
    open: int
    reached: Reached = NEVER_DUNNED

    @property
    def in_time_until(self) -> date:
        """The last day on which payment is in time: a due date is no weekend, no holiday (§ 193 BGB)."""
        return working_day_from(self.due_on)

    def is_overdue(self, on: date) -> bool:
        """Whether the time to pay is over; of the last day itself nothing is (§ 286 Abs. 2 BGB)."""
        return self.in_time_until < on


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who owes a document by what is frozen in it.

    `was_told` says whether a consumer was told of the consequences of default (§ 286 Abs. 3 BGB).
    `reminded_on` is the day of the first notice; None where there was none but the document's last.
    """

    is_business: bool
    was_told: bool
    reminded_on: date | None = None

    @property
    def bears_charges(self) -> bool:
        """Whether interest and fees can be asked for."""
        return self.is_business or self.was_told

    def in_default_from(self, document: "OverdueDocument") -> date:
        """The first day of default; charges can be asked for from it on.

        A business is in default when its time to pay is over (§ 286 Abs. 2 BGB). A consumer was told that
        it is after 30 days (Abs. 3), or is since the day after it was reminded (Abs. 1).
        """
        if self.is_business:
            return document.in_time_until + _DAY
        told = working_day_from(days_after(max(document.due_on, document.issued_on), _TOLD_DAYS))
        if not document.reached.level:
            return told + _DAY
        return min(told, self.reminded_on or document.reached.dunned_on) + _DAY


@dataclass(frozen=True, slots=True)
class OpenCharge:
    """What is open of the charges of an earlier notice, by its document's number."""

    number: str
    open: int


@dataclass(frozen=True, slots=True)
class Case:
    """What one customer owes in one currency, with all that decides about it.

    `credit` is what counts for the customer and for no document of the case. `holds` says why
    documents are left out, by id. `owed` is the course of what was open of each document whose
    interest may be asked for, `debtors` who owes it.
    """

    customer_id: UUID
    currency: str
    documents: tuple[OverdueDocument, ...]
    credit: int = 0
    charges: tuple[OpenCharge, ...] = ()
    holds: Mapping[UUID, DunningHold] = field(default_factory=dict)
    owed: Mapping[UUID, tuple[Owed, ...]] = field(default_factory=dict)
    debtors: Mapping[UUID, Debtor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """A document that a notice reminds of; `is_raised` where it reached its level with this notice.

    Interest is for the days from `interest_from` to `interest_until`, both included.
    """

    document: OverdueDocument
    level: int
    is_raised: bool
    interest: int = 0
    interest_from: date | None = None
    interest_until: date | None = None
    flat: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """What is written to a customer: all that is overdue in one currency, and what it costs."""

    customer_id: UUID
    currency: str
    level: int
    dunned_on: date
    pay_by: date
    items: tuple[NoticeItem, ...]
    fee: int
    credit: int
    earlier: tuple[OpenCharge, ...]

    @property
    def open(self) -> int:
        """What is open of its documents."""
        return sum(item.document.open for item in self.items)

    @property
    def flat(self) -> int:
        """What is charged by § 288 Abs. 5 BGB."""
        return sum(item.flat for item in self.items)

    @property
    def interest(self) -> int:
        """The interest of its documents, each rounded for itself."""
        return sum(item.interest for item in self.items)

    @property
    def charges(self) -> int:
        """What the notice costs: fee, flat sums and interest."""
        return self.fee + self.flat + self.interest

    @property
    def total(self) -> int:
        """What is asked for: the open documents and the charges less the customer's credit."""
        return self.open + self.charges - self.credit


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a case: a notice or none, what is held and why, what no level is left for."""

    notice: Notice | None
    held: Mapping[UUID, DunningHold]
    exhausted: Collection[OverdueDocument] = ()


def days_after(day: date, days: int) -> date:
    """That many days later."""
    return day + timedelta(days=days)

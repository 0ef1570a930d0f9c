"""Chargebacks: payments that were taken back, however we heard of it, and what was done about it.

A dispute at a provider, a debit that failed late, and a debit that our bank returned are rows of one
kind: each has one subject, so that nothing is done twice (P35).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, unique
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptState, ChargebackState, FollowUp
from faktura.kernel.terms import PaymentMethod

# What a column of short words holds.
_LONGEST_REASON = 64


@unique
class Done(StrEnum):
    """What a follow-up did to a contract or a customer; NOTHING says why in its own words."""

    PAUSED = "PAUSED"
    MOVED = "MOVED"
    NOTHING = "NOTHING"


@dataclass(frozen=True, slots=True)
class Step:
    """What a follow-up did to one contract, or to the customer, of that number."""

    number: str
    done: Done
    why: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """What became of a chargeback, kept with it as JSON.

    `booked_as` is what its bookings are called, empty where nothing had been booked, `fee_booked_as`
    what its fee's is where that has another name. `documents` is what it took back of each, `on_account` what no document owes. `actions` are the further ones,
    each with what its adapter said; empty while they wait.
    """

    booked_as: str = ""
    documents: tuple[tuple[str, int], ...] = ()
    on_account: int = 0
    contracts: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    actions: Mapping[str, str] = field(default_factory=dict)
    fee_booked_as: str = ""


@dataclass(frozen=True, slots=True)
class Chargeback:
    """A payment that was taken back; `amount` without the `fee`, `value_date` a local day.

    `subject` tells it from all others: an account's dispute or payment, or a bank movement.
    """

    id: UUID
    subject: str
    customer_id: UUID
    method: PaymentMethod
    amount: Money
    fee: Money
    reason: str
    state: ChargebackState
    follow_up: FollowUp
    value_date: date
    opened_at: datetime
    changed_at: datetime
    attempt_id: UUID | None = None
    movement_id: UUID | None = None
    document_id: UUID | None = None
    course: Course = field(default_factory=Course)


def takes_chargeback(attempt: Attempt) -> bool:
    """Whether the payment is known to have come in; before that there is nothing to take back."""
    return attempt.state in (AttemptState.SUCCEEDED, AttemptState.CHARGED_BACK)


def booking_of(attempt: Attempt, no: int) -> str:
    """What the bookings of an attempt's chargeback are called; `no` counts from 1.

    It begins with the attempt's own name, so that what is won again counts as its payment.
    """
    return f"{attempt.booking}:{no}"


def short_reason(code: str | None) -> str:
    """The code of a reason as it is kept; empty where none was given."""
    return (code or "")[:_LONGEST_REASON]


def standing(chargebacks: Sequence[Chargeback], currency: str) -> Money:
    """What these took back and did not give back again."""
    lost = [one.amount.minor for one in chargebacks if one.state is not ChargebackState.WON]
    return Money(sum(lost), currency)

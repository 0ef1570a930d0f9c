"""Refunds over a provider: written before it is asked, like attempts, and moved by what it answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from faktura.kernel.money import Money
from faktura.kernel.payment_terms import LookUp, RefundState

S = RefundState

# The outcome is not known yet: somebody asks until it is.
ASKED = frozenset({S.CREATED, S.SENT, S.UNKNOWN, S.PENDING})

# A debit can be returned without a reason for eight weeks: a refund meanwhile may be paid twice.
SEPA_RETURN_TIME = timedelta(weeks=8)

# How long a call may take before somebody asks what became of it.
LEASE = timedelta(minutes=2)
_ASK_AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
_HOURLY_FOR = timedelta(days=1)
_PENDING_PAUSE = timedelta(days=1)
# What a provider accepted is done within days, over some banks within two weeks.
_PENDING_FOR = timedelta(weeks=2)
# A key is not relied on to its last moment: the request takes its time, and clocks differ.
_KEY_MARGIN = timedelta(hours=4)
# How long a request may be on its way before its absence means anything.
_ON_ITS_WAY = timedelta(minutes=15)
_LISTED_BY = timedelta(minutes=60)
_LOOKS = 3


@dataclass(frozen=True, slots=True)
class ProviderRefund:
    """A refund as it is kept; `request` is frozen JSON, empty of one made in the provider's own pages.

    `document_id` is whose credit it is, with its corrections; None for money that counts for no
    document. `tries` counts how often it was sent, `looks` how often nothing was found since.
    """

    id: UUID
    attempt_id: UUID
    amount: Money
    request: str
    reason: str
    created_at: datetime
    document_id: UUID | None = None
    state: RefundState = RefundState.CREATED
    reference: str | None = None
    first_sent_at: datetime | None = None
    last_sent_at: datetime | None = None
    tries: int = 0
    looks: int = 0
    next_check_at: datetime | None = None
    outcome: str | None = None
    asked_by: str | None = None
    ended_at: datetime | None = None

    @property
    def booking(self) -> str:
        """What its bookings are called on account and in the journal."""
        return f"refund:{self.id.hex}"

    @property
    def is_asked(self) -> bool:
        """Whether its outcome is not known yet."""
        return self.state in ASKED


def next_question(refund: ProviderRefund, now: datetime) -> datetime:
    """When somebody asks what became of it: soon at first, then by the hour, then by the day."""
    if refund.state is RefundState.PENDING:
        return now + _PENDING_PAUSE
    if refund.tries + refund.looks <= len(_ASK_AGAIN):
        return now + _ASK_AGAIN[max(refund.tries + refund.looks, 1) - 1]
    is_young = now - (refund.first_sent_at or refund.created_at) < _HOURLY_FOR
    return now + (timedelta(hours=1) if is_young else timedelta(days=1))


def may_repeat(refund: ProviderRefund, key_window: timedelta | None, now: datetime) -> bool:
    """Whether the same request is surely not done twice: its key is still known there."""
    if key_window is None:
        return False
    return refund.first_sent_at is None or now - refund.first_sent_at < key_window - _KEY_MARGIN


def was_not_received(refund: ProviderRefund, look_up: LookUp, now: datetime) -> bool:
    """Whether one more look-up that finds nothing proves that a refund never arrived."""
    if refund.state is RefundState.PENDING or refund.last_sent_at is None:
        return False
    since = now - refund.last_sent_at
    if look_up is LookUp.CONSISTENT:
        return since > _ON_ITS_WAY
    return refund.looks + 1 >= _LOOKS and since >= _LISTED_BY


def had_to_wait(refund: ProviderRefund) -> bool:
    """Whether its provider could not do it yet, and did nothing: it is sent again once it can."""
    return refund.state is RefundState.PENDING and refund.reference is None


def is_long_unclear(refund: ProviderRefund, now: datetime) -> bool:
    """Whether a person should look: nobody knows for a day, or since two weeks it is only accepted."""
    limit = _PENDING_FOR if refund.state is RefundState.PENDING else _HOURLY_FOR
    return refund.is_asked and now - (refund.first_sent_at or refund.created_at) >= limit

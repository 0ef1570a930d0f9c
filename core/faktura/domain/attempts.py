"""Payment attempts: one request to one provider for one document, and when a report moves it.

Reports come in any order and more than once. Each state has a rank; a report moves an attempt only
upwards, so the last state is the same in whatever order they come (O5, P31).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptChannel, AttemptState, FailureClass
from faktura.kernel.terms import PaymentMethod

S = AttemptState

# These may still become money: no other attempt is made for their document (P28).
LIVE = frozenset({S.CREATED, S.SENT, S.UNKNOWN, S.PENDING, S.ACTION_NEEDED})

_RANKS: Mapping[AttemptState, int] = {
    S.CREATED: 0,
    S.SENT: 1,
    S.UNKNOWN: 1,
    S.ACTION_NEEDED: 2,
    S.PENDING: 3,
    S.FAILED: 4,
    S.CANCELLED: 4,
    S.SUCCEEDED: 5,
    S.CHARGED_BACK: 6,
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt as it is kept; `request` is the frozen request as JSON text, moments are UTC.

    `tries` counts how often it was sent, `looks` how often nothing was found since. `next_check_at`
    is when somebody asks again, `retry_at` when a new attempt follows it. `page` is the page on which
    the customer pays, as JSON text. `changes` counts its rewrites.
    """

    id: UUID
    document_id: UUID
    customer_id: UUID
    instance: str
    method: PaymentMethod
    channel: AttemptChannel
    amount: Money
    request: str
    due_on: date
    created_at: datetime
    state: AttemptState = AttemptState.CREATED
    means_id: UUID | None = None
    reference: str | None = None
    fingerprint: str | None = None
    first_sent_at: datetime | None = None
    last_sent_at: datetime | None = None
    tries: int = 0
    looks: int = 0
    next_check_at: datetime | None = None
    outcome: str | None = None
    failure: FailureClass | None = None
    retry_at: datetime | None = None
    previous_id: UUID | None = None
    file_no: int | None = None
    page: str | None = None
    asked_by: str | None = None
    ended_at: datetime | None = None
    changes: int = 0

    @property
    def is_live(self) -> bool:
        """Whether it may still become money."""
        return self.state in LIVE

    @property
    def booking(self) -> str:
        """What its bookings are called on account and in the journal."""
        return f"attempt:{self.id.hex}"


def moves(current: AttemptState, reported: AttemptState) -> bool:
    """Whether a report is later than what is known; the same state again is not.

    What was written off as failed or cancelled becomes money if the provider says so. CHARGED_BACK
    follows from a chargeback and ends by a won one, never by these reports.
    """
    if AttemptState.CHARGED_BACK in (current, reported):
        return False
    if current is AttemptState.UNKNOWN and reported is AttemptState.SENT:
        return False
    if current is AttemptState.SENT and reported is AttemptState.UNKNOWN:
        return True
    return _RANKS[reported] > _RANKS[current]

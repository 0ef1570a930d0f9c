"""One attempt with all that is known of it: what was asked, what was said, what followed."""

from dataclasses import dataclass
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.store.attempt_history import (
    Booked,
    Delivered,
    Happened,
    Posted,
    bookings_of,
    deliveries_about,
    entries_of,
    events_about,
)
from faktura.store.attempts import read_attempt
from faktura.store.chargebacks import documents_of_attempts
from faktura.store.customers import read_customers_by_id
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt and its history; each list in its order."""

    attempt: Attempt
    invoice_number: str
    customer_number: str
    events: list[Happened]
    deliveries: list[Delivered]
    bookings: list[Booked]
    entries: list[Posted]


def show_attempt(tx: Tx, attempt_id: UUID) -> AttemptView:
    """The attempt with its history; raises NotFound."""
    one = read_attempt(tx, attempt_id)
    return AttemptView(
        one,
        documents_of_attempts(tx, [one.id])[one.id],
        read_customers_by_id(tx, [one.customer_id])[one.customer_id].number,
        events_about(tx, one),
        deliveries_about(tx, one),
        bookings_of(tx, one),
        entries_of(tx, one),
    )

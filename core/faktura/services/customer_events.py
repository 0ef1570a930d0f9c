"""Facts about customers: that they came, changed, went; with their records for subscribers (F116)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from faktura.domain.customers import Customer
from faktura.domain.events import Event, EventType
from faktura.services.event_states import customer_state
from faktura.store.events import next_sequences
from faktura.store.transaction import Tx

CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class CustomerChange:
    """A customer's record before and after; `told` goes beside the number and is kept for ever."""

    before: Customer
    after: Customer
    told: Mapping[str, object] = field(default_factory=dict)


def created_customers(customers: Sequence[Customer]) -> list[Event]:
    """One event for each customer that was just added."""
    # Personal data stays out of the data: that is kept for ever.
    return [
        Event(
            EventType.CUSTOMER_CREATED,
            CUSTOMER,
            new.id,
            1,
            {"number": new.number, "customerNumber": new.number},
            after=customer_state(new),
        )
        for new in customers
    ]


def changed_customers(tx: Tx, changes: Sequence[CustomerChange]) -> list[Event]:
    """One event for each change of a record; the caller holds the customers' locks."""
    sequences = next_sequences(tx, [change.after.id for change in changes])
    return [
        Event(
            EventType.CUSTOMER_CHANGED,
            CUSTOMER,
            change.after.id,
            sequences[change.after.id],
            {"customerNumber": change.after.number, **change.told},
            after=customer_state(change.after),
            before=customer_state(change.before),
        )
        for change in changes
    ]


def deleted_customer(tx: Tx, gone: Customer) -> Event:
    """The event of a customer that is deleted; the caller holds its lock."""
    return Event(
        EventType.CUSTOMER_DELETED,
        CUSTOMER,
        gone.id,
        next_sequences(tx, [gone.id])[gone.id],
        {"customerNumber": gone.number},
        before=customer_state(gone),
    )

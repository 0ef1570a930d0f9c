"""The outbox: a transaction's events become one delivery for each subscriber (P48)."""

from collections.abc import Mapping
from uuid import UUID

from faktura.domain.events import Delivery, DeliveryState
from faktura.domain.jobs import JobName, JobRequest
from faktura.kernel.errors import NotFound
from faktura.store.events import (
    events_of_seal,
    find_delivery,
    subscribers_served,
    write_deliveries,
)
from faktura.store.jobs import enqueue, enqueue_all
from faktura.store.transaction import Tx


def announce(tx: Tx, seal_seq: int) -> None:
    """Have the events of this transaction handed out once it is committed.

    Called by whoever wrote events, once, with the number of the seal they lie under. A tenant's
    transactions are handed out one after the other, so that an object's facts keep their order.
    """
    enqueue(tx, JobName.FAN_OUT, {"seal": seal_seq}, key=f"fan-out:{seal_seq}", lock="fan-out")


def hand_out(tx: Tx, seal_seq: int, subscribers: Mapping[str, frozenset[str]]) -> int:
    """Make a delivery and its job for each subscriber of each event; returns how many are new.

    `subscribers` maps a name to the event types it listens to, where none means all. Running again
    adds only what is missing.
    """
    served = subscribers_served(tx, seal_seq)
    wanted = [
        (tx.new_id(), fact, name)
        for fact in events_of_seal(tx, seal_seq)
        for name, types in sorted(subscribers.items())
        if (not types or fact.type in types) and (fact.object_id, fact.sequence, name) not in served
    ]
    write_deliveries(tx, wanted)
    enqueue_all(
        tx,
        [
            # The lock keeps the facts of one object in order for each subscriber.
            JobRequest(
                JobName.DELIVER, {"delivery": str(delivery_id)}, lock=f"{name}:{fact.object_id}"
            )
            for delivery_id, fact, name in wanted
        ],
    )
    return len(wanted)


def open_delivery(tx: Tx, delivery_id: UUID) -> Delivery | None:
    """The delivery if its subscriber has not taken it yet; raises NotFound."""
    found = find_delivery(tx, delivery_id)
    if found is None:
        raise NotFound(f"delivery {delivery_id} does not exist")
    return found if found.state is DeliveryState.PENDING else None

"""The outbox: facts are announced in their transaction, subscribers told of them after it (P48)."""

from collections.abc import Iterable, Mapping

from faktura.domain.jobs import JobName
from faktura.domain.subscribers import endpoint_of
from faktura.kernel.outside_errors import DeliveryFailed
from faktura.store.deliveries import end_waiting, subscribers_due
from faktura.store.jobs import enqueue, hold_waiting
from faktura.store.transaction import Tx
from faktura.store.webhooks import list_endpoints


def announce(tx: Tx, seal_seq: int) -> None:
    """Have the events of this transaction handed out once it is committed.

    Called by whoever wrote events, once, with the number of the seal they lie under. A tenant's
    transactions are handed out one after the other, so that an object's facts keep their order.
    """
    enqueue(tx, JobName.FAN_OUT, {"seal": seal_seq}, key=f"fan-out:{seal_seq}", lock="fan-out")


# Said of what waited for an endpoint of webhooks that is there no more.
ENDPOINT_REMOVED = DeliveryFailed("its endpoint was removed", place="webhook").as_dict()


def start_pump(tx: Tx, subscriber: str) -> None:
    """Have a subscriber told what waits for it, as soon as this transaction is committed.

    One tells it at a time, in the order of the facts; one that waits to begin sees what is new.
    """
    lock = f"deliver:{subscriber}"
    if not hold_waiting(tx, JobName.DELIVER, lock, or_later=True):
        enqueue(tx, JobName.DELIVER, {"subscriber": subscriber}, lock=lock)


def start_pumps(tx: Tx, subscribers: Iterable[str]) -> None:
    """The same for several; not for endpoints of webhooks that are to get nothing just now."""
    names = sorted(subscribers)
    if not names:
        return
    now = tx.now()
    resting = {one.subscriber for one in list_endpoints(tx) if not one.may_be_sent_to(now)}
    for name in names:
        if name not in resting:
            start_pump(tx, name)


def start_what_is_due(tx: Tx) -> None:
    """Have everybody told for whom something waits that is due.

    What was handed out to an endpoint while somebody removed it is given up.
    """
    names = set(subscribers_due(tx))
    there = {one.subscriber for one in list_endpoints(tx)} if names else set()
    removed = {name for name in names if endpoint_of(name) is not None} - there
    for name in removed:
        give_up(tx, name, ENDPOINT_REMOVED)
    start_pumps(tx, names - removed)


def give_up(tx: Tx, subscriber: str, why: Mapping[str, str]) -> int:
    """Nothing that waits for a subscriber is tried any more; how many deliveries that were.

    `why` is kept with each, as an error is. A person can still have them sent again.
    """
    return end_waiting(tx, subscriber, why)

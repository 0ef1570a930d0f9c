"""Events come in: each is kept before anybody asks what it says, and whoever brings it (P30, P32)."""

from collections.abc import Sequence

from faktura.domain.inbox import Arrival, InboxChannel
from faktura.domain.jobs import JobName, JobRequest
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import shortened
from faktura.kernel.outside_errors import DeliveryUnreadable
from faktura.plugin import ProviderEvent
from faktura.store.inbox import keep_arrivals
from faktura.store.jobs import enqueue_all, hold_waiting
from faktura.store.payment_accounts import put_cursor
from faktura.store.tasks import ask_once
from faktura.store.transaction import Tx

# Events of a tenant are handled by one job at a time.
LOCK = "inbox"
# Providers' ids have twenty to seventy signs; more does not fit into every index.
_LONGEST_ID = 255
_LONGEST_TYPE = 200


def arrival_of(
    instance: str,
    event: ProviderEvent,
    channel: InboxChannel,
    envelope: str = "{}",
    body: bytes = b"",
) -> Arrival:
    """An event as it is kept; raises DeliveryUnreadable for an id that is none."""
    if not 0 < len(event.id) <= _LONGEST_ID or not event.id.isprintable():
        raise DeliveryUnreadable(f"“{shortened(event.id)}” is no id of an event", place=instance)
    kind = event.type[:_LONGEST_TYPE]
    if not kind.isprintable():
        kind = "".join(sign for sign in kind if sign.isprintable())
    return Arrival(instance, event.id, kind, event.model_dump_json(), channel, envelope, body)


def keep(tx: Tx, arrivals: Sequence[Arrival]) -> int:
    """Keep what is not kept yet and have it handled; how many events are new."""
    new = keep_arrivals(tx, arrivals)
    # One job handles all that waits: under load there are fewer jobs than deliveries.
    if new and not hold_waiting(tx, JobName.HANDLE_INBOX, LOCK):
        enqueue_all(tx, [JobRequest(JobName.HANDLE_INBOX, {}, lock=LOCK)])
    return new


def keep_polled(tx: Tx, instance: str, events: Sequence[ProviderEvent], cursor: str | None) -> int:
    """Keep what a poll found and where the next one goes on (None: as before); how many are new.

    An event without a usable id cannot be kept: a person is told, and the others are not held up.
    """
    arrivals = []
    for event in events:
        try:
            arrivals.append(arrival_of(instance, event, InboxChannel.POLL))
        except DeliveryUnreadable as error:
            subject = f"{instance}:{shortened(event.id)}"
            ask_once(
                tx, TaskKind.PAYMENT_UNEXPECTED, subject, f"A poll found {event.type}: {error}"
            )
    if cursor is not None:
        put_cursor(tx, instance, cursor)
    return keep(tx, arrivals)

"""Deliveries as a person looks after them: what was sent to whom, and sending it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from faktura.domain.deliveries import DeliveryFilter, DeliveryRow, LogEntry
from faktura.domain.subscribers import endpoint_of, subscriber_shown
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import NotFound, TransitionRefused
from faktura.services.event_bodies import event_bodies
from faktura.services.outbox import start_pump
from faktura.store.deliveries import lock_deliveries, make_due, read_deliveries
from faktura.store.delivery_lists import (
    find_row,
    has_dead,
    ids_of,
    latest_deliveries,
    list_deliveries,
)
from faktura.store.delivery_log import log_of, write_wishes
from faktura.store.tasks import finish_open
from faktura.store.transaction import Tx
from faktura.store.webhooks import find_endpoint


@dataclass(frozen=True, slots=True)
class DeliveryDetails:
    """A delivery, what it says, and what its log says; `body` is as it would be sent now."""

    row: DeliveryRow
    body: Mapping[str, object]
    log: Sequence[LogEntry]


def show_delivery(tx: Tx, delivery_id: UUID) -> DeliveryDetails:
    """The delivery with its log; raises NotFound."""
    row = _found(tx, delivery_id)
    bodies = event_bodies(tx, [read_deliveries(tx, [delivery_id])[delivery_id]])
    return DeliveryDetails(row, bodies[delivery_id], log_of(tx, delivery_id))


def resend(tx: Tx, delivery_id: UUID, *, by: str) -> DeliveryRow:
    """Have a delivery sent again, under the same id, with all its tries before it.

    Also one that was taken: its receiver knows the id, and may have lost it. The log keeps who asked.
    Raises NotFound, and TransitionRefused where its endpoint was removed.
    """
    row = _found(tx, delivery_id)
    _hold_endpoint(tx, row.subscriber)
    _send_again(tx, row.subscriber, [delivery_id], by)
    return _found(tx, delivery_id)


def resend_range(tx: Tx, subscriber: str, wanted: DeliveryFilter, *, by: str) -> int:
    """Have those that are wanted of one subscriber's sent again, as `resend`, in the facts' order.

    How many deliveries those are. Raises NotFound for a subscriber that never got anything, and
    TransitionRefused as `resend`.
    """
    _check_told(tx, subscriber)
    _hold_endpoint(tx, subscriber)
    ids = ids_of(tx, replace(wanted, subscriber=subscriber))
    _send_again(tx, subscriber, ids, by)
    return len(ids)


def newest_deliveries(tx: Tx, wanted: DeliveryFilter, limit: int) -> list[DeliveryRow]:
    """The latest deliveries, newest first.

    Raises NotFound for a subscriber that never got anything and is no endpoint: its name is mistaken.
    """
    rows = latest_deliveries(tx, wanted, limit)
    name = wanted.subscriber
    if not rows and name is not None:
        endpoint_id = endpoint_of(name)
        if endpoint_id is None or find_endpoint(tx, endpoint_id) is None:
            _check_told(tx, name)
    return rows


def _check_told(tx: Tx, subscriber: str) -> None:
    if not list_deliveries(tx, DeliveryFilter(subscriber), limit=1):
        raise NotFound(
            f"nothing was ever on its way to {subscriber_shown(subscriber)}",
            place="subscriber",
            mend="Look at: faktura outbox list, faktura webhooks list",
        )


def _found(tx: Tx, delivery_id: UUID) -> DeliveryRow:
    row = find_row(tx, delivery_id)
    if row is None:
        raise NotFound(
            f"there is no delivery {delivery_id}",
            place="delivery",
            mend="Look at: faktura outbox list",
        )
    return row


def _hold_endpoint(tx: Tx, subscriber: str) -> None:
    """Nobody removes it before this transaction ends; it is locked before its deliveries, as elsewhere."""
    endpoint_id = endpoint_of(subscriber)
    if endpoint_id is not None and find_endpoint(tx, endpoint_id, lock=True) is None:
        raise TransitionRefused(
            f"the endpoint {endpoint_id} was removed",
            place="subscriber",
            mend="Add an endpoint; it gets what happens from then on",
        )


def _send_again(tx: Tx, subscriber: str, ids: Sequence[UUID], by: str) -> None:
    if not ids:
        return
    lock_deliveries(tx, ids)
    write_wishes(tx, ids, by)
    make_due(tx, ids)
    if not has_dead(tx, subscriber):
        finish_open(tx, TaskKind.DELIVERY_DEAD, subscriber)
    start_pump(tx, subscriber)

"""What came of telling subscribers: kept with each delivery and in the log, for as long as it is."""

from collections.abc import Sequence
from http import HTTPStatus

from faktura.domain.deliveries import KEPT, Try
from faktura.domain.subscribers import endpoint_of
from faktura.domain.webhooks import Heard
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.outbox_terms import DeliveryState
from faktura.services.endpoint_health import note
from faktura.store.deliveries import lock_deliveries, mark_failed, mark_taken
from faktura.store.delivery_log import delete_tries, write_tries
from faktura.store.tasks import ask_once
from faktura.store.transaction import Tx
from faktura.store.webhooks import find_endpoint


def settle(tx: Tx, subscriber: str, tries: Sequence[Try]) -> None:
    """Record what became of tries to tell a subscriber, one of each delivery.

    Whatever was recorded of a delivery meanwhile stands: what was taken stays taken. A subscriber
    that misses something for good becomes a task, once until a person has looked.
    """
    if not tries:
        return
    endpoint_id = endpoint_of(subscriber)
    if endpoint_id is not None:
        # An endpoint is locked before its deliveries, wherever both are.
        find_endpoint(tx, endpoint_id, lock=True)
    states = lock_deliveries(tx, [one.delivery_id for one in tries])
    waiting = [one for one in tries if states.get(one.delivery_id) is DeliveryState.PENDING]
    write_tries(tx, [one for one in tries if one.delivery_id in states])
    mark_taken(tx, [one.delivery_id for one in waiting if one.taken])
    mark_failed(tx, [one for one in waiting if not one.taken])
    dead = [one for one in waiting if one.is_last]
    if dead:
        ask_once(tx, TaskKind.DELIVERY_DEAD, subscriber, _missed(dead))
    if endpoint_id is not None:
        note(tx, endpoint_id, _heard(tries))


def _heard(tries: Sequence[Try]) -> Heard:
    failed = [one for one in tries if not one.taken]
    return Heard(
        len(tries) - len(failed),
        len(failed),
        _problem(failed[-1]) if failed else "",
        any(one.status == HTTPStatus.GONE for one in failed),
        max((one.retry_after for one in failed), default=0),
    )


def _problem(one: Try) -> str:
    return (one.error or {}).get("problem", "")


def _missed(dead: Sequence[Try]) -> str:
    return (
        f"delivery {dead[-1].delivery_id} was tried for days and not taken: {_problem(dead[-1])};"
        " what follows goes on. Mend the other side, then send again what it missed"
    )


def forget_old_tries(tx: Tx) -> int:
    """Forget what the log says of tries of more than 90 days ago; how many entries that were."""
    return delete_tries(tx, tx.now() - KEPT)

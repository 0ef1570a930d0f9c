"""Deliveries as rows: one for each subscriber of an event, waiting in the order of the facts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    literal_column,
    select,
    tuple_,
    update,
)

from faktura.domain.deliveries import Place, Try
from faktura.domain.events import Delivery
from faktura.kernel.canonical import canonical_json
from faktura.kernel.outbox_terms import DeliveryState
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.events import SealedEvent
from faktura.store.key_lists import among_ids
from faktura.store.prepared import Prepared
from faktura.store.tables import delivery, event, tenant
from faktura.store.transaction import Tx

d = delivery.c
# Written out, not bound: a partial index serves only a condition that names its state.
PENDING: ColumnElement[str] = literal_column(f"'{DeliveryState.PENDING}'")
OF_ITS_EVENT = (
    (event.c.tenant_id == d.tenant_id)
    & (event.c.object_id == d.object_id)
    & (event.c.sequence == d.sequence)
)
_PLACE = (d.seal_seq, d.object_id, d.sequence)


def _with_facts(deliveries: FromClause) -> Select[Any]:
    """Those with the facts they carry."""
    of, e = deliveries.c, event.c
    return (
        select(
            *(of.id, of.subscriber, of.state, of.lane, of.attempts, of.due_at),
            tenant.c.key.label("tenant_key"),
            *(e.type, e.object_type, e.object_id, e.sequence, e.occurred_at, e.data, e.seal_seq),
        )
        .join(
            event,
            (e.tenant_id == of.tenant_id)
            & (e.object_id == of.object_id)
            & (e.sequence == of.sequence),
        )
        .join(tenant, tenant.c.id == of.tenant_id)
    )


def _page(*behind: ColumnElement[bool]) -> Prepared:
    # The rows of the page first: joined before, all that waits might be sorted for each page.
    page = (
        select(delivery)
        .where(
            d.tenant_id == bindparam("of_tenant"),
            d.subscriber == bindparam("to"),
            d.state == PENDING,
            *behind,
        )
        .order_by(*_PLACE)
        .limit(bindparam("most"))
        .subquery("page")
    )
    of = page.c
    return Prepared(_with_facts(page).order_by(of.seal_seq, of.object_id, of.sequence))


_BY_ID = Prepared(
    _with_facts(delivery).where(d.tenant_id == bindparam("of_tenant"), among_ids(d.id, "ids"))
)
_FIRST_PAGE = _page()
_NEXT_PAGE = _page(
    tuple_(*_PLACE)
    > tuple_(
        bindparam("seal", type_=d.seal_seq.type),
        bindparam("object", type_=d.object_id.type),
        bindparam("no", type_=d.sequence.type),
    )
)
_LOCKED = Prepared(
    select(d.id, d.state)
    .where(d.tenant_id == bindparam("of_tenant"), among_ids(d.id, "ids"))
    # In one order, so that no two who lock several rows block each other.
    .order_by(d.id)
    .with_for_update(of=delivery)
)
_TAKEN = (
    update(delivery)
    .where(
        d.tenant_id == bindparam("of_tenant"),
        among_ids(d.id, "ids"),
        d.state == DeliveryState.PENDING,
    )
    .values(
        state=DeliveryState.DELIVERED,
        attempts=d.attempts + 1,
        delivered_at=bindparam("now"),
        last_error=None,
    )
)
# Built once: many are marked with it.
_FAILED = (
    update(delivery)
    .where(
        d.tenant_id == bindparam("of_tenant"),
        d.id == bindparam("of_id"),
        d.state == DeliveryState.PENDING,
    )
    .values(
        state=bindparam("to_state"),
        attempts=d.attempts + 1,
        due_at=bindparam("due"),
        last_error=bindparam("said"),
    )
)


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A delivery to be written: this fact to this subscriber."""

    id: UUID
    fact: SealedEvent
    subscriber: str


def subscribers_served(tx: Tx, seal_seq: int) -> set[tuple[UUID, int, str]]:
    """Which (object, sequence, subscriber) of a transaction's events have a delivery already."""
    rows = tx.connection.execute(
        select(d.object_id, d.sequence, d.subscriber)
        .join(event, OF_ITS_EVENT)
        .where(event.c.tenant_id == tx.tenant_id, event.c.seal_seq == seal_seq)
    )
    return {(row.object_id, row.sequence, row.subscriber) for row in rows}


def write_deliveries(tx: Tx, wanted: Sequence[NewDelivery]) -> None:
    """Add these, due at once."""
    now = tx.now()
    rows: list[Row] = [
        (
            tx.tenant_id,
            new.id,
            new.fact.object_id,
            new.fact.sequence,
            new.subscriber,
            DeliveryState.PENDING,
            0,
            None,
            None,
            new.fact.lane,
            new.fact.seal_seq,
            now,
        )
        for new in wanted
    ]
    bulk_write(tx, delivery, rows)


def subscriber_of(tx: Tx, delivery_id: UUID) -> str | None:
    """To whom a delivery goes; None where the tenant has none of that id."""
    return tx.connection.execute(
        select(d.subscriber).where(d.tenant_id == tx.tenant_id, d.id == delivery_id)
    ).scalar_one_or_none()


def subscribers_due(tx: Tx) -> list[str]:
    """To whom something is to be told by now, by name."""
    rows = tx.connection.execute(
        select(d.subscriber)
        .distinct()
        .where(
            d.tenant_id == tx.tenant_id,
            d.state == PENDING,
            d.due_at.is_(None) | (d.due_at <= tx.now()),
        )
        .order_by(d.subscriber)
    )
    return list(rows.scalars())


def waiting_page(tx: Tx, subscriber: str, after: Place | None, limit: int) -> list[Delivery]:
    """What waits for a subscriber behind that place, due or not, in the order of the facts."""
    given: dict[str, object] = {"of_tenant": tx.tenant_id, "to": subscriber, "most": limit}
    if after is None:
        rows = _FIRST_PAGE.rows(tx, **given)
    else:
        seal_seq, object_id, sequence = after
        rows = _NEXT_PAGE.rows(tx, **given, seal=seal_seq, object=object_id, no=sequence)
    return [_delivery(row) for row in rows]


def read_deliveries(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Delivery]:
    """Deliveries with the facts they carry, by id."""
    rows = _BY_ID.rows(tx, of_tenant=tx.tenant_id, ids=list(ids))
    return {row.id: _delivery(row) for row in rows}


def _delivery(row: Any) -> Delivery:
    return Delivery(
        row.id,
        row.subscriber,
        DeliveryState(row.state),
        row.tenant_key,
        row.type,
        row.object_type,
        row.object_id,
        row.sequence,
        row.occurred_at,
        json.loads(row.data),
        row.lane or str(row.object_id),
        row.seal_seq,
        row.attempts,
        row.due_at,
    )


def lock_deliveries(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, DeliveryState]:
    """Where these stand; they stay so until this transaction ends."""
    rows = _LOCKED.rows(tx, of_tenant=tx.tenant_id, ids=list(ids))
    return {delivery_id: DeliveryState(state) for delivery_id, state in rows}


def mark_taken(tx: Tx, ids: Sequence[UUID]) -> None:
    """The subscriber took these facts; what was taken before keeps its moment."""
    if ids:
        given = {"of_tenant": tx.tenant_id, "ids": list(ids), "now": tx.now()}
        tx.connection.execute(_TAKEN, given)


def mark_failed(tx: Tx, tries: Sequence[Try]) -> None:
    """The subscriber did not take these facts: they wait for their next moment, or are dead."""
    if not tries:
        return
    changes = [
        {
            "of_tenant": tx.tenant_id,
            "of_id": one.delivery_id,
            "to_state": DeliveryState.DEAD if one.is_last else DeliveryState.PENDING,
            "due": one.next_at,
            "said": _said(one.error),
        }
        for one in tries
    ]
    tx.connection.execute(_FAILED, changes)


def _said(error: Mapping[str, str] | None) -> str | None:
    return None if error is None else canonical_json(error)


def make_due(tx: Tx, ids: Sequence[UUID]) -> None:
    """These wait again, with all their tries before them, and are due now."""
    for batch in in_batches(ids):
        tx.connection.execute(
            update(delivery)
            .where(d.tenant_id == tx.tenant_id, d.id.in_(batch))
            .values(
                state=DeliveryState.PENDING,
                attempts=0,
                due_at=tx.now(),
                delivered_at=None,
                last_error=None,
            )
        )


def end_waiting(tx: Tx, subscriber: str, error: Mapping[str, str]) -> int:
    """What waits for a subscriber is not tried any more; how many that were."""
    ended = tx.connection.execute(
        update(delivery)
        .where(d.tenant_id == tx.tenant_id, d.subscriber == subscriber, d.state == PENDING)
        .values(state=DeliveryState.DEAD, due_at=None, last_error=canonical_json(error))
    )
    return ended.rowcount

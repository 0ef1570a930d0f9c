"""Endpoints of webhooks as rows: few a tenant, read whole; a removed one keeps its row."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update

from faktura.domain.webhooks import Endpoint
from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import NotFound
from faktura.kernel.outbox_terms import EndpointState
from faktura.store.deliveries import PENDING
from faktura.store.tables import delivery, webhook_endpoint
from faktura.store.transaction import Tx

w = webhook_endpoint.c
d = delivery.c


def list_endpoints(tx: Tx) -> list[Endpoint]:
    """The tenant's endpoints, oldest first."""
    rows = tx.connection.execute(
        select(webhook_endpoint)
        .where(w.tenant_id == tx.tenant_id, w.deleted_at.is_(None))
        .order_by(w.id)
    )
    return [_endpoint(row) for row in rows]


def find_endpoint(tx: Tx, endpoint_id: UUID, *, lock: bool = False) -> Endpoint | None:
    """The endpoint, locked until the transaction ends; None for one that was removed."""
    query = select(webhook_endpoint).where(
        w.tenant_id == tx.tenant_id, w.id == endpoint_id, w.deleted_at.is_(None)
    )
    row = tx.connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else _endpoint(row)


def endpoint_of_id(tx: Tx, endpoint_id: UUID, *, lock: bool = False) -> Endpoint:
    """The same; raises NotFound, also for one that was removed."""
    found = find_endpoint(tx, endpoint_id, lock=lock)
    if found is None:
        raise NotFound(
            f"there is no webhook endpoint {endpoint_id}",
            place="webhook",
            mend="faktura webhooks list shows them",
        )
    return found


def write_endpoint(tx: Tx, new: Endpoint) -> None:
    """Add an endpoint."""
    tx.connection.execute(
        webhook_endpoint.insert().values(
            tenant_id=tx.tenant_id,
            id=new.id,
            created_at=new.created_at,
            deleted_at=None,
            **_values(new, tx.now()),
        )
    )


def rewrite_endpoint(tx: Tx, one: Endpoint) -> None:
    """Keep an endpoint as it is now; the caller has locked it."""
    _update(tx, one.id, _values(one, tx.now()))


def remove_endpoint(tx: Tx, endpoint_id: UUID) -> None:
    """Nobody sees the endpoint any more; what was delivered to it stays on record."""
    _update(tx, endpoint_id, {"deleted_at": tx.now()})


def make_pending_due(tx: Tx, subscriber: str) -> None:
    """Whatever waits for the subscriber is due at once."""
    tx.connection.execute(
        update(delivery)
        .where(
            d.tenant_id == tx.tenant_id,
            d.subscriber == subscriber,
            d.state == PENDING,
            or_(d.due_at.is_(None), d.due_at > tx.now()),
        )
        .values(due_at=tx.now())
    )


def _update(tx: Tx, endpoint_id: UUID, values: dict[str, object]) -> None:
    tx.connection.execute(
        update(webhook_endpoint)
        .where(w.tenant_id == tx.tenant_id, w.id == endpoint_id)
        .values(**values)
    )


def _values(one: Endpoint, now: datetime) -> dict[str, object]:
    return {
        "url": one.url,
        "description": one.description,
        "event_types": _words(one.event_types),
        "state": one.state,
        "failures": one.failures,
        "failing_since": one.failing_since,
        "next_try_at": one.next_try_at,
        "last_delivered_at": one.last_delivered_at,
        "problem": one.problem,
        "rotated_at": one.rotated_at,
        "changed_at": now,
    }


def _words(types: Iterable[str]) -> str:
    return canonical_json(sorted(str(one) for one in types))


def _endpoint(row: Any) -> Endpoint:
    return Endpoint(
        row.id,
        row.url,
        row.created_at,
        row.description,
        frozenset(json.loads(row.event_types)),
        EndpointState(row.state),
        row.failures,
        row.failing_since,
        row.next_try_at,
        row.last_delivered_at,
        row.problem,
        row.rotated_at,
    )

"""What feeds were asked for: written before the call, found by id or by the hash of a callback's token."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from faktura.domain.bank_connections import Errand, ErrandFacts
from faktura.kernel.bank_terms import FeedTaskKind, FeedTaskState
from faktura.kernel.errors import NotFound
from faktura.store.codec import from_json, to_json
from faktura.store.tables import feed_task
from faktura.store.transaction import Tx

t = feed_task.c


def write_errand(tx: Tx, new: Errand, token: str) -> None:
    """Add an errand; `token` is what its callback will bring, kept as a hash."""
    tx.connection.execute(
        feed_task.insert().values(
            tenant_id=tx.tenant_id,
            id=new.id,
            instance=new.instance,
            kind=new.kind,
            callback_hash=_hash(token),
            asked_by=new.asked_by,
            created_at=new.created_at,
            **_values(new, tx.now()),
        )
    )


def rewrite_errand(tx: Tx, one: Errand) -> None:
    """Keep an errand as it is now; the caller has locked it."""
    tx.connection.execute(
        update(feed_task)
        .where(t.tenant_id == tx.tenant_id, t.id == one.id)
        .values(**_values(one, tx.now()))
    )


def errand_of(tx: Tx, errand_id: UUID, *, lock: bool = False) -> Errand:
    """The errand, locked until the transaction ends; raises NotFound."""
    query = select(feed_task).where(t.tenant_id == tx.tenant_id, t.id == errand_id)
    row = tx.connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(f"there is no errand {errand_id} at a bank feed", place="errand")
    return _errand(row)


def errand_of_token(tx: Tx, token: str) -> UUID | None:
    """The tenant's errand whose callback brings that token, None for any other text."""
    return tx.connection.execute(
        select(t.id).where(t.tenant_id == tx.tenant_id, t.callback_hash == _hash(token))
    ).scalar_one_or_none()


def errands_under_way(tx: Tx, connection_id: UUID | None = None) -> list[Errand]:
    """Errands that are not over, of a connection or of all, oldest first."""
    query = select(feed_task).where(t.tenant_id == tx.tenant_id, t.ended_at.is_(None))
    if connection_id is not None:
        query = query.where(t.connection_id == connection_id)
    return [_errand(row) for row in tx.connection.execute(query.order_by(t.created_at, t.id))]


def errands_since(tx: Tx, connection_id: UUID, since: datetime) -> Sequence[Errand]:
    """The errands about a connection that were begun after that moment, oldest first."""
    rows = tx.connection.execute(
        select(feed_task)
        .where(t.tenant_id == tx.tenant_id, t.connection_id == connection_id, t.created_at > since)
        .order_by(t.created_at, t.id)
    )
    return [_errand(row) for row in rows]


def delete_errands(tx: Tx, before: datetime) -> int:
    """Forget errands that were over before that moment; how many they were."""
    gone = tx.connection.execute(
        delete(feed_task).where(t.tenant_id == tx.tenant_id, t.ended_at < before)
    )
    return gone.rowcount


def _hash(token: str) -> bytes:
    return sha256(token.encode(errors="surrogatepass")).digest()


def _values(one: Errand, now: datetime) -> dict[str, object]:
    return {
        "connection_id": one.connection_id,
        "state": one.state,
        "reference": one.reference,
        "facts": to_json(one.facts, ErrandFacts),
        "changed_at": now,
        "look_at": one.look_at,
        "ended_at": one.ended_at,
    }


def _errand(row: Any) -> Errand:
    return Errand(
        row.id,
        row.instance,
        FeedTaskKind(row.kind),
        FeedTaskState(row.state),
        row.connection_id,
        row.reference,
        row.asked_by,
        row.created_at,
        row.look_at,
        from_json(row.facts, ErrandFacts),
        row.ended_at,
    )

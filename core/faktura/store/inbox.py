"""The inbox as rows: inserted first, each event of an account once, handled later (P30, P32)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from faktura.domain.inbox import Arrival, InboxChannel, InboxRow
from faktura.kernel.errors import NotFound
from faktura.kernel.payment_terms import InboxState
from faktura.store.batches import in_batches
from faktura.store.bulk import encode
from faktura.store.tables import inbox
from faktura.store.transaction import Tx

i = inbox.c
_WAITING = (InboxState.NEW, InboxState.PARKED)
_TOGETHER = 64
# All but what is as long as a provider likes.
_COLUMNS = [column for column in inbox.columns if column.name not in ("headers", "body")]


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """Which events are wanted; what is None filters nothing. `since` is inclusive, `until` not."""

    ids: Collection[UUID] | None = None
    states: Collection[InboxState] | None = None
    since: datetime | None = None
    until: datetime | None = None


def keep_arrivals(tx: Tx, arrivals: Sequence[Arrival]) -> int:
    """Add events that are not there yet; how many those were. Raises WriteRefused (P32)."""
    now = tx.now()
    rows = [
        (
            tx.tenant_id,
            tx.new_id(),
            one.instance,
            one.event_id,
            one.type,
            one.channel,
            InboxState.NEW,
            one.envelope,
            one.body,
            one.event,
            now,
            0,
            now,
            *(None,) * 4,
        )
        for one in arrivals
    ]
    encoded = encode(tx.connection.dialect, inbox, rows) if rows else []
    new = 0
    for first in range(0, len(encoded), _TOGETHER):
        some = encoded[first : first + _TOGETHER]
        # One statement, straight to the driver: each costs a wait for the other threads.
        added = tx.connection.exec_driver_sql(
            _insert_sql(len(some), is_postgresql=tx.is_postgresql), tuple(chain.from_iterable(some))
        )
        new += added.rowcount
    return new


@cache
def _insert_sql(rows: int, *, is_postgresql: bool) -> str:
    names = ", ".join(column.name for column in inbox.columns)
    marks = ", ".join("%s" if is_postgresql else "?" for _ in inbox.columns)
    return (
        f"INSERT INTO inbox ({names}) VALUES {', '.join([f'({marks})'] * rows)}"  # noqa: S608 - names of our own
        " ON CONFLICT (tenant_id, instance, event_id) DO NOTHING"
    )


def due_rows(tx: Tx, now: datetime, limit: int) -> list[InboxRow]:
    """Events that somebody must handle by now, the longest waiting first."""
    rows = tx.connection.execute(
        select(*_COLUMNS)
        .where(i.tenant_id == tx.tenant_id, i.state.in_(_WAITING), i.next_try_at <= now)
        .order_by(i.next_try_at, i.id)
        .limit(limit)
    )
    return [_row(row) for row in rows]


def lock_row(tx: Tx, row_id: UUID) -> InboxRow:
    """The event, locked: nobody else handles it until this transaction ends. Raises NotFound."""
    row = tx.connection.execute(
        select(*_COLUMNS).where(i.tenant_id == tx.tenant_id, i.id == row_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(f"there is no event {row_id} in the inbox", place="inbox")
    return _row(row)


def rewrite_row(tx: Tx, row: InboxRow) -> None:
    """Keep what became of an event; what came in is never changed."""
    tx.connection.execute(
        update(inbox)
        .where(i.tenant_id == tx.tenant_id, i.id == row.id)
        .values(
            state=row.state,
            tries=row.tries,
            next_try_at=row.next_try_at,
            facts=row.facts,
            effect=row.effect,
            error=row.error,
            handled_at=row.handled_at,
        )
    )


def list_rows(
    tx: Tx, wanted: InboxFilter, *, after: UUID | None = None, limit: int | None = None
) -> list[InboxRow]:
    """Events in the order in which they came, of those behind `after`; at most `limit` of them."""
    conditions = _conditions(tx, wanted)
    if after is not None:
        conditions.append(i.id > after)
    query = select(*_COLUMNS).where(*conditions).order_by(i.id).limit(limit)
    if wanted.ids is None:
        return [_row(row) for row in tx.connection.execute(query)]
    return [
        _row(row)
        for batch in in_batches(sorted(wanted.ids))
        for row in tx.connection.execute(query.where(i.id.in_(batch)))
    ][:limit]


def latest_rows(tx: Tx, wanted: InboxFilter, limit: int) -> list[InboxRow]:
    """The latest events, newest first; its `ids` do not count here."""
    rows = tx.connection.execute(
        select(*_COLUMNS).where(*_conditions(tx, wanted)).order_by(i.id.desc()).limit(limit)
    )
    return [_row(row) for row in rows]


def _conditions(tx: Tx, wanted: InboxFilter) -> list[Any]:
    conditions: list[Any] = [i.tenant_id == tx.tenant_id]
    if wanted.states is not None:
        conditions.append(i.state.in_(sorted(wanted.states)))
    if wanted.since is not None:
        conditions.append(i.received_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(i.received_at < wanted.until)
    return conditions


def read_row(tx: Tx, row_id: UUID) -> InboxRow:
    """The event; raises NotFound."""
    found = list_rows(tx, InboxFilter(ids=[row_id]))
    if not found:
        raise NotFound(f"there is no event {row_id} in the inbox", place="inbox")
    return found[0]


def read_delivery(tx: Tx, row_id: UUID) -> tuple[str, bytes]:
    """What came with an event: the envelope as JSON and the raw bytes. Raises NotFound."""
    row = tx.connection.execute(
        select(i.headers, i.body).where(i.tenant_id == tx.tenant_id, i.id == row_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"there is no event {row_id} in the inbox", place="inbox")
    return row.headers, row.body


def _row(row: Any) -> InboxRow:
    return InboxRow(
        id=row.id,
        instance=row.instance,
        event_id=row.event_id,
        type=row.type,
        channel=InboxChannel(row.channel),
        state=InboxState(row.state),
        event=row.payload,
        received_at=row.received_at,
        tries=row.tries,
        next_try_at=row.next_try_at,
        facts=row.facts,
        effect=row.effect,
        error=row.error,
        handled_at=row.handled_at,
    )

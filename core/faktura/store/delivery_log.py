"""The log of deliveries: what was told when, and the answer; deleted after a time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select

from faktura.domain.deliveries import LogEntry, Try
from faktura.store.bulk import Row, bulk_write
from faktura.store.key_lists import among_ids
from faktura.store.prepared import Prepared
from faktura.store.tables import delivery_attempt
from faktura.store.transaction import Tx

a = delivery_attempt.c
_LAST_NUMBERS = Prepared(
    select(a.delivery_id, func.max(a.no).label("last"))
    .where(a.tenant_id == bindparam("of_tenant"), among_ids(a.delivery_id, "ids"))
    .group_by(a.delivery_id)
)


def write_tries(tx: Tx, tries: Sequence[Try]) -> None:
    """Write tries down, one of each delivery; the caller holds the deliveries locked."""
    last = _last_numbers(tx, [one.delivery_id for one in tries])
    rows: list[Row] = [
        (
            tx.tenant_id,
            one.delivery_id,
            last.get(one.delivery_id, 0) + 1,
            one.at,
            one.milliseconds,
            one.taken,
            one.status,
            # Where nothing was answered, the log says why.
            one.answer or (one.error or {}).get("problem", ""),
            None,
        )
        for one in tries
    ]
    bulk_write(tx, delivery_attempt, rows)


def write_wishes(tx: Tx, ids: Sequence[UUID], asked_by: str) -> None:
    """Write down who had deliveries sent again; the caller holds them locked."""
    last, now = _last_numbers(tx, ids), tx.now()
    rows: list[Row] = [
        (tx.tenant_id, one, last.get(one, 0) + 1, now, 0, False, None, "", asked_by) for one in ids
    ]
    bulk_write(tx, delivery_attempt, rows)


def _last_numbers(tx: Tx, ids: Collection[UUID]) -> Mapping[UUID, int]:
    rows = _LAST_NUMBERS.rows(tx, of_tenant=tx.tenant_id, ids=list(ids))
    return {row.delivery_id: row.last for row in rows}


def log_of(tx: Tx, delivery_id: UUID) -> list[LogEntry]:
    """What the log says of a delivery, in its order."""
    rows = tx.connection.execute(
        select(a.no, a.at, a.milliseconds, a.taken, a.status, a.answer, a.asked_by)
        .where(a.tenant_id == tx.tenant_id, a.delivery_id == delivery_id)
        .order_by(a.no)
    )
    return [LogEntry(*row) for row in rows]


def delete_tries(tx: Tx, before: datetime) -> int:
    """Delete the tenant's entries of earlier moments; how many they were."""
    gone = tx.connection.execute(
        delete(delivery_attempt).where(a.tenant_id == tx.tenant_id, a.at < before)
    )
    return gone.rowcount

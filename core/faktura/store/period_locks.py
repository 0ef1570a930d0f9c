"""Locks of months: every one that was ever set, and what was booked behind it (P24)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from faktura.store.journal import BOOKED_ON
from faktura.store.tables import chain_head, journal_entry, period_lock
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class PeriodLock:
    """A lock: months up to `locked_to` (inclusive) never change from then on; `no` counts from 1."""

    no: int
    locked_to: date
    locked_by: str
    reason: str
    recorded_at: datetime


def read_locks(tx: Tx) -> list[PeriodLock]:
    """All locks, in the order in which they were set."""
    rows = tx.connection.execute(
        select(period_lock)
        .where(period_lock.c.tenant_id == tx.tenant_id)
        .order_by(period_lock.c.no)
    )
    return [
        PeriodLock(row.no, row.locked_to, row.locked_by, row.reason, row.recorded_at)
        for row in rows
    ]


def write_lock(tx: Tx, lock: PeriodLock) -> None:
    """Write a lock; whoever posts from now on finds its day at the head of the chain.

    The caller holds that head already: nobody is about to post by an older day.
    """
    tx.connection.execute(
        period_lock.insert().values(
            tenant_id=tx.tenant_id,
            no=lock.no,
            locked_to=lock.locked_to,
            locked_by=lock.locked_by,
            reason=lock.reason,
            recorded_at=lock.recorded_at,
        )
    )
    tx.connection.execute(
        update(chain_head)
        .where(chain_head.c.tenant_id == tx.tenant_id)
        .values(locked_to=lock.locked_to)
    )


def locked_to(tx: Tx) -> date | None:
    """The last day (inclusive) that postings keep off; None where no month is locked."""
    return tx.connection.execute(
        select(chain_head.c.locked_to).where(chain_head.c.tenant_id == tx.tenant_id)
    ).scalar_one_or_none()


def entries_behind(
    tx: Tx, day: date, *, after_seal: int, until_seal: int | None
) -> list[tuple[str, date]]:
    """Key and accounting date of entries on or before `day` whose seals lie between two.

    Behind `after_seal`, up to and including `until_seal`; None for all that follow.
    """
    e = journal_entry.c
    query = select(e.entry_key, BOOKED_ON.label("on")).where(
        e.tenant_id == tx.tenant_id, e.seal_seq > after_seal, day >= BOOKED_ON
    )
    if until_seal is not None:
        query = query.where(e.seal_seq <= until_seal)
    return [(row.entry_key, row.on) for row in tx.connection.execute(query.order_by(e.seq))]

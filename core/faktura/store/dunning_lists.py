"""Dunning runs as a person looks at them: newest first, with what each has done so far."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from faktura.kernel.terms import RunState
from faktura.store.dunning import DunningTotals, no_run
from faktura.store.tables import dunning_chunk, dunning_notice, dunning_run
from faktura.store.transaction import Tx

r, c, n = dunning_run.c, dunning_chunk.c, dunning_notice.c


@dataclass(frozen=True, slots=True)
class DunningSum:
    """What the notices of one level and currency ask for, in minor units."""

    currency: str
    level: int
    notices: int
    open: int
    fee: int
    flat: int
    interest: int


@dataclass(frozen=True, slots=True)
class DunningRunView:
    """A dunning run and where it stands; `planned_customers` owed something when it was planned."""

    id: UUID
    run_date: date
    state: RunState
    planned_customers: int
    totals: DunningTotals
    sums: tuple[DunningSum, ...]
    started_at: datetime
    finished_at: datetime | None


def view_run(tx: Tx, run_id: UUID) -> DunningRunView:
    """One run; raises NotFound."""
    rows = tx.connection.execute(
        select(dunning_run).where(r.tenant_id == tx.tenant_id, r.id == run_id)
    ).all()
    if not rows:
        raise no_run(run_id)
    return _views(tx, rows)[0]


def list_runs(
    tx: Tx, *, after: UUID | None = None, limit: int | None = None
) -> list[DunningRunView]:
    """Runs, newest first; `after` goes on below that run."""
    # Ids are ordered by time.
    query = select(dunning_run).where(r.tenant_id == tx.tenant_id).order_by(r.id.desc())
    if after is not None:
        query = query.where(r.id < after)
    return _views(tx, tx.connection.execute(query.limit(limit)).all())


def sums_of_runs(tx: Tx, run_ids: Collection[UUID]) -> dict[UUID, list[DunningSum]]:
    """What the notices of runs ask for, by run; each by currency and level."""
    rows = tx.connection.execute(
        select(
            n.run_id,
            n.currency,
            n.level,
            func.count(),
            *(func.sum(one) for one in (n.open, n.fee, n.flat, n.interest)),
        )
        .where(n.tenant_id == tx.tenant_id, n.run_id.in_(run_ids))
        .group_by(n.run_id, n.currency, n.level)
        .order_by(n.run_id, n.currency, n.level)
    )
    found: dict[UUID, list[DunningSum]] = {}
    for run_id, currency, *numbers in rows:
        found.setdefault(run_id, []).append(DunningSum(currency, *(int(one) for one in numbers)))
    return found


def _views(tx: Tx, rows: Collection[Any]) -> list[DunningRunView]:
    ids = [row.id for row in rows]
    totals, sums = _totals(tx, ids), sums_of_runs(tx, ids)
    return [
        DunningRunView(
            row.id,
            row.run_date,
            RunState(row.state),
            row.planned_customers,
            totals.get(row.id, DunningTotals(0, 0, 0, 0, 0, 0)),
            tuple(sums.get(row.id, ())),
            row.started_at,
            row.finished_at,
        )
        for row in rows
    ]


def _totals(tx: Tx, ids: Collection[UUID]) -> dict[UUID, DunningTotals]:
    rows = tx.connection.execute(
        select(
            c.run_id,
            func.count(),
            func.count(c.done_at),
            *(func.sum(one) for one in (c.customers, c.notices, c.held, c.failed)),
        )
        .where(c.tenant_id == tx.tenant_id, c.run_id.in_(ids))
        .group_by(c.run_id)
    )
    return {run_id: DunningTotals(*(int(one) for one in numbers)) for run_id, *numbers in rows}

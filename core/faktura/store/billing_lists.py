"""Billing runs as a person looks at them: newest first, with what each has done so far."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from faktura.kernel.terms import RunState
from faktura.store.billing import RunTotals, Scope, no_run, scope_from_text
from faktura.store.tables import billing_chunk, billing_run, contract, customer, project
from faktura.store.transaction import Tx

_ROWS_AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class NamedScope:
    """A run's scope by what a person calls things; `projects` None means all of them."""

    projects: tuple[str, ...] | None
    customer: str | None
    contract: str | None


@dataclass(frozen=True, slots=True)
class RunView:
    """A billing run and where it stands; `planned_contracts` were due when it was planned."""

    id: UUID
    run_date: date
    scope: NamedScope
    state: RunState
    planned_contracts: int
    totals: RunTotals
    started_at: datetime
    finished_at: datetime | None


def read_run(tx: Tx, run_id: UUID, projects: Collection[UUID] | None) -> RunView:
    """One run, if it stays within `projects` (None: all); raises NotFound."""
    query = _runs(tx).where(billing_run.c.id == run_id)
    found = _views(tx, _within(tx, query, projects))
    if not found:
        raise no_run(run_id)
    return found[0]


def list_runs(
    tx: Tx, *, after: UUID | None, limit: int, projects: Collection[UUID] | None
) -> list[RunView]:
    """Runs that stay within `projects` (None: all), newest first; `after` goes on below that run."""
    query = _runs(tx)
    if after is not None:
        query = query.where(billing_run.c.id < after)
    return _views(tx, islice(_within(tx, query, projects), limit))


def _runs(tx: Tx) -> Select[Any]:
    # Ids are ordered by time.
    r = billing_run.c
    return select(billing_run).where(r.tenant_id == tx.tenant_id).order_by(r.id.desc())


def _within(
    tx: Tx, query: Select[Any], projects: Collection[UUID] | None
) -> Iterator[tuple[Any, Scope]]:
    # What a run may look at is JSON: it is read here, no further than the page that is asked for.
    rows = tx.connection.execute(query, execution_options={"yield_per": _ROWS_AT_A_TIME})
    with rows:
        for row in rows:
            scope = scope_from_text(row.scope)
            if projects is None or (
                scope.projects is not None and scope.projects.issubset(projects)
            ):
                yield row, scope


def _views(tx: Tx, found: Iterable[tuple[Any, Scope]]) -> list[RunView]:
    rows = list(found)
    totals = _totals(tx, [row.id for row, _ in rows])
    scopes = [scope for _, scope in rows]
    keys = _names(tx, project, project.c.key, {p for s in scopes for p in s.projects or ()})
    customers = _names(tx, customer, customer.c.number, {s.customer_id for s in scopes})
    contracts = _names(tx, contract, contract.c.number, {s.contract_id for s in scopes})
    return [
        RunView(
            row.id,
            row.run_date,
            NamedScope(
                None if scope.projects is None else tuple(sorted(keys[p] for p in scope.projects)),
                customers.get(scope.customer_id),
                contracts.get(scope.contract_id),
            ),
            RunState(row.state),
            row.planned_contracts,
            totals.get(row.id, RunTotals(0, 0, 0, 0, 0)),
            row.started_at,
            row.finished_at,
        )
        for row, scope in rows
    ]


def _totals(tx: Tx, ids: Collection[UUID]) -> dict[UUID, RunTotals]:
    c = billing_chunk.c
    rows = tx.connection.execute(
        select(
            c.run_id,
            func.count(),
            func.count(c.done_at),
            func.sum(c.contracts),
            func.sum(c.documents),
            func.sum(c.quarantined),
        )
        .where(c.tenant_id == tx.tenant_id, c.run_id.in_(ids))
        .group_by(c.run_id)
    )
    return {run_id: RunTotals(*(int(value) for value in sums)) for run_id, *sums in rows}


def _names(tx: Tx, table: Any, name: Any, ids: Collection[UUID | None]) -> dict[UUID | None, str]:
    wanted = [found for found in ids if found is not None]
    if not wanted:
        return {}
    rows = tx.connection.execute(
        select(table.c.id, name.label("name")).where(
            table.c.tenant_id == tx.tenant_id, table.c.id.in_(wanted)
        )
    )
    return {row.id: row.name for row in rows}

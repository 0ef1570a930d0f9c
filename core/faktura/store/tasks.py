"""Tasks: what waits for a person, each on a contract."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update

from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import NotFound
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import contract, task
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Task:
    """What a person is asked to look at; `done_at` None while it is open."""

    id: UUID
    kind: TaskKind
    contract_number: str
    problem: str
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks are wanted; what is None filters nothing. `done` False wants the open ones."""

    projects: Collection[UUID] | None = None
    contract_id: UUID | None = None
    done: bool | None = None


def write_task(tx: Tx, kind: TaskKind, contract_id: UUID, problem: str) -> UUID:
    """Ask a person to look at a contract; gives the task's id."""
    task_id = tx.new_id()
    row: Row = (tx.tenant_id, task_id, kind, contract_id, problem, tx.now(), None)
    bulk_write(tx, task, [row])
    return task_id


def find_tasks(
    tx: Tx, wanted: TaskFilter, *, after: UUID | None = None, limit: int | None = None
) -> list[Task]:
    """Tasks, oldest first, of those behind `after`; at most `limit`."""
    query = _tasks(tx, wanted.projects)
    if wanted.contract_id is not None:
        query = query.where(task.c.contract_id == wanted.contract_id)
    if wanted.done is not None:
        is_done = task.c.done_at.is_not(None)
        query = query.where(is_done if wanted.done else ~is_done)
    if after is not None:
        query = query.where(task.c.id > after)
    rows = tx.connection.execute(query.order_by(task.c.id).limit(limit))
    return [_task(row) for row in rows]


def read_task(tx: Tx, task_id: UUID, projects: Collection[UUID] | None = None) -> Task:
    """The task; raises NotFound, also for one of a contract outside `projects` (None: all)."""
    row = tx.connection.execute(_tasks(tx, projects).where(task.c.id == task_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no task {task_id}", place="taskId")
    return _task(row)


def mark_done(tx: Tx, task_id: UUID) -> None:
    """The task is done from now on; a repeat keeps the first moment."""
    tx.connection.execute(
        update(task)
        .where(task.c.tenant_id == tx.tenant_id, task.c.id == task_id, task.c.done_at.is_(None))
        .values(done_at=tx.now())
    )


def _tasks(tx: Tx, projects: Collection[UUID] | None) -> Select[Any]:
    query = (
        select(task, contract.c.number)
        .join(
            contract,
            (contract.c.tenant_id == task.c.tenant_id) & (contract.c.id == task.c.contract_id),
        )
        .where(task.c.tenant_id == tx.tenant_id)
    )
    if projects is not None:
        query = query.where(contract.c.project_id.in_(sorted(projects)))
    return query


def _task(row: Any) -> Task:
    return Task(row.id, TaskKind(row.kind), row.number, row.problem, row.created_at, row.done_at)

"""Tasks: what waits for a person, each on a contract or on something else that it names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, select, update

from faktura.domain.attempts import LIVE
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import NotFound
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import contract, document, open_item, payment_attempt, task
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Task:
    """What a person is asked to look at; `done_at` None while it is open.

    `contract_number` is empty where it concerns no contract, `subject` where nothing else.
    """

    id: UUID
    kind: TaskKind
    contract_number: str
    subject: str
    problem: str
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks are wanted; what is None filters nothing. `done` False wants the open ones.

    Those of no contract belong to no project: only who sees all projects sees them.
    """

    projects: Collection[UUID] | None = None
    contract_id: UUID | None = None
    done: bool | None = None


def write_task(
    tx: Tx, kind: TaskKind, contract_id: UUID | None, problem: str, *, subject: str = ""
) -> UUID:
    """Ask a person to look at a contract, or at what `subject` names; gives the task's id."""
    task_id = tx.new_id()
    row: Row = (
        tx.tenant_id, task_id, kind, contract_id, problem, tx.now(), None, subject or None
    )  # fmt: skip
    bulk_write(tx, task, [row])
    return task_id


def ask_once(
    tx: Tx, kind: TaskKind, subject: str, problem: str, *, contract_id: UUID | None = None
) -> UUID | None:
    """Ask a person, but not again while a task of that kind about that subject is open.

    Gives the id of a new task. The caller holds what the subject names locked: two at once would ask
    twice.
    """
    is_open = tx.connection.execute(
        select(task.c.id)
        .where(
            task.c.tenant_id == tx.tenant_id,
            task.c.kind == kind,
            task.c.subject == subject,
            task.c.done_at.is_(None),
        )
        .limit(1)
    ).one_or_none()
    if is_open is not None:
        return None
    return write_task(tx, kind, contract_id, problem, subject=subject)


def ask_each(tx: Tx, kind: TaskKind, problems: Mapping[str, str], *, ever: bool = False) -> None:
    """Ask a person about each of these subjects, as `ask_once` does; with `ever` never a second time."""
    asked: set[str] = set()
    for batch in in_batches(problems):
        query = select(task.c.subject).where(
            task.c.tenant_id == tx.tenant_id, task.c.kind == kind, task.c.subject.in_(batch)
        )
        if not ever:
            query = query.where(task.c.done_at.is_(None))
        asked |= set(tx.connection.execute(query).scalars())
    new: list[Row] = [
        (tx.tenant_id, tx.new_id(), kind, None, problem, tx.now(), None, subject)
        for subject, problem in problems.items()
        if subject not in asked
    ]
    bulk_write(tx, task, new)


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
    """The task; raises NotFound, also for one outside `projects` (None: all)."""
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


def finish_open(tx: Tx, kind: TaskKind, *subjects: str) -> None:
    """What was asked of these subjects has settled itself."""
    for batch in in_batches(subjects):
        tx.connection.execute(
            update(task)
            .where(
                task.c.tenant_id == tx.tenant_id,
                task.c.kind == kind,
                task.c.subject.in_(batch),
                task.c.done_at.is_(None),
            )
            .values(done_at=tx.now())
        )


def finish_of_settled(tx: Tx, kind: TaskKind) -> None:
    """What was asked of documents that are paid, or that somebody collects by now, has settled."""
    d, o, a = document.c, open_item.c, payment_attempt.c
    is_open = exists().where(o.tenant_id == d.tenant_id, o.document_id == d.id, o.open > 0)
    is_collected = exists().where(
        a.tenant_id == d.tenant_id, a.document_id == d.id, a.state.in_(LIVE)
    )
    settled = exists().where(
        d.tenant_id == task.c.tenant_id, d.number == task.c.subject, ~is_open | is_collected
    )
    tx.connection.execute(
        update(task)
        .where(
            task.c.tenant_id == tx.tenant_id,
            task.c.kind == kind,
            task.c.done_at.is_(None),
            settled,
        )
        .values(done_at=tx.now())
    )


def _tasks(tx: Tx, projects: Collection[UUID] | None) -> Select[Any]:
    query = (
        select(task, contract.c.number)
        .outerjoin(
            contract,
            (contract.c.tenant_id == task.c.tenant_id) & (contract.c.id == task.c.contract_id),
        )
        .where(task.c.tenant_id == tx.tenant_id)
    )
    if projects is not None:
        query = query.where(contract.c.project_id.in_(sorted(projects)))
    return query


def _task(row: Any) -> Task:
    return Task(
        row.id,
        TaskKind(row.kind),
        row.number or "",
        row.subject or "",
        row.problem,
        row.created_at,
        row.done_at,
    )

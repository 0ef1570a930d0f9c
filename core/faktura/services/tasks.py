"""Tasks as a person works them off: listed, then done."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum, unique
from uuid import UUID

from faktura.services.visible_contracts import visible_contract
from faktura.store.tasks import Task, TaskFilter, find_tasks, mark_done, read_task
from faktura.store.transaction import Tx


@unique
class TaskState(StrEnum):
    """Whether a task waits for a person."""

    OPEN = "OPEN"
    DONE = "DONE"


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """Which tasks a person asks for; what is None filters nothing."""

    contract_number: str | None = None
    state: TaskState | None = TaskState.OPEN


_OPEN = TaskQuery()


def state_of(task: Task) -> TaskState:
    """Where the task stands."""
    return TaskState.OPEN if task.done_at is None else TaskState.DONE


def list_tasks(
    tx: Tx,
    wanted: TaskQuery = _OPEN,
    *,
    projects: Collection[UUID] | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[Task]:
    """Tasks of contracts of these projects (None: all), oldest first, of those behind `after`.

    Those of no contract belong to no project: only who sees all projects sees them.
    Raises NotFound for a contract that does not exist, or not for whoever asks.
    """
    number = wanted.contract_number
    found = TaskFilter(
        projects,
        None if number is None else visible_contract(tx, number, projects).id,
        None if wanted.state is None else wanted.state is TaskState.DONE,
    )
    return find_tasks(tx, found, after=after, limit=limit)


def finish_task(tx: Tx, task_id: UUID, projects: Collection[UUID] | None = None) -> Task:
    """The task, done; one that is done already keeps its moment.

    Raises NotFound, also for one outside `projects` (None: all).
    """
    read_task(tx, task_id, projects)
    mark_done(tx, task_id)
    return read_task(tx, task_id, projects)

"""Tasks: what waits for a person."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.kernel.contract_terms import TaskKind
from faktura.services.imports.text_fields import Number
from faktura.services.imports.value_fields import as_word
from faktura.services.tasks import TaskQuery, TaskState, finish_task, list_tasks, state_of
from faktura.store.tasks import Task
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.paths import id_of
from faktura.web.api.replies import Answer, Page, page
from faktura.web.api.shapes import Moment

TASKS = Resource("Tasks", "What waits for a person, on a contract or on something else.")


class TaskListQuery(Paged):
    """Which tasks; several conditions hold together."""

    contract_number: Number | None = Field(default=None, description="Those on this contract.")
    state: Annotated[tuple[Annotated[TaskState, as_word(TaskState)], ...], Field(strict=False)] = (
        Field(default=(TaskState.OPEN,), description="Repeat it for both; left out: open ones.")
    )


class TaskAnswer(Answer):
    """Something a person is asked to look at."""

    task_id: UUID = Field(description="What names the task in addresses.")
    kind: TaskKind = Field(description="Why it is asked.")
    state: TaskState = Field(description="Whether it waits.")
    contract_number: str | None = Field(description="The contract to look at; null: none.")
    subject: str | None = Field(
        description="What else to look at: a document or customer by number, an attempt by id."
    )
    problem: str = Field(description="What to look at, in words.")
    created_at: Moment = Field(description="Since when it waits.")
    done_at: Moment | None = Field(description="When it was done; null: not yet.")

    @classmethod
    def of(cls, task: Task) -> Self:
        """The answer."""
        return cls(
            task_id=task.id,
            kind=task.kind,
            state=state_of(task),
            contract_number=task.contract_number or None,
            subject=task.subject or None,
            problem=task.problem,
            created_at=task.created_at,
            done_at=task.done_at,
        )


@TASKS.get("/Tasks", Scope.CONTRACTS_READ)
def task_list(call: Call[TaskListQuery, Nothing]) -> Page[TaskAnswer]:
    """Tasks, oldest first, a page at a time.

    Those of no contract are shown to keys for all projects only.
    """
    query = call.query
    states = set(query.state)
    wanted = TaskQuery(query.contract_number, states.pop() if len(states) == 1 else None)
    found = list_tasks(
        call.tx,
        wanted,
        projects=call.access.projects,
        after=query.after_id(),
        limit=query.limit + 1,
    )
    return page(found, query.limit, lambda one: cursor_of(str(one.id)), TaskAnswer.of)


@TASKS.post("/Tasks/{taskId}/done", Scope.CONTRACTS_WRITE)
def task_done(call: Call[Nothing, Nothing]) -> TaskAnswer:
    """A person looked at it; one that is done already stays as it is."""
    return TaskAnswer.of(finish_task(call.tx, id_of(call.path, "taskId"), call.access.projects))

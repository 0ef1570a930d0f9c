"""faktura tasks: what waits for a person."""

from typing import TYPE_CHECKING
from uuid import UUID

import click

from faktura.cli.moments import local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.store.tasks import Task


@click.group()
def tasks() -> None:
    """List what waits for a person, and say what is done."""


@tasks.command("list")
@click.option("--contract", metavar="NUMBER", help="Only tasks on this contract.")
@click.option("--all", "with_done", is_flag=True, help="Also those that are done.")
@tenant_option
@json_option
def list_command(
    *, contract: str | None, with_done: bool, tenant: str | None, as_json: bool
) -> None:
    """List open tasks, oldest first."""
    from faktura.services.tasks import TaskQuery, TaskState, list_tasks

    wanted = TaskQuery(contract, None if with_done else TaskState.OPEN)
    with running() as app:
        owner = app.tenant(tenant)
        with app.database.read(owner.id) as tx:
            found = list_tasks(tx, wanted)
    columns = ("taskId", "kind", "contractNumber", "subject", "problem", "createdAt", "doneAt")
    print_records(
        [_record(one) if as_json else _row(one, owner.time_zone) for one in found],
        columns=columns,
        as_json=as_json,
        nothing="No tasks." if with_done else "No open tasks.",
    )


@tasks.command("done")
@click.argument("task", type=click.UUID)
@tenant_option
@json_option
def done_command(*, task: UUID, tenant: str | None, as_json: bool) -> None:
    """Say that TASK, by its id, is done."""
    from faktura.services.tasks import finish_task

    with running() as app:
        owner = app.tenant(tenant)
        with app.database.write(owner.id) as tx:
            done = finish_task(tx, task)
    print_record(_record(done) if as_json else _row(done, owner.time_zone), as_json=as_json)


def _record(task: "Task") -> dict[str, object]:
    return {
        "taskId": task.id,
        "kind": task.kind,
        "contractNumber": task.contract_number or None,
        "subject": task.subject or None,
        "problem": task.problem,
        "createdAt": task.created_at,
        "doneAt": task.done_at,
    }


def _row(task: "Task", time_zone: str) -> dict[str, object]:
    """The same for people: moments in the tenant's time."""
    done = None if task.done_at is None else local_minute(task.done_at, time_zone)
    return {
        **_record(task),
        "createdAt": local_minute(task.created_at, time_zone),
        "doneAt": done,
    }

"""faktura tasks: what waits for a person."""

from typing import TYPE_CHECKING
from uuid import UUID

import click

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
    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        found = list_tasks(tx, wanted)
    columns = ("taskId", "kind", "contractNumber", "problem", "createdAt", "doneAt")
    print_records([_record(one) for one in found], columns=columns, as_json=as_json)


@tasks.command("done")
@click.argument("task", type=click.UUID)
@tenant_option
@json_option
def done_command(*, task: UUID, tenant: str | None, as_json: bool) -> None:
    """Say that TASK, by its id, is done."""
    from faktura.services.tasks import finish_task

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        done = finish_task(tx, task)
    print_record(_record(done), as_json=as_json)


def _record(task: "Task") -> dict[str, object]:
    return {
        "taskId": task.id,
        "kind": task.kind,
        "contractNumber": task.contract_number,
        "problem": task.problem,
        "createdAt": task.created_at,
        "doneAt": task.done_at,
    }

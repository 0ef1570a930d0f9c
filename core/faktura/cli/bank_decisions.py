"""faktura bank assign, dismiss, reopen: what a person decides about a movement."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record
from faktura.cli.session import running
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.terms import AccountFact

if TYPE_CHECKING:
    from faktura.services.person_desk import Assigned


def rest_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--give-up and --discount: what becomes of what stays open of the documents; the last one counts."""
    for name, fact, text in (
        (
            "--discount",
            AccountFact.CASH_DISCOUNT,
            "What stays open was cash discount, within the tenant's percent.",
        ),
        (
            "--give-up",
            AccountFact.WRITE_OFF,
            "Write off what stays open, at most the tenant's limit.",
        ),
    ):
        command = click.option(name, "rest_as", flag_value=fact.value, help=text)(command)
    return command


def rest_of(rest_as: str | None) -> AccountFact | None:
    """The posting that these options mean."""
    return None if rest_as is None else AccountFact(rest_as)


def assigned_record(done: "Assigned") -> dict[str, object]:
    """What became of a movement, for print_record."""
    return {
        "state": done.state.value,
        "documents": [f"{number} {part}" for number, part in done.parts],
        "credit": str(done.credit),
        "credits": [f"{number} {part}" for number, part in done.credits],
        "given_up": [f"{number} {part}" for number, part in done.given_up],
        "fee": str(done.fee),
    }


@click.command()
@click.argument("movement")
@click.argument("numbers", metavar="[NUMBER]...", nargs=-1)
@click.option("--customer", metavar="NUMBER", help="Whose credit it is, where no document fits.")
@rest_options
@tenant_option
@json_option
def assign(
    *,
    movement: str,
    numbers: tuple[str, ...],
    customer: str | None,
    rest_as: str | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Let the waiting MOVEMENT count for the documents NUMBER, oldest due date first.

    MOVEMENT is its id, or the end of it that `bank open` shows. What is left stays as credit on the
    customer's account. Of a returned debit it undoes the documents' payments; what the bank took on
    top is its fee. With --customer instead of documents the whole amount is that customer's credit.
    """
    from faktura.services.assignment import assign as assign_to_documents
    from faktura.services.assignment import assign_to_customer
    from faktura.services.named_movement import named_movement

    if bool(numbers) == (customer is not None):
        raise click.UsageError("give document numbers or --customer, and one of them only")
    if customer is not None and rest_as is not None:
        raise click.UsageError("only of documents something may be given up")
    with running() as app:
        owner = app.tenant(tenant)
        with app.database.write(owner.id) as tx:
            movement_id = named_movement(tx, movement)
            if customer is None:
                done = assign_to_documents(tx, owner, movement_id, numbers, rest_of(rest_as))
            else:
                done = assign_to_customer(tx, owner, movement_id, customer)
    print_record(assigned_record(done), as_json=as_json)


@click.command()
@click.argument("movement")
@click.option("--reason", metavar="TEXT", required=True, help="Why; it is kept for ever.")
@tenant_option
@json_option
def dismiss(*, movement: str, reason: str, tenant: str | None, as_json: bool) -> None:
    """Decide that the waiting or held MOVEMENT is none of ours to book, such as rent or a duplicate.

    Nothing is posted, and it does not wait any more. `bank reopen` takes it back.
    """
    from faktura.services.dismissal import dismiss as dismiss_movement
    from faktura.services.named_movement import named_movement

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        movement_id = named_movement(tx, movement)
        dismiss_movement(tx, movement_id, reason)
    record = {"id": movement_id, "state": MovementState.DISMISSED.value, "reason": reason.strip()}
    print_record(record, as_json=as_json)


@click.command()
@click.argument("movement")
@tenant_option
@json_option
def reopen(*, movement: str, tenant: str | None, as_json: bool) -> None:
    """Let the dismissed MOVEMENT wait again, or one that is held as a possible duplicate."""
    from faktura.services.dismissal import reopen as reopen_movement
    from faktura.services.named_movement import named_movement

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        movement_id = named_movement(tx, movement)
        reopen_movement(tx, movement_id)
    print_record({"id": movement_id, "state": MovementState.OPEN.value}, as_json=as_json)

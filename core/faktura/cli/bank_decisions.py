"""faktura bank assign, dismiss, reopen: what a person decides about a movement."""

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record
from faktura.cli.session import running
from faktura.kernel.terms import MovementState


@click.command()
@click.argument("movement")
@click.argument("numbers", metavar="[NUMBER]...", nargs=-1)
@click.option("--customer", metavar="NUMBER", help="Whose credit it is, where no document fits.")
@tenant_option
@json_option
def assign(
    *,
    movement: str,
    numbers: tuple[str, ...],
    customer: str | None,
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
    with running() as app:
        owner = app.tenant(tenant)
        with app.database.write(owner.id) as tx:
            movement_id = named_movement(tx, movement)
            if customer is None:
                done = assign_to_documents(tx, owner, movement_id, numbers)
            else:
                done = assign_to_customer(tx, owner, movement_id, customer)
    record = {
        "state": done.state.value,
        "documents": [f"{number} {part}" for number, part in done.parts],
        "credit": str(done.credit),
        "fee": str(done.fee),
    }
    print_record(record, as_json=as_json)


@click.command()
@click.argument("movement")
@click.option("--reason", metavar="TEXT", required=True, help="Why; it is kept for ever.")
@tenant_option
@json_option
def dismiss(*, movement: str, reason: str, tenant: str | None, as_json: bool) -> None:
    """Decide that the waiting MOVEMENT is none of ours to book, such as rent or wages.

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
    """Let the dismissed MOVEMENT wait again."""
    from faktura.services.dismissal import reopen as reopen_movement
    from faktura.services.named_movement import named_movement

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        movement_id = named_movement(tx, movement)
        reopen_movement(tx, movement_id)
    print_record({"id": movement_id, "state": MovementState.OPEN.value}, as_json=as_json)

"""faktura bank confirm, split, undo: a person books what is proposed, says it to the cent, takes it back."""

from typing import TYPE_CHECKING

import click

from faktura.cli.bank_decisions import assigned_record, rest_of, rest_options
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record
from faktura.cli.session import running
from faktura.kernel.bank_terms import MovementState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal


@click.command()
@click.argument("movement")
@click.option("--proposal", metavar="N", default=1, show_default=True, type=click.IntRange(1, 10))
@click.option(
    "--decision",
    "decision_no",
    metavar="N",
    type=click.IntRange(1),
    help="The decision that was looked at; refused where there is a newer one.",
)
@rest_options
@tenant_option
@json_option
def confirm(
    *,
    movement: str,
    proposal: int,
    decision_no: int | None,
    rest_as: str | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Book what is proposed or marked for the waiting MOVEMENT, exactly as `bank show` has it.

    The best proposal unless --proposal names another one. It is refused where the documents stand
    differently by now. Whoever paid is known by the account from then on.
    """
    from faktura.services.confirming import Confirming
    from faktura.services.confirming import confirm as confirm_proposal
    from faktura.services.named_movement import named_movement

    said = Confirming(proposal, decision_no, rest_of(rest_as))
    with running() as app:
        owner = app.tenant(tenant)
        with app.database.write(owner.id) as tx:
            done = confirm_proposal(tx, owner, named_movement(tx, movement), said)
    print_record(assigned_record(done), as_json=as_json)


@click.command()
@click.argument("movement")
@click.argument("parts", metavar="[NUMBER=AMOUNT]...", nargs=-1)
@click.option(
    "--credit",
    "credit_of",
    metavar="CUSTOMER=AMOUNT",
    multiple=True,
    help="What becomes credit of a customer; may be repeated.",
)
@rest_options
@tenant_option
@json_option
def split(
    *,
    movement: str,
    parts: tuple[str, ...],
    credit_of: tuple[str, ...],
    rest_as: str | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Split the waiting MOVEMENT over documents of any customers, each NUMBER with its AMOUNT.

    Amounts are in the movement's currency, of credit notes negative, and sum to the movement exactly.
    """
    from faktura.services.named_movement import named_movement
    from faktura.services.splitting import split as split_movement

    shares, left = _amounts(parts), _amounts(credit_of)
    with running() as app:
        owner = app.tenant(tenant)
        with app.database.write(owner.id) as tx:
            movement_id = named_movement(tx, movement)
            done = split_movement(tx, owner, movement_id, shares, left, rest_of(rest_as))
    print_record(assigned_record(done), as_json=as_json)


@click.command()
@click.argument("movement")
@click.option("--reason", metavar="TEXT", required=True, help="Why; it is kept for ever.")
@click.option("--date", metavar="YYYY-MM-DD", help="Since when that counts; today.")
@tenant_option
@json_option
def undo(
    *, movement: str, reason: str, date: str | None, tenant: str | None, as_json: bool
) -> None:
    """Take the booked MOVEMENT back whole, whoever booked it: all is reversed, nothing is deleted.

    What it paid is open again, and what was given up with it. The movement waits for a person; the rules
    leave it alone.
    """
    from faktura.services.imports.entries import Form
    from faktura.services.imports.payment_fields import TakenBackFields
    from faktura.services.imports.validation import fields_of
    from faktura.services.named_movement import named_movement
    from faktura.services.undoing_matches import undo as undo_movement

    said = {"reason": reason} if date is None else {"reason": reason, "date": date}
    given = fields_of(TakenBackFields, said, Form.TEXT)
    with running() as app:
        owner = app.tenant(tenant)
        with app.database.write(owner.id) as tx:
            movement_id = named_movement(tx, movement)
            done = undo_movement(tx, owner, movement_id, given)
    record = {
        "id": movement_id,
        "state": MovementState.OPEN.value,
        "documents": list(done.numbers),
        "stays": list(done.stays),
    }
    print_record(record, as_json=as_json)


def _amounts(written: "Iterable[str]") -> "list[tuple[str, Decimal]]":
    from faktura.kernel.decimals import decimal_from_text

    found = []
    for one in written:
        number, equals, amount = one.rpartition("=")
        if not equals or not number:
            raise click.UsageError(f"“{one}” is not NUMBER=AMOUNT, as in RE-000001=119.00")
        found.append((number, decimal_from_text(amount, field=number)))
    return found

"""faktura invoices final: bill a service and deduct the deposits for it (F061)."""

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, say
from faktura.cli.session import running


@click.command("final")
@click.argument("contract")
@click.option(
    "--deposit",
    "numbers",
    multiple=True,
    metavar="NUMBER",
    help="Deduct only this one, may be repeated; all that are paid if left out.",
)
@click.option("--without-deposits", is_flag=True, help="Deduct none.")
@click.option(
    "--position",
    "positions",
    nargs=3,
    multiple=True,
    metavar="ARTICLE QUANTITY PRICE",
    help="Bill this instead of the activities that wait; may be repeated.",
)
@click.option("--date", "day", metavar="YYYY-MM-DD", help="The invoice date; today.")
@click.option("--from", "start", metavar="YYYY-MM-DD", help="First day of the positions' service.")
@click.option("--until", metavar="YYYY-MM-DD", help="First day after it.")
@tenant_option
@json_option
def final_command(
    *,
    contract: str,
    numbers: tuple[str, ...],
    without_deposits: bool,
    positions: tuple[tuple[str, str, str], ...],
    tenant: str | None,
    as_json: bool,
    **days: str | None,
) -> None:
    """Bill what waits on CONTRACT with its whole VAT and deduct its deposits, each once."""
    from faktura.services.final_invoices import issue_final
    from faktura.services.imports.deposit_fields import FinalInvoiceFields
    from faktura.services.imports.entries import Form
    from faktura.services.imports.validation import fields_of
    from faktura.services.issuing import Desk

    names = {"day": "date", "start": "serviceFrom", "until": "serviceUntil"}
    values: dict[str, object] = {
        "positions": [
            {"articleNumber": article, "quantity": quantity, "unitPrice": price}
            for article, quantity, price in positions
        ]
    }
    values |= {names[name]: value for name, value in days.items() if value is not None}
    if numbers or without_deposits:
        values["deposits"] = list(numbers)
    fields = fields_of(FinalInvoiceFields, values, Form.TEXT)
    with running() as app:
        seller = app.tenant(tenant)
        desk = Desk(seller, app.adapters.formats(seller.id))
        with app.database.write(seller.id) as tx:
            issued = issue_final(tx, desk, contract, fields)
    draft = issued.draft
    deducted = [one.number for one in draft.deposits]
    due = draft.gross.minor - sum(one.gross for one in draft.deposits)
    rest = type(draft.gross)(due, draft.currency)
    if as_json:
        print_json(
            {
                "number": issued.number,
                "gross": draft.gross.decimal,
                "currency": draft.currency,
                "deposits": deducted,
                "due": rest.decimal,
            }
        )
        return
    less = f" less {', '.join(deducted)}" if deducted else ""
    say(f"Issued: {issued.number}, {draft.gross}{less}: {rest} are due.", as_json=False)

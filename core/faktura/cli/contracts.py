"""faktura contracts: import, find and show contracts, activate and void them, record activities."""

from pathlib import Path

import click

from faktura.cli.contract_discounts import (
    discount_command,
    end_discount_command,
    withdraw_discount_command,
)
from faktura.cli.contract_history import history_command, move_invoice_date_command
from faktura.cli.contract_pauses import day_command, pause_command, resume_command
from faktura.cli.contract_show import show_command
from faktura.cli.imports import dry_run_option, file_argument, imported
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_records, say
from faktura.cli.session import running
from faktura.kernel.terms import Origin

# Option of `add-activity` -> field, as a CSV file would name it.
_ACTIVITY_FIELDS = {
    "article": "articleNumber",
    "origin": "origin",
    "quantity": "quantity",
    "start": "from",
    "until": "until",
    "invoice_on": "invoiceOn",
    "price": "unitPrice",
    "text": "text",
}


@click.group()
def contracts() -> None:
    """Import, find and show contracts, activate and void them."""


contracts.add_command(show_command)
contracts.add_command(discount_command)
contracts.add_command(end_discount_command)
contracts.add_command(withdraw_discount_command)
contracts.add_command(pause_command)
contracts.add_command(resume_command)
contracts.add_command(day_command)
contracts.add_command(history_command)
contracts.add_command(move_invoice_date_command)


@contracts.command("import")
@file_argument
@tenant_option
@dry_run_option
@json_option
def import_command(*, file: Path, tenant: str | None, dry_run: bool, as_json: bool) -> None:
    """Import all contracts of a JSON or CSV FILE, or none of them."""
    from faktura.services.imports.contracts import import_contracts, read_contract_file

    found = imported(file, tenant, read_contract_file, import_contracts, dry_run=dry_run)
    if as_json:
        print_json({"dryRun": dry_run, "contractNumbers": [one.number for one in found]})
        return
    done = "would be imported; nothing was written" if dry_run else "are imported"
    say(f"{len(found)} contracts {done}.", as_json=False)


@contracts.command("list")
@click.option("--customer", metavar="NUMBER", help="Only contracts of this customer.")
@click.option("--internal-identifier", metavar="TEXT", help="Only contracts of this identifier.")
@tenant_option
@json_option
def list_command(
    *, customer: str | None, internal_identifier: str | None, tenant: str | None, as_json: bool
) -> None:
    """List contracts, by number (F018)."""
    from faktura.cli.contract_shape import overview_record
    from faktura.services.contract_view import ContractQuery, list_contracts

    with running() as app, app.database.read(app.tenant(tenant).id) as tx:
        found = list_contracts(tx, ContractQuery(customer, internal_identifier))
    columns = (
        "contractNumber", "customerNumber", "customerName", "state", "start", "interval", "nextDueOn",
    )  # fmt: skip
    rows = [overview_record(one) for one in found]
    print_records(rows, columns=columns, as_json=as_json, nothing="No contracts.")


@contracts.command("activate")
@click.argument("numbers", nargs=-1, required=True)
@tenant_option
def activate_command(*, numbers: tuple[str, ...], tenant: str | None) -> None:
    """Make drafts active, so that the next run bills them: all of NUMBERS or none (F010)."""
    from faktura.services.contracts import activate_contracts

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            active = activate_contracts(tx, seller, numbers)
    say(f"Active: {', '.join(contract.number for contract in active)}.", as_json=False)


@contracts.command("void")
@click.argument("number")
@tenant_option
def void_command(*, number: str, tenant: str | None) -> None:
    """Void a draft for good; an active contract is terminated instead (F012)."""
    from faktura.services.contracts import void_contract

    with running() as app, app.database.write(app.tenant(tenant).id) as tx:
        voided = void_contract(tx, number)
    say(f"Voided: {voided.number}.", as_json=False)


@contracts.command("activities")
@click.argument("number")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    type=click.Choice(Origin),
    help="Only activities of this origin; may be repeated.",
)
@click.option("--date", "day", metavar="YYYY-MM-DD", help="What is due on this day; today.")
@tenant_option
@json_option
def activities_command(
    *, number: str, origins: tuple[Origin, ...], day: str | None, tenant: str | None, as_json: bool
) -> None:
    """List billed, due and waiting activities with their reserved gross amount (F058, F059)."""
    from faktura.cli.contract_shape import activity_record
    from faktura.kernel.clock import local_date
    from faktura.kernel.periods import date_from_text
    from faktura.services.contract_view import contract_activities

    with running() as app:
        seller = app.tenant(tenant)
        today = local_date(app.clock, seller.time_zone)
        on = today if day is None else date_from_text(day, field="--date")
        with app.database.read(seller.id) as tx:
            found = contract_activities(tx, seller, number, on, origins=origins or tuple(Origin))
    columns = (
        "state", "origin", "articleNumber", "from", "to", "quantity", "reservedGross",
        "currency", "invoiceNumber",
    )  # fmt: skip
    rows = [activity_record(one) for one in found]
    print_records(rows, columns=columns, as_json=as_json, nothing="No activities.")


@contracts.command("add-activity")
@click.argument("number")
@click.option("--article", required=True, metavar="NUMBER")
@click.option("--origin", type=click.Choice(["ONE_OFF", "USAGE"]), help="ONE_OFF if left out.")
@click.option("--quantity", required=True, metavar="DECIMAL")
@click.option("--from", "start", required=True, metavar="YYYY-MM-DD", help="First day of service.")
@click.option("--until", metavar="YYYY-MM-DD", help="First day after it; the next day if left out.")
@click.option("--invoice-on", metavar="YYYY-MM-DD", help="Bill it from this day on.")
@click.option("--manual", is_flag=True, help="Leave it to interim billing.")
@click.option("--price", metavar="DECIMAL", help="Agreed price of one, instead of the list price.")
@click.option("--discount-percent", metavar="DECIMAL")
@click.option("--text", help="Text on the invoice.")
@tenant_option
@json_option
def add_activity_command(
    *,
    number: str,
    manual: bool,
    discount_percent: str | None,
    tenant: str | None,
    as_json: bool,
    **given: str | None,
) -> None:
    """Record a one-off or usage; without a day it goes with the next regular invoice (F040)."""
    from faktura.services.contracts import add_activity
    from faktura.services.imports.contract_file import ActivityFields
    from faktura.services.imports.entries import Form
    from faktura.services.imports.validation import fields_of

    fields: dict[str, object] = {
        _ACTIVITY_FIELDS[name]: value for name, value in given.items() if value is not None
    }
    if manual:
        fields["manual"] = "true"
    if discount_percent is not None:
        fields["discount"] = {"percent": discount_percent}
    wanted = fields_of(ActivityFields, fields, Form.TEXT)
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            activity = add_activity(tx, seller, number, wanted)
    if as_json:
        print_json({"id": activity.id, "contractNumber": number})
    else:
        say(f"Recorded on {number}: {activity.quantity} x {activity.article.name}.", as_json=False)

"""faktura invoices write-off: give a claim up, and take that back (§ 17 UStG)."""

from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.domain.tenants import Tenant
    from faktura.store.transaction import Tx

Told = tuple[str, dict[str, object]]


@click.command("write-off")
@click.argument("number")
@click.option("--amount", metavar="AMOUNT", help="Gross, of what is open; all of it without.")
@click.option("--reason", metavar="TEXT", required=True, help="Kept with the transaction.")
@click.option("--on", "date", metavar="YYYY-MM-DD", help="Since when it counts; today.")
@click.option("--undo", is_flag=True, help="Take all write-offs of it back: it is owed again.")
@tenant_option
@json_option
def write_off_command(
    *,
    number: str,
    undo: bool,
    tenant: str | None,
    as_json: bool,
    **said: str | None,
) -> None:
    """Give up what is open of document NUMBER, or a part of it; its VAT is corrected.

    When the money comes after all, undo it first: the claim lives again with its VAT.
    """
    if undo and said["amount"] is not None:
        raise click.UsageError("--undo takes back all of it: leave --amount out")
    given: dict[str, object] = {name: one for name, one in said.items() if one is not None}
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            told, record = (_taken_back if undo else _given_up)(tx, seller, number, given)
    print_record(record, as_json=as_json)
    if not as_json:
        say(told, as_json=False)


def _given_up(tx: "Tx", seller: "Tenant", number: str, given: dict[str, object]) -> Told:
    from faktura.services.imports.entries import Form
    from faktura.services.imports.payment_fields import WriteOffFields
    from faktura.services.imports.validation import fields_of
    from faktura.services.write_offs import write_off

    done = write_off(tx, seller, number, fields_of(WriteOffFields, given, Form.TEXT))
    told = f"{done.tax} of VAT are corrected; {done.open} are still open."
    return told, {
        "number": done.number,
        "writtenOff": done.amount.decimal,
        "vat": done.tax.decimal,
        "open": done.open.decimal,
        "currency": done.amount.currency,
    }


def _taken_back(tx: "Tx", seller: "Tenant", number: str, given: dict[str, object]) -> Told:
    from faktura.services.imports.entries import Form
    from faktura.services.imports.payment_fields import TakenBackFields
    from faktura.services.imports.validation import fields_of
    from faktura.services.write_offs import undo_write_off

    again = undo_write_off(tx, seller, number, fields_of(TakenBackFields, given, Form.TEXT))
    record = {"number": number, "recovered": again.decimal, "currency": again.currency}
    return f"{again} of {number} are owed again, with their VAT.", record

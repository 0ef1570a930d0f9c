"""faktura deposits: ask for deposits, make money that came without invoice one, list them (F061)."""

from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_records, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.store.deposits import DepositState
    from faktura.store.facts import FrozenDocument

# Option of `from-receipt` -> field.
_RECEIPT_FIELDS = {
    "amount": "amount",
    "article": "articleNumber",
    "received_on": "receivedOn",
    "text": "text",
}
_COLUMNS = ("number", "date", "net", "vat", "gross", "currency", "state", "paid", "deductedBy")


@click.group()
def deposits() -> None:
    """Ask for deposits, make money that came without invoice one, list them."""


@deposits.command("request")
@click.argument("contract")
@click.option(
    "--net",
    "nets",
    nargs=2,
    multiple=True,
    metavar="ARTICLE AMOUNT",
    help="Without VAT; may be repeated.",
)
@click.option(
    "--gross",
    "grosses",
    nargs=2,
    multiple=True,
    metavar="ARTICLE AMOUNT",
    help="VAT is in it; may be repeated.",
)
@click.option("--text", default="", metavar="TEXT", help="Printed below each article.")
@click.option("--date", "day", metavar="YYYY-MM-DD", help="The invoice date; today.")
@click.option("--from", "start", metavar="YYYY-MM-DD", help="First day of the expected service.")
@click.option("--until", metavar="YYYY-MM-DD", help="First day after the expected service.")
@tenant_option
@json_option
def request_command(
    *,
    contract: str,
    nets: tuple[tuple[str, str], ...],
    grosses: tuple[tuple[str, str], ...],
    text: str,
    tenant: str | None,
    as_json: bool,
    **days: str | None,
) -> None:
    """Issue a deposit invoice on CONTRACT; its VAT falls due when it is paid."""
    from faktura.services.deposits import request_deposit
    from faktura.services.imports.deposit_fields import DepositFields
    from faktura.services.imports.entries import Form
    from faktura.services.imports.validation import fields_of
    from faktura.services.issuing import Desk

    positions = [
        {"articleNumber": article, kind: amount, "text": text}
        for kind, given in (("net", nets), ("gross", grosses))
        for article, amount in given
    ]
    names = {"day": "date", "start": "serviceFrom", "until": "serviceUntil"}
    values: dict[str, object] = {"positions": positions}
    values |= {names[name]: value for name, value in days.items() if value is not None}
    fields = fields_of(DepositFields, values, Form.TEXT)
    with running() as app:
        seller = app.tenant(tenant)
        desk = Desk(seller, app.adapters.formats(seller.id))
        with app.database.write(seller.id) as tx:
            issued = request_deposit(tx, desk, contract, fields)
    _say_issued(issued, as_json=as_json)


@deposits.command("from-receipt")
@click.argument("contract")
@click.option("--amount", required=True, metavar="AMOUNT", help="The deposit, VAT in it.")
@click.option("--article", required=True, metavar="NUMBER", help="Decides the VAT.")
@click.option(
    "--received-on", required=True, metavar="YYYY-MM-DD", help="Value date of the payment."
)
@click.option("--text", default="", metavar="TEXT", help="Printed below the article.")
@tenant_option
@json_option
def from_receipt_command(
    *,
    contract: str,
    tenant: str | None,
    as_json: bool,
    **given: str,
) -> None:
    """Make credit of the customer of CONTRACT a deposit, paid at once; its VAT was due since then."""
    from faktura.services.deposits import deposit_from_receipt
    from faktura.services.imports.deposit_fields import ReceiptDepositFields
    from faktura.services.imports.entries import Form
    from faktura.services.imports.validation import fields_of
    from faktura.services.issuing import Desk

    values = {_RECEIPT_FIELDS[name]: value for name, value in given.items()}
    fields = fields_of(ReceiptDepositFields, values, Form.TEXT)
    with running() as app:
        seller = app.tenant(tenant)
        desk = Desk(seller, app.adapters.formats(seller.id))
        with app.database.write(seller.id) as tx:
            issued = deposit_from_receipt(tx, desk, contract, fields)
    _say_issued(issued, as_json=as_json)


@deposits.command("list")
@click.argument("contract")
@tenant_option
@json_option
def list_command(*, contract: str, tenant: str | None, as_json: bool) -> None:
    """List the deposits of CONTRACT: what is paid of each, which final invoice deducts it."""
    from faktura.services.deposits import list_deposits

    with running() as app, app.database.read(app.tenant(tenant).id) as tx:
        found = list_deposits(tx, contract)
    records = [
        {
            "number": one.record.number,
            "date": one.record.issued_on,
            "net": one.record.net.decimal,
            "vat": one.record.tax.decimal,
            "gross": one.record.gross.decimal,
            "currency": one.record.currency,
            "state": _state(one),
            "paid": one.received.decimal,
            "deductedBy": one.deducted_by,
        }
        for one in found
    ]
    print_records(records, columns=_COLUMNS, as_json=as_json, nothing="No deposits.")


def _state(one: "DepositState") -> str:
    """Where a deposit stands; nothing is left of a CANCELLED one (F061)."""
    if one.deducted_by is not None:
        return "DEDUCTED"
    if not one.gross:
        return "CANCELLED"
    if one.received >= one.gross:
        return "PAID"
    return "PARTLY_PAID" if one.received else "OPEN"


def _say_issued(issued: "FrozenDocument", *, as_json: bool) -> None:
    draft = issued.draft
    if as_json:
        amounts = {"net": draft.net.decimal, "vat": draft.tax.decimal, "gross": draft.gross.decimal}
        print_json({"number": issued.number, **amounts, "currency": draft.currency})
        return
    say(f"Issued: {issued.number}, {draft.net} + {draft.tax} VAT = {draft.gross}.", as_json=False)

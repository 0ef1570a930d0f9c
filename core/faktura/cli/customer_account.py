"""faktura customers account: the debtor statement in either order (F090, F091)."""

from typing import TYPE_CHECKING

import click

from faktura.cli.days import DAY, day
from faktura.cli.moments import local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_records, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.services.customers import AccountRow
    from faktura.services.debtor_statements import DebtorStatement

_COLUMNS = ("valueDate", "recordedAt", "text", "amount", "balance")


@click.command("account")
@click.argument("number")
@click.option(
    "--order",
    type=click.Choice(["value", "recorded"]),
    default="value",
    show_default=True,
    help="By value date, or as it was recorded.",
)
@click.option("--from", "start", metavar=DAY, help="From this day of that order on.")
@click.option("--to", "end", metavar=DAY, help="Up to this day of that order.")
@tenant_option
@json_option
def account_command(
    *,
    number: str,
    order: str,
    start: str | None,
    end: str | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Show a customer's account with the balance before, after each row and at the end."""
    from faktura.services.customers import AccountOrder
    from faktura.services.debtor_statements import AskedAccount, debtor_statements

    asked = AskedAccount(number, AccountOrder(order), day(start, "--from"), day(end, "--to"))
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = debtor_statements(tx, seller, asked)
    if as_json:
        print_json([_plain(statement) for statement in found])
        return
    for statement in found:
        opening = {"text": "opening", "balance": statement.opening.decimal}
        rows = [
            {**_row(row), "recordedAt": local_minute(row.recorded_at, seller.time_zone)}
            for row in statement.rows
        ]
        title = statement.closing.currency
        print_records([opening, *rows], columns=_COLUMNS, as_json=False, title=title)
    if not found:
        say("Nothing was ever booked on this account.", as_json=False)


def _plain(statement: "DebtorStatement") -> dict[str, object]:
    return {
        "currency": statement.closing.currency,
        "opening": statement.opening.decimal,
        "rows": [_row(row) for row in statement.rows],
        "closing": statement.closing.decimal,
    }


def _row(row: "AccountRow") -> dict[str, object]:
    return {
        "no": row.transaction.no,
        "fact": row.transaction.fact,
        "valueDate": row.transaction.value_date,
        "recordedAt": row.recorded_at,
        "text": row.transaction.text,
        "amount": row.transaction.amount.decimal,
        "balance": row.balance.decimal,
    }

"""faktura accounting balances: the trial balance."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from faktura.cli.days import DAY, day
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_records, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.services.balances import TrialBalance
    from faktura.store.trial_balances import AccountBalance

_COLUMNS = ("account", "name", "opening", "debit", "credit", "balance")


@click.command()
@click.option("--from", "start", metavar=DAY, help="From this day on; what lies before is opening.")
@click.option("--to", "until", metavar=DAY, help="Up to this accounting date; all without it.")
@tenant_option
@json_option
def balances(*, start: str | None, until: str | None, tenant: str | None, as_json: bool) -> None:
    """Show opening, debits, credits and balance of each account; the sums are equal.

    A balance on the credit side is negative.
    """
    from faktura.services.balances import trial_balances
    from faktura.services.ledger_accounts import all_accounts

    first, last = day(start, "--from"), day(until, "--to")
    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        found = trial_balances(tx, last, start=first)
        names = {one.number: one.name for one in all_accounts(tx)}
    if as_json:
        print_json([_plain(balance, names) for balance in found])
        return
    for balance in found:
        sums = {"account": "all", "debit": balance.debit.decimal, "credit": balance.credit.decimal}
        rows = [*(_row(row, names) for row in balance.accounts), sums]
        print_records(rows, columns=_COLUMNS, as_json=False, title=balance.currency)
    if not found:
        say("Nothing is posted.", as_json=False)


def _plain(balance: "TrialBalance", names: Mapping[str, str]) -> dict[str, object]:
    return {
        "currency": balance.currency,
        "accounts": [_row(row, names) for row in balance.accounts],
        "debit": balance.debit.decimal,
        "credit": balance.credit.decimal,
    }


def _row(row: "AccountBalance", names: Mapping[str, str]) -> dict[str, object]:
    return {
        "account": row.account,
        "name": names.get(row.account, ""),
        "opening": row.opening.decimal,
        "debit": row.debit.decimal,
        "credit": row.credit.decimal,
        "balance": row.balance.decimal,
    }

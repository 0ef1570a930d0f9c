"""faktura bank accounts: the accounts statements are imported to."""

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running


@click.group()
def accounts() -> None:
    """Add and list bank accounts."""


@accounts.command()
@click.argument("iban")
@click.option("--holder", required=True, help="Whose account it is.")
@click.option("--bic")
@click.option(
    "--ledger-account",
    metavar="NUMBER",
    help="Account of the ledger, e.g. 1200; without it postings wait as drafts.",
)
@click.option("--currency", default="EUR", show_default=True)
@tenant_option
@json_option
def add(  # noqa: PLR0913 - one parameter an option
    *,
    iban: str,
    holder: str,
    bic: str | None,
    ledger_account: str | None,
    currency: str,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Add the bank account IBAN."""
    from faktura.services.bank_accounts import add_bank_account

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        added = add_bank_account(
            tx, iban, holder=holder, bic=bic, ledger_account=ledger_account, currency=currency
        )
    if as_json:
        print_record({"id": added.id, "iban": added.iban}, as_json=True)
    else:
        say(f"Bank account {added.iban} is added.", as_json=False)


@accounts.command("list")
@tenant_option
@json_option
def list_all(*, tenant: str | None, as_json: bool) -> None:
    """Show all bank accounts."""
    from faktura.store.bank_accounts import read_bank_accounts

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        records = [
            {
                "iban": account.iban,
                "holder": account.holder,
                "bic": account.bic,
                "currency": account.currency,
                "ledger_account": account.ledger_account,
            }
            for account in read_bank_accounts(tx)
        ]
    columns = ["iban", "holder", "bic", "currency", "ledger_account"]
    print_records(records, columns=columns, as_json=as_json)

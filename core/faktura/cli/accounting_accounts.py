"""faktura accounting accounts: which ledger accounts postings use."""

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records
from faktura.cli.session import running
from faktura.cli.who import operator


@click.group()
def accounts() -> None:
    """Show and set the ledger accounts that postings use."""


@accounts.command("list")
@tenant_option
@json_option
def list_accounts(*, tenant: str | None, as_json: bool) -> None:
    """Show every account key with its account and where it comes from."""
    from faktura.services.posting import account_settings

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        records = [
            {"key": row.key, "account": row.account, "source": row.source}
            for row in account_settings(tx)
        ]
    print_records(records, columns=("key", "account", "source"), as_json=as_json)


@accounts.command("set")
@click.argument("key")
@click.argument("account")
@tenant_option
@json_option
def set_one(*, key: str, account: str, tenant: str | None, as_json: bool) -> None:
    """Set the account of KEY and post the entries that waited for it.

    KEY is SLOT, SLOT:CASE, SLOT:CASE:RATE or SLOT:CASE:RATE:COUNTRY, e.g. VAT:STANDARD:16; of one
    product group REVENUE@GROUP:CASE, also with rate and country; or BANK:<iban>.
    """
    from faktura.services.posting import set_account

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        done = set_account(tx, key, account, by=operator())
    print_record(
        {
            "key": done.key,
            "account": done.account,
            "posted": done.posted,
            "still_waiting": done.waiting,
        },
        as_json=as_json,
    )


@accounts.command("names")
@tenant_option
@json_option
def list_names(*, tenant: str | None, as_json: bool) -> None:
    """Show every account that is set up or was posted to, with its name."""
    from faktura.services.ledger_accounts import all_accounts

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        records = [
            {"number": one.number, "name": one.name, "source": one.source}
            for one in all_accounts(tx)
        ]
    print_records(records, columns=("number", "name", "source"), as_json=as_json)


@accounts.command("add")
@click.argument("number")
@click.argument("name")
@tenant_option
@json_option
def add_one(*, number: str, name: str, tenant: str | None, as_json: bool) -> None:
    """Add the account NUMBER, so that entries by hand can use it."""
    from faktura.services.ledger_accounts import add_account

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        added = add_account(tx, number, name, by=operator())
    print_record({"number": added.number, "name": added.name}, as_json=as_json)


@accounts.command("rename")
@click.argument("number")
@click.argument("name")
@tenant_option
@json_option
def rename_one(*, number: str, name: str, tenant: str | None, as_json: bool) -> None:
    """Call the account NUMBER by another NAME; postings keep its number."""
    from faktura.services.ledger_accounts import rename_account

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        renamed = rename_account(tx, number, name, by=operator())
    print_record({"number": renamed.number, "name": renamed.name}, as_json=as_json)

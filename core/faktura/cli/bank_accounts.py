"""faktura bank accounts: the accounts statements are imported to."""

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running
from faktura.cli.who import operator
from faktura.kernel.bank_terms import Notifications

_NOTIFICATIONS = [one.value.lower() for one in Notifications]


@click.group()
def accounts() -> None:
    """Add and list bank accounts."""


@accounts.command()
@click.argument("iban")
@click.option("--holder", required=True, help="Whose account it is.")
@click.option("--bic", help="The bank's BIC, 8 or 11 characters.")
@click.option(
    "--ledger-account",
    metavar="NUMBER",
    help="Account of the ledger, e.g. 1200; without it postings wait as drafts.",
)
@click.option("--currency", default="EUR", show_default=True, help="What the account is kept in.")
@click.option(
    "--notifications",
    type=click.Choice(_NOTIFICATIONS, case_sensitive=False),
    help="What camt.054 files are: details of statements (the default), or the only bookings.",
)
@tenant_option
@json_option
def add(  # noqa: PLR0913 - one parameter an option
    *,
    iban: str,
    holder: str,
    bic: str | None,
    ledger_account: str | None,
    currency: str,
    notifications: str | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Add the bank account IBAN."""
    from faktura.services.bank_accounts import add_bank_account, set_notifications

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        added = add_bank_account(
            tx, iban, holder=holder, bic=bic, ledger_account=ledger_account, currency=currency
        )
        if notifications is not None:
            set_notifications(tx, iban, Notifications(notifications.upper()), by=operator())
    if as_json:
        print_record({"id": added.id, "iban": added.iban}, as_json=True)
    else:
        say(f"Bank account {added.iban} is added.", as_json=False)
        if ledger_account is None:
            key = f"BANK:{added.iban}"
            say(
                f"Its postings wait for: faktura accounting accounts set {key} ACCOUNT",
                as_json=False,
            )


@accounts.command("set")
@click.argument("iban")
@click.option(
    "--notifications",
    type=click.Choice(_NOTIFICATIONS, case_sensitive=False),
    required=True,
    help="What camt.054 files are: details of its statements, or the only bookings there are.",
)
@tenant_option
@json_option
def change(*, iban: str, notifications: str, tenant: str | None, as_json: bool) -> None:
    """Change the bank account IBAN. Its ledger account is set by `accounting accounts set`."""
    from faktura.services.bank_accounts import set_notifications

    wanted = Notifications(notifications.upper())
    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        set_notifications(tx, iban, wanted, by=operator())
    print_record({"iban": iban, "notifications": wanted.value}, as_json=as_json)


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
                "notifications": account.notifications.value,
            }
            for account in read_bank_accounts(tx)
        ]
    columns = ["iban", "holder", "bic", "currency", "ledger_account", "notifications"]
    print_records(records, columns=columns, as_json=as_json)

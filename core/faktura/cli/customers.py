"""faktura customers: import, change, list and show customers with their accounts."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.customer_account import account_command
from faktura.cli.customers_simulated import simulate_date_command
from faktura.cli.imports import dry_run_option, file_argument, imported
from faktura.cli.moments import local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record, print_records, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.domain.customers import Customer
    from faktura.domain.tenants import Tenant
    from faktura.services.customers import AccountRow, AccountView


@click.group()
def customers() -> None:
    """Import, change and show customers."""


customers.add_command(account_command)
customers.add_command(simulate_date_command)


@customers.command("import")
@file_argument
@tenant_option
@dry_run_option
@json_option
def import_command(*, file: Path, tenant: str | None, dry_run: bool, as_json: bool) -> None:
    """Import all customers of a JSON or CSV FILE, or none of them."""
    from faktura.services.imports.customers import import_customers, read_customer_file

    found = imported(file, tenant, read_customer_file, import_customers, dry_run=dry_run)
    if as_json:
        print_json({"dryRun": dry_run, "customerNumbers": [one.number for one in found]})
        return
    done = "would be imported; nothing was written" if dry_run else "are imported"
    say(f"{len(found)} customers {done}.", as_json=False)


@customers.command("update")
@file_argument
@tenant_option
@dry_run_option
@json_option
def update_command(*, file: Path, tenant: str | None, dry_run: bool, as_json: bool) -> None:
    """Replace the whole records of the customers that a JSON or CSV FILE names, or none.

    Issued documents keep what they were issued with.
    """
    from faktura.services.imports.customer_changes import change_customers
    from faktura.services.imports.customers import read_customer_file

    found = imported(file, tenant, read_customer_file, change_customers, dry_run=dry_run)
    if as_json:
        print_json({"dryRun": dry_run, "customerNumbers": [one.number for one in found]})
        return
    done = "would be changed; nothing was written" if dry_run else "are changed"
    say(f"{len(found)} customers {done}.", as_json=False)


@customers.command("import-balances")
@file_argument
@tenant_option
@dry_run_option
@json_option
def import_balances_command(
    *, file: Path, tenant: str | None, dry_run: bool, as_json: bool
) -> None:
    """Take over all open items of another system from a JSON or CSV FILE, or none of them (P54).

    Payments settle them under their old numbers; they are no revenue and are never exported.
    """
    from faktura.services.opening_items import import_opening_items, read_opening_file

    found = imported(file, tenant, read_opening_file, import_opening_items, dry_run=dry_run)
    if as_json:
        print_json({"dryRun": dry_run, "numbers": [one.number for one in found]})
        return
    done = "would be taken over; nothing was written" if dry_run else "are taken over"
    say(f"{len(found)} opening items {done}.", as_json=False)


@customers.command("delete")
@click.argument("number")
@tenant_option
@json_option
def delete_command(*, number: str, tenant: str | None, as_json: bool) -> None:
    """Delete the customer NUMBER for good, if nothing refers to it: no contract, no document."""
    from faktura.services.customer_deletion import customer_to_delete, delete_customer

    with running() as app, app.database.write(app.tenant(tenant).id) as tx:
        gone = delete_customer(tx, customer_to_delete(tx, number))
    if as_json:
        print_json({"customerNumber": gone.number, "deleted": True})
        return
    say(f"Customer {gone.number} is deleted.", as_json=False)


@customers.command("list")
@tenant_option
@json_option
def list_command(*, tenant: str | None, as_json: bool) -> None:
    """List customers, by number."""
    from faktura.store.customers import list_customers

    with running() as app, app.database.read(app.tenant(tenant).id) as tx:
        rows = [_plain(customer) for customer in list_customers(tx)]
    columns = ("customerNumber", "name", "zipCode", "city", "country", "debtorAccount")
    print_records(rows, columns=columns, as_json=as_json)


@customers.command("show")
@click.argument("number")
@click.option(
    "--order",
    type=click.Choice(["value", "recorded"]),
    default="recorded",
    show_default=True,
    help="Account by value date, or as it was recorded.",
)
@tenant_option
@json_option
def show_command(*, number: str, order: str, tenant: str | None, as_json: bool) -> None:
    """Show a customer and every account transaction with the balance after it (F090, F091)."""
    from faktura.services.customers import AccountOrder, show_customer

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = show_customer(tx, number, AccountOrder(order))
        offered = app.adapters.format_ids()
    shown = {**_plain(found.customer), **_format(found.customer, seller, offered)}
    if as_json:
        accounts = [_account(account) for account in found.accounts]
        print_json({**shown, "accounts": accounts})
        return
    print_record(shown, as_json=False)
    columns = ("valueDate", "recordedAt", "text", "amount", "balance")
    for view in found.accounts:
        rows = [
            {**_transaction(row), "recordedAt": local_minute(row.recorded_at, seller.time_zone)}
            for row in view.rows
        ]
        print_records(rows, columns=columns, as_json=False, title=f"Balance {view.balance}")


def _plain(customer: "Customer") -> dict[str, object]:
    address = customer.address
    return {
        "customerNumber": customer.number,
        "name": customer.name,
        "isBusiness": customer.is_business,
        "street": address.street,
        "zipCode": address.zip_code,
        "city": address.city,
        "country": address.country,
        "email": customer.email,
        "euTaxId": customer.eu_tax_id,
        "taxNumber": customer.tax_number,
        "paymentMethod": customer.payment_method,
        "debtorAccount": customer.debtor_account,
    }


def _format(customer: "Customer", tenant: "Tenant", offered: frozenset[str]) -> dict[str, object]:
    """The format that was asked for, the one that the next document gets, and what decided."""
    from faktura.domain.format_choice import format_of_customer

    choice = format_of_customer(customer, tenant.document_format, offered)
    return {
        "documentFormat": customer.document_format,
        "effectiveFormat": None if choice is None else choice.format_id,
        "formatChosenBy": None if choice is None else choice.chosen_by,
    }


def _account(view: "AccountView") -> dict[str, object]:
    return {
        "currency": view.balance.currency,
        "balance": view.balance.decimal,
        "transactions": [_transaction(row) for row in view.rows],
    }


def _transaction(row: "AccountRow") -> dict[str, object]:
    return {
        "no": row.transaction.no,
        "fact": row.transaction.fact,
        "valueDate": row.transaction.value_date,
        "recordedAt": row.recorded_at,
        "text": row.transaction.text,
        "source": row.transaction.source,
        "amount": row.transaction.amount.decimal,
        "balance": row.balance.decimal,
        "remittance": row.transaction.remittance,
    }

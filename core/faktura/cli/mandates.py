"""faktura payments mandates: SEPA mandates of our own creditor id (F103, F104)."""

from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.services.mandate_view import MandateView

_DAY = "YYYY-MM-DD"
_COLUMNS = ("reference", "customerNumber", "account", "scheme", "state", "used", "problem")

_reference = click.argument("reference")


@click.group()
def mandates() -> None:
    """Keep SEPA mandates: signed, confirmed, moved, revoked."""


@mandates.command("create")
@click.argument("customer")
@click.option("--iban", required=True, help="The account that is debited.")
@click.option("--signed-on", metavar=_DAY, required=True, help="Day of signature.")
@click.option("--reference", metavar="TEXT", help="Left out: the next of the range MANDATE.")
@click.option("--scheme", metavar="CORE|B2B", help="CORE if left out; B2B only for companies.")
@click.option("--sequence", metavar="RECURRENT|ONE_OFF", help="RECURRENT if left out.")
@click.option("--holder", metavar="NAME", help="Whose account it is, if not the customer's.")
@click.option("--bic", help="The BIC of the account's bank.")
@tenant_option
@json_option
def create_command(
    *, customer: str, tenant: str | None, as_json: bool, **given: str | None
) -> None:
    """Add a mandate that CUSTOMER signed; it is active, and their invoices announce it."""
    from faktura.kernel.terms import PaymentMethod
    from faktura.services.imports.entries import Form
    from faktura.services.imports.mandate_fields import NewMandateFields
    from faktura.services.imports.validation import fields_of
    from faktura.services.mandates import create_mandate

    values: dict[str, object] = {"customerNumber": customer, **_named(given)}
    fields = fields_of(NewMandateFields, values, Form.TEXT)
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            made = create_mandate(tx, seller, fields)
    print_record(_record(made), as_json=as_json)
    if made.customer.payment_method is not PaymentMethod.SEPA_DEBIT:
        say(
            f"Customer {made.customer.number} pays by {made.customer.payment_method}: nothing is"
            " collected by it until their payment method, or a contract's, is SEPA_DEBIT.",
            as_json=as_json,
        )


@mandates.command("list")
@click.option("--customer", metavar="NUMBER", help="Only those of this customer.")
@tenant_option
@json_option
def list_command(*, customer: str | None, tenant: str | None, as_json: bool) -> None:
    """List mandates in the order in which they were made."""
    from faktura.services.mandate_view import show_mandates

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = [_record(one) for one in show_mandates(tx, seller, customer)]
    print_records(found, columns=_COLUMNS, as_json=as_json, nothing="No mandates.")


@mandates.command("show")
@_reference
@tenant_option
@json_option
def show_command(*, reference: str, tenant: str | None, as_json: bool) -> None:
    """Show the mandate REFERENCE, and why it cannot be collected by."""
    from faktura.services.mandate_view import mandate_of, show_mandate

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = show_mandate(tx, seller, mandate_of(tx, seller, reference))
    print_record(_record(found), as_json=as_json)


@mandates.command("confirm")
@_reference
@click.option("--on", "confirmed_on", metavar=_DAY, required=True, help="When the bank did.")
@tenant_option
@json_option
def confirm_command(
    *, reference: str, confirmed_on: str, tenant: str | None, as_json: bool
) -> None:
    """The debtor's bank confirmed the B2B mandate REFERENCE."""
    from faktura.kernel.periods import date_from_text
    from faktura.services.mandate_view import mandate_of
    from faktura.services.mandates import confirm_mandate

    day = date_from_text(confirmed_on, field="--on")
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            done = confirm_mandate(tx, seller, mandate_of(tx, seller, reference), day)
    print_record(_record(done), as_json=as_json)


@mandates.command("use")
@_reference
@tenant_option
@json_option
def use_command(*, reference: str, tenant: str | None, as_json: bool) -> None:
    """Collect by REFERENCE from now on, and announce it on the customer's invoices."""
    from faktura.services.mandate_view import mandate_of
    from faktura.services.mandates import use_mandate

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            done = use_mandate(tx, seller, mandate_of(tx, seller, reference))
    print_record(_record(done), as_json=as_json)


@mandates.command("amend")
@_reference
@click.option("--iban", required=True, help="The customer's new account.")
@click.option("--holder", metavar="NAME", help="Whose account it is; as before if left out.")
@click.option("--bic", help="The BIC of the account's bank.")
@tenant_option
@json_option
def amend_command(
    *, reference: str, tenant: str | None, as_json: bool, **given: str | None
) -> None:
    """Move REFERENCE to another account of the customer."""
    from faktura.services.imports.entries import Form
    from faktura.services.imports.mandate_fields import OtherAccountFields
    from faktura.services.imports.validation import fields_of
    from faktura.services.mandate_view import mandate_of
    from faktura.services.mandates import amend_mandate

    fields = fields_of(OtherAccountFields, _named(given), Form.TEXT)
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            done = amend_mandate(tx, seller, mandate_of(tx, seller, reference), fields)
    print_record(_record(done), as_json=as_json)


@mandates.command("revoke")
@_reference
@click.option("--reason", metavar="TEXT", required=True, help="Kept with the mandate.")
@tenant_option
@json_option
def revoke_command(*, reference: str, reason: str, tenant: str | None, as_json: bool) -> None:
    """End REFERENCE for good; the customer's record names no mandate then."""
    from faktura.kernel.terms import PaymentMethod
    from faktura.services.imports.text_fields import checked_line
    from faktura.services.mandate_view import mandate_of
    from faktura.services.mandates import revoke_mandate

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            named = mandate_of(tx, seller, reference)
            done = revoke_mandate(tx, seller, named, checked_line(reason))
    print_record(_record(done), as_json=as_json)
    if done.customer.payment_method is PaymentMethod.SEPA_DEBIT and not done.customer.mandate:
        say(
            f"Customer {done.customer.number} still pays by SEPA_DEBIT: add another mandate, or set"
            " another payment method, or their next invoice waits.",
            as_json=as_json,
        )


@mandates.command("reactivate")
@_reference
@tenant_option
@json_option
def reactivate_command(*, reference: str, tenant: str | None, as_json: bool) -> None:
    """Collect by REFERENCE again, which a returned debit suspended."""
    from faktura.services.mandate_view import mandate_of
    from faktura.services.mandates import reactivate_mandate

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            done = reactivate_mandate(tx, seller, mandate_of(tx, seller, reference))
    print_record(_record(done), as_json=as_json)


@mandates.command("adopt")
@tenant_option
@json_option
def adopt_command(*, tenant: str | None, as_json: bool) -> None:
    """Take over the mandates of customers' records that were written before there were any.

    Again, it takes over only what is new.
    """
    from faktura.flows.payment_accounts import adopt_all

    with running() as app:
        adopted = adopt_all(app.database, app.tenant(tenant))
    refused = [f"{number}: {problem}" for number, problem in adopted.refused]
    print_record({"adopted": adopted.made, "refused": refused}, as_json=as_json)


def _named(given: dict[str, str | None]) -> dict[str, object]:
    names = {"signed_on": "signedOn"}
    return {names.get(name, name): value for name, value in given.items() if value is not None}


def _record(view: "MandateView") -> dict[str, object]:
    means, mandate = view.means, view.mandate
    return {
        "mandateId": means.id,
        "reference": means.reference,
        "creditorId": means.creditor_id,
        "customerNumber": view.customer.number,
        "account": means.label,
        "iban": mandate.iban,
        "bic": mandate.bic or None,
        "holder": mandate.holder,
        "scheme": mandate.scheme,
        "sequence": mandate.sequence,
        "state": means.state,
        "reason": means.reason,
        "signedOn": mandate.signed_on,
        "confirmedOn": mandate.confirmed_on,
        "lastUsedOn": means.last_used_on,
        "usableUntil": view.usable_until,
        "used": view.is_used,
        "problem": view.problem,
    }

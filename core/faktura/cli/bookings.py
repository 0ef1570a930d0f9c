"""faktura bookings: subscription items, one-offs and usage of all contracts in one list (F043)."""

from typing import TYPE_CHECKING, Any, TypeVar

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_records
from faktura.cli.session import running

if TYPE_CHECKING:
    from collections.abc import Callable

    from faktura.services.bookings import Booking, BookingQuery

C = TypeVar("C", bound="Callable[..., Any]")
_STATUS, _KINDS = ("OPEN", "DONE"), ("ITEM", "ACTIVITY")
_SELECTIONS = ("ACTIVE_SUBSCRIPTIONS", "OPEN_ONE_OFFS", "TERMINATED")


def _conditions(command: C) -> C:
    """The options that say which bookings; several hold together."""
    for option in (
        click.option("--kind", type=click.Choice(_KINDS), help="Only items, or only activities."),
        click.option("--status", type=click.Choice(_STATUS), help="OPEN is grey, DONE is green."),
        click.option("--selection", type=click.Choice(_SELECTIONS), help="What people ask for."),
        click.option("--customer", metavar="NUMBER", help="Only of this customer."),
        click.option("--contract", metavar="NUMBER", help="Only of this contract."),
        click.option("--article", metavar="NUMBER", help="Only of this article."),
        click.option("--account", metavar="DIGITS", help="Only with this ledger account."),
    ):
        command = option(command)
    return command


def _wanted(given: "dict[str, str | None]") -> "BookingQuery":
    from faktura.domain.bookings import BookingKind, BookingStatus
    from faktura.services.bookings import BookingQuery, BookingSelection

    kind, status, selection = given["kind"], given["status"], given["selection"]
    return BookingQuery(
        None if kind is None else BookingKind(kind),
        None if status is None else BookingStatus(status),
        None if selection is None else BookingSelection(selection),
        given["customer"],
        given["contract"],
        given["article"],
        given["account"],
    )


@click.group()
def bookings() -> None:
    """List what is booked on all contracts, and what it brings in."""


@bookings.command("list")
@_conditions
@tenant_option
@json_option
def list_command(*, tenant: str | None, as_json: bool, **given: str | None) -> None:
    """List bookings in the order in which they were made, with their status (F043)."""
    from faktura.kernel.clock import local_date
    from faktura.services.bookings import list_bookings

    with running() as app:
        owner = app.tenant(tenant)
        today = local_date(app.clock, owner.time_zone)
        with app.database.read(owner.id) as tx:
            found = list_bookings(tx, owner, _wanted(given), today)
    columns = (
        "kind", "status", "contractNumber", "articleNumber", "quantity", "from", "until", "monthly",
        "amount", "currency",
    )  # fmt: skip
    rows = [_record(one) for one in found]
    print_records(rows, columns=columns, as_json=as_json, nothing="No bookings.")


@bookings.command("sums")
@_conditions
@tenant_option
@json_option
def sums_command(*, tenant: str | None, as_json: bool, **given: str | None) -> None:
    """Add up monthly subscription income and open one-offs, net, by currency (F043)."""
    from faktura.kernel.clock import local_date
    from faktura.services.bookings import sum_bookings

    with running() as app:
        owner = app.tenant(tenant)
        today = local_date(app.clock, owner.time_zone)
        with app.database.read(owner.id) as tx:
            found = sum_bookings(tx, owner, _wanted(given), today)
    columns = ("currency", "monthly", "oneOffs", "items", "activities", "unpriced")
    records = [
        {
            "currency": sums.monthly.currency,
            "monthly": sums.monthly.decimal,
            "oneOffs": sums.one_offs.decimal,
            "items": sums.items,
            "activities": sums.activities,
            "unpriced": sums.unpriced,
        }
        for sums in found
    ]
    print_records(records, columns=columns, as_json=as_json, nothing="No bookings.")


def _record(one: "Booking") -> dict[str, object]:
    """A booking in the names users know; `until` and `billedUntil` are exclusive."""
    from faktura.cli.cost_shape import cost_texts

    return {
        "id": one.id,
        "kind": one.kind,
        "status": one.status,
        "contractNumber": one.contract.number,
        "customerNumber": one.customer_number,
        "articleNumber": one.article.number,
        "quantity": one.quantity,
        "from": one.start,
        "until": one.until,
        "billedUntil": one.billed_until,
        "invoiceOn": one.invoice_on,
        "monthly": None if one.monthly is None else one.monthly.decimal,
        "amount": None if one.amount is None else one.amount.decimal,
        "currency": one.contract.currency,
        "ledgerAccount": one.ledger_account,
        "costs": cost_texts(one.costs),
        "problem": one.problem or None,
    }

"""faktura payments give-back and refunds: money back over the provider that it came by (P33)."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import click

from faktura.cli.moments import local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running
from faktura.cli.who import operator

if TYPE_CHECKING:
    from faktura.store.refunds_at_provider import ListedRefund

_STATES = ("CREATED", "SENT", "UNKNOWN", "PENDING", "FAILED", "SUCCEEDED")
_COLUMNS = ("refundId", "createdAt", "invoice", "customer", "account", "amount", "state", "reason")


@click.command("give-back")
@click.argument("payment", metavar="ATTEMPT|INVOICE")
@click.argument("amount")
@click.option("--reason", metavar="TEXT", required=True, help="Kept with the refund.")
@click.option("--confirm", is_flag=True, help="Also of a debit that can still be returned.")
@tenant_option
@json_option
def give_back_command(
    *, payment: str, amount: str, reason: str, confirm: bool, tenant: str | None, as_json: bool
) -> None:
    """Give AMOUNT of a payment back over its provider.

    Never more than the customer's credit, nor than what is left of the payment. An invoice is
    corrected or cancelled first: a refund by itself opens nothing again.
    """
    from faktura.flows.refunding import RefundDesk, give_back
    from faktura.kernel.money import Money
    from faktura.services.opening_refunds import WantedRefund, attempt_named

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            attempt = attempt_named(tx, payment)
        money = Money.parse(amount, attempt.amount.currency, field="amount")
        wanted = WantedRefund(attempt.id, money, reason, operator(), in_return_time=confirm)
        desk = RefundDesk(app.database, app.adapters, seller)
        done = asyncio.run(give_back(desk, wanted))
    print_record(_record(done, seller.time_zone), as_json=as_json)
    if done.refund.is_asked:
        say("Its outcome is not known yet: faktura payments refunds resolve", as_json=as_json)


@click.group()
def refunds() -> None:
    """List refunds over providers and find out what became of them."""


@refunds.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice(_STATES), help="Only these.")
@click.option("--customer", metavar="NUMBER", help="Of this customer.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@tenant_option
@json_option
def list_command(
    *, states: Sequence[str], customer: str | None, limit: int, tenant: str | None, as_json: bool
) -> None:
    """List the latest refunds, newest first."""
    from faktura.kernel.payment_terms import RefundState
    from faktura.store.refunds_at_provider import RefundFilter, list_refunds

    wanted = RefundFilter([RefundState(one) for one in states] or None, customer_number=customer)
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = list_refunds(tx, wanted, limit=limit)
    records = [_record(one, seller.time_zone) for one in found]
    print_records(records, columns=_COLUMNS, as_json=as_json, nothing="No refunds.")


@refunds.command("show")
@click.argument("refund", type=click.UUID)
@tenant_option
@json_option
def show_command(*, refund: UUID, tenant: str | None, as_json: bool) -> None:
    """Show REFUND with what its provider said last."""
    from faktura.store.refunds_at_provider import read_refund

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = read_refund(tx, refund)
    record = {
        **_record(found, seller.time_zone),
        "attemptId": found.refund.attempt_id,
        "askedBy": found.refund.asked_by,
        "tries": found.refund.tries,
        "said": found.refund.outcome,
    }
    print_record(record, as_json=as_json)


@refunds.command("resolve")
@tenant_option
@json_option
def resolve_command(*, tenant: str | None, as_json: bool) -> None:
    """Ask the providers about refunds whose outcome is not known, as far as their time has come."""
    from faktura.flows.refunding import RefundDesk, resolve_refunds

    with running() as app:
        desk = RefundDesk(app.database, app.adapters, app.tenant(tenant))
        asked = asyncio.run(resolve_refunds(desk))
    print_record({"asked": asked}, as_json=as_json)


def _record(listed: "ListedRefund", time_zone: str) -> dict[str, object]:
    one = listed.refund
    return {
        "refundId": one.id,
        "createdAt": local_minute(one.created_at, time_zone),
        "invoice": listed.invoice_number,
        "customer": listed.customer_number,
        "account": listed.instance,
        "amount": one.amount.decimal,
        "currency": one.amount.currency,
        "state": one.state,
        "reference": one.reference,
        "reason": one.reason,
    }

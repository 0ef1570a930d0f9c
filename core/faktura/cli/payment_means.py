"""faktura payments means: cards, agreements and accounts that customers let us keep (P43)."""

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.domain.payment_means import PaymentMeans

_COLUMNS = ("meansId", "method", "account", "label", "state", "expiresOn", "lastUsedOn", "reason")

_means = click.argument("means", type=click.UUID)


@click.group()
def means() -> None:
    """List saved means of payment, choose the one to use, forget one."""


@means.command("list")
@click.argument("customer")
@tenant_option
@json_option
def list_command(*, customer: str, tenant: str | None, as_json: bool) -> None:
    """List the means of payment of CUSTOMER and of their contracts, oldest first."""
    from faktura.services.payment_means import list_means

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        found = [_record(one) for one in list_means(tx, customer)]
    print_records(found, columns=_COLUMNS, as_json=as_json, nothing="No means of payment.")


@means.command("show")
@_means
@tenant_option
@json_option
def show_command(*, means: UUID, tenant: str | None, as_json: bool) -> None:
    """Show MEANS, by its id."""
    from faktura.store.payment_means import read_means

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        found = read_means(tx, means)
    print_record(_record(found), as_json=as_json)


@means.command("use")
@_means
@click.option("--contract", metavar="NUMBER", help="For this contract alone.")
@tenant_option
@json_option
def use_command(*, means: UUID, contract: str | None, tenant: str | None, as_json: bool) -> None:
    """Collect by MEANS from the next collection on; what is under way stays as it is."""
    from faktura.services.payment_means import prefer_means

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        chosen = prefer_means(tx, means, contract)
    print_record(_record(chosen), as_json=as_json)


@means.command("reactivate")
@_means
@tenant_option
@json_option
def reactivate_command(*, means: UUID, tenant: str | None, as_json: bool) -> None:
    """Collect by MEANS again, which was suspended."""
    from faktura.services.payment_means import allow_again

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        active = allow_again(tx, means)
    print_record(_record(active), as_json=as_json)


@means.command("forget")
@_means
@tenant_option
@json_option
def forget_command(*, means: UUID, tenant: str | None, as_json: bool) -> None:
    """Use MEANS never again, and have its provider delete it; a mandate is revoked instead."""
    from faktura.flows.payment_means import forget_means

    with running() as app:
        seller = app.tenant(tenant)
        problem = asyncio.run(forget_means(app.database, app.adapters, seller, means))
    record = {"meansId": means, "forgotten": True, "problem": problem or None}
    print_record(record, as_json=as_json)
    if problem:
        say("It is not used again here; delete it at the provider yourself.", as_json=as_json)


def _record(one: "PaymentMeans") -> dict[str, object]:
    return {
        "meansId": one.id,
        "method": one.method,
        "account": one.instance,
        "label": one.label,
        "contractId": one.contract_id,
        "state": one.state,
        "reason": one.reason,
        "expiresOn": one.expires_on,
        "lastUsedOn": one.last_used_on,
    }

"""faktura accounting connect, link: connections to accounting systems on the net."""

import asyncio
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.bootstrap import App
    from faktura.domain.tenants import Tenant
    from faktura.flows.accounting_links import Linked
    from faktura.services.link_view import LinkView

_CALL = ("at", "method", "url", "status", "milliseconds")
_MOMENT = "%d.%m.%Y %H:%M"


def linked_to(app: "App", tenant_id: int, target: str) -> "Linked":
    """The tenant's link to that target."""
    from faktura.flows.accounting_links import Linked

    return Linked(app.database, app.keys, tenant_id, app.adapters.link(tenant_id, target))


@click.command()
@click.argument("target")
@tenant_option
@json_option
def connect(*, target: str, tenant: str | None, as_json: bool) -> None:
    """Begin a connection to TARGET (e.g. datev): prints the address where a person allows it.

    The person comes back to this installation's public address, where `faktura serve` answers.
    """
    from faktura.flows.accounting_links import LOGIN_LASTS, begin_login, redirect_uri

    with running() as app:
        seller = app.tenant(tenant)
        public_url = app.settings.public_url
        back = redirect_uri(None if public_url is None else str(public_url), target, seller.key)
        url = asyncio.run(begin_login(linked_to(app, seller.id, target), back))
    minutes = round(LOGIN_LASTS.total_seconds() / 60)
    say(f"Open this address within {minutes} minutes and sign in there:", as_json=as_json)
    if as_json:
        print_record({"url": url, "redirect_uri": back, "minutes": minutes}, as_json=True)
    else:
        click.echo(url)


@click.group()
def link() -> None:
    """Show, check and end connections to accounting systems."""


@link.command()
@click.argument("target")
@tenant_option
@json_option
def status(*, target: str, tenant: str | None, as_json: bool) -> None:
    """Show the connection to TARGET: its state, who allowed it, and until when."""
    from faktura.services.link_view import view_link

    with running() as app:
        seller = app.tenant(tenant)
        manage_url = app.adapters.link(seller.id, target).manage_url
        with app.database.read(seller.id) as tx:
            view = view_link(tx, target)
    _show(view, seller, manage_url, as_json=as_json)


def _show(view: "LinkView", seller: "Tenant", manage_url: str, *, as_json: bool) -> None:
    from faktura.kernel.clock import zone

    until = view.refresh_until
    local = until and until.astimezone(zone(seller.time_zone)).strftime(_MOMENT)
    record: dict[str, object] = {
        "target": view.target,
        "state": view.state,
        "person": view.person or None,
        "client": view.client_name or None,
        "allowed_until": until if as_json else local,
        "checked_at": view.checked_at,
        "problems": list(view.problems) if as_json else "; ".join(view.problems) or None,
        "manage_at": manage_url or None,
    }
    print_record(record, as_json=as_json)


@link.command()
@click.argument("target")
@tenant_option
@json_option
def check(*, target: str, tenant: str | None, as_json: bool) -> None:
    """Ask TARGET what the connection may do there; exit code 1 when something is missing."""
    from faktura.flows import accounting_links
    from faktura.services.link_view import LinkState, view_link

    with running() as app:
        seller = app.tenant(tenant)
        linked = linked_to(app, seller.id, target)
        asyncio.run(accounting_links.check(linked))
        with app.database.read(seller.id) as tx:
            view = view_link(tx, target)
    _show(view, seller, linked.link.manage_url, as_json=as_json)
    if view.state is not LinkState.CONNECTED:
        raise SystemExit(1)


@link.command()
@click.argument("target")
@tenant_option
@json_option
def disconnect(*, target: str, tenant: str | None, as_json: bool) -> None:
    """Revoke the tokens at TARGET and forget them; they are forgotten in any case."""
    from faktura.flows import accounting_links

    with running() as app:
        seller = app.tenant(tenant)
        linked = linked_to(app, seller.id, target)
        problem = asyncio.run(accounting_links.disconnect(linked))
        manage_url = linked.link.manage_url
    print_record(
        {"target": target, "forgotten": True, "revoked": not problem, "problem": problem or None},
        as_json=as_json,
    )
    if problem and manage_url:
        say(f"End it there yourself: {manage_url}", as_json=as_json)


@link.command()
@click.argument("target")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@tenant_option
@json_option
def calls(*, target: str, limit: int, tenant: str | None, as_json: bool) -> None:
    """Show the latest calls to TARGET, without their secrets; kept for thirty days."""
    from faktura.store.link_calls import read_calls

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        records = [
            {
                "at": one.called_at,
                "method": one.method,
                "url": one.url,
                "status": one.status,
                "milliseconds": one.milliseconds,
                **one.told,
            }
            for one in read_calls(tx, target, limit)
        ]
    print_records(records, columns=_CALL, as_json=as_json, nothing="Nothing was called.")

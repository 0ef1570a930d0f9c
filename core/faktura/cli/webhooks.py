"""faktura webhooks: endpoints that facts are sent to, their secrets, and whether they answer (F116, F117)."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import click

from faktura.cli.ids import Id
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import Record, print_record, print_records, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.domain.webhooks import Endpoint

_COLUMNS = ("id", "url", "events", "state", "problem")
_ALL = "all"


_id_argument = click.argument(
    "endpoint_id", metavar="ID", type=Id("an endpoint", "faktura webhooks list")
)
_events_option = click.option(
    "--events",
    metavar="TYPE,TYPE",
    help="Types of events, e.g. INVOICE_CREATED,CHARGEBACK_RECEIVED; `all` for all of them.",
)
_description_option = click.option("--description", metavar="TEXT", help="Whose it is, for people.")


@click.group()
def webhooks() -> None:
    """Add endpoints that facts are sent to, and look after them."""


@webhooks.command()
@click.argument("url")
@_events_option
@_description_option
@tenant_option
@json_option
def add(
    *, url: str, events: str | None, description: str | None, tenant: str | None, as_json: bool
) -> None:
    """Send what happens from now on to URL, and print the secret that it proves webhooks by."""
    from faktura.services.webhook_endpoints import EndpointWish, add_endpoint

    wish = EndpointWish(url, _types(events), description)
    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        added, secret = add_endpoint(tx, app.keys, wish, app.settings.private_hosts)
    if as_json:
        print_record({**_record(added), "secret": secret}, as_json=True)
        return
    say(
        f"The endpoint {added.id} is added. Its receiver proves webhooks by this secret:",
        as_json=False,
    )
    say(secret, as_json=False)


@webhooks.command("list")
@tenant_option
@json_option
def list_all(*, tenant: str | None, as_json: bool) -> None:
    """Show the endpoints and how they are doing, oldest first."""
    from faktura.store.webhooks import list_endpoints

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        records = [_record(one) for one in list_endpoints(tx)]
    print_records(
        records,
        columns=_COLUMNS,
        as_json=as_json,
        nothing="No endpoints. Add one: faktura webhooks add https://…",
    )


@webhooks.command()
@_id_argument
@tenant_option
@json_option
def show(*, endpoint_id: UUID, tenant: str | None, as_json: bool) -> None:
    """Show the endpoint of that ID; what was sent to it: faktura outbox list --subscriber ID."""
    from faktura.store.webhooks import endpoint_of_id

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        found = endpoint_of_id(tx, endpoint_id)
    print_record(_record(found), as_json=as_json)


@webhooks.command()
@_id_argument
@click.option("--url", help="Another address.")
@_events_option
@_description_option
@tenant_option
@json_option
def change(
    *,
    endpoint_id: UUID,
    url: str | None,
    events: str | None,
    description: str | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Change the endpoint of that ID; what is not named stays."""
    from faktura.services.webhook_endpoints import EndpointWish, change_endpoint

    wish = EndpointWish(url, _types(events), description)
    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        changed = change_endpoint(tx, endpoint_id, wish, app.settings.private_hosts)
    print_record(_record(changed), as_json=as_json)


@webhooks.command()
@_id_argument
@tenant_option
def pause(*, endpoint_id: UUID, tenant: str | None) -> None:
    """Send it nothing until it is resumed; what happens meanwhile waits."""
    from faktura.services.webhook_endpoints import pause_endpoint

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        pause_endpoint(tx, endpoint_id)
    say(f"The endpoint {endpoint_id} is paused.", as_json=False)


@webhooks.command()
@_id_argument
@tenant_option
def resume(*, endpoint_id: UUID, tenant: str | None) -> None:
    """Send it everything that waits, also one that was switched off."""
    from faktura.services.webhook_endpoints import resume_endpoint

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        resume_endpoint(tx, endpoint_id)
    say(f"The endpoint {endpoint_id} gets what waits for it.", as_json=False)


@webhooks.command()
@_id_argument
@tenant_option
@json_option
def rotate(*, endpoint_id: UUID, tenant: str | None, as_json: bool) -> None:
    """Print a new secret for it; the old one signs along for 24 hours."""
    from faktura.services.webhook_endpoints import rotate_endpoint

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        rotated, made = rotate_endpoint(tx, app.keys, endpoint_id)
    if as_json:
        print_record({**_record(rotated), "secret": made}, as_json=True)
        return
    say("Give it to the receiver within 24 hours, so long the old one signs along:", as_json=False)
    say(made, as_json=False)


@webhooks.command()
@_id_argument
@tenant_option
def secret(*, endpoint_id: UUID, tenant: str | None) -> None:
    """Print the secret that its receiver proves webhooks by."""
    from faktura.services.webhook_secrets import current_secret
    from faktura.store.webhooks import endpoint_of_id

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        found = current_secret(tx, app.keys, endpoint_of_id(tx, endpoint_id))
    say(found, as_json=False)


@webhooks.command()
@_id_argument
@tenant_option
@json_option
def ping(*, endpoint_id: UUID, tenant: str | None, as_json: bool) -> None:
    """Send it a signed webhook of type PING and show what it answers; exit code 1 if not 2xx."""
    from faktura.flows.webhook_pings import ping_endpoint

    with running() as app:
        told = asyncio.run(
            ping_endpoint(
                app.database,
                app.keys,
                app.tenant_id(tenant),
                endpoint_id,
                app.settings.private_hosts,
                app.settings.sandbox_hosts,
            )
        )
    record: Record = {
        "taken": told.taken,
        "status": told.status,
        "answer": told.answer,
        "milliseconds": told.milliseconds,
        "problem": told.error["problem"] if told.error else None,
    }
    print_record(record, as_json=as_json)
    if not told.taken:
        raise SystemExit(1)


@webhooks.command()
@_id_argument
@tenant_option
def remove(*, endpoint_id: UUID, tenant: str | None) -> None:
    """Remove it with its secret; what waits for it is given up, the log of what was sent stays."""
    from faktura.services.webhook_endpoints import delete_endpoint

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        delete_endpoint(tx, endpoint_id)
    say(f"The endpoint {endpoint_id} is removed.", as_json=False)


def _types(text: str | None) -> tuple[str, ...] | None:
    """What of the types is said: None is nothing, no types are all."""
    if text is None:
        return None
    return () if text.strip() == _ALL else tuple(word.strip() for word in text.split(","))


def _record(one: "Endpoint") -> Record:
    return {
        "id": one.id,
        "url": one.url,
        "description": one.description,
        "events": sorted(one.event_types) or _ALL,
        "state": one.state,
        "failures": one.failures,
        "failingSince": _utc(one.failing_since),
        "nextTryAt": _utc(one.next_try_at),
        "lastDeliveredAt": _utc(one.last_delivered_at),
        "problem": one.problem or None,
        "rotatedAt": _utc(one.rotated_at),
        "createdAt": _utc(one.created_at),
    }


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"

"""faktura mails smtp: the mail server, set, shown and tried."""

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from faktura.cli.mails_rest import rest_in_words
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faktura.bootstrap import App
    from faktura.flows.mail_transport import MailLine

_FIELDS = (
    "host", "port", "security", "user", "password", "connections", "hello", "bounce_domain",
)  # fmt: skip


@click.group()
def smtp() -> None:
    """Set, show and try the server that mails are sent over."""


@smtp.command("set")
@click.option("--host", help="Its name, as in smtp.example.com.")
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    help="By default 465 for TLS, 587 for STARTTLS, 25 for none.",
)
@click.option(
    "--security",
    type=click.Choice(["tls", "starttls", "none"], case_sensitive=False),
    help="TLS from the first byte, STARTTLS, or none to a host of FAKTURA_PRIVATE_HOSTS.",
)
@click.option("--user", help="Whom we log in as.")
@click.option("--password", is_flag=True, help="Ask for the password, or read it from a pipe.")
@click.option("--connections", type=click.IntRange(1, 32), help="How many mails go at a time.")
@click.option("--hello", help="The name that we give ourselves.")
@click.option("--bounce-domain", help="Mails come back to addresses there that name the mail.")
@tenant_option
def set_command(*, password: bool, tenant: str | None, **given: "int | str | None") -> None:
    """Set the tenant's mail server; what is not given stays as it is.

    The password is never an argument, and is kept encrypted. What does not fit together is refused. Mails
    that wait for the server are tried at once.
    """
    fields = {name: value for name, value in given.items() if value is not None}
    secrets = {"password": _password()} if password else {}
    if not fields and not secrets:
        raise click.UsageError("say what is set, for example --host smtp.example.com")
    with running() as app:
        _keep(app, app.tenant_id(tenant), fields, secrets)
    say(f"Set: {', '.join((*fields, *secrets))}.", as_json=False)


@smtp.command("unset")
@click.argument("fields", nargs=-1, required=True, type=click.Choice(_FIELDS))
@tenant_option
def unset_command(*, fields: tuple[str, ...], tenant: str | None) -> None:
    """Take the tenant's own values of FIELDS back: what the installation says counts again."""
    with running() as app:
        _keep(app, app.tenant_id(tenant), {}, {}, frozenset(fields))
    say(f"No longer set for the tenant: {', '.join(fields)}.", as_json=False)


def _keep(
    app: "App",
    tenant_id: int,
    fields: "Mapping[str, object]",
    secrets: "Mapping[str, str]",
    removed: frozenset[str] = frozenset(),
) -> None:
    """Keep a change that fits together with what is set; raises FieldInvalid."""
    from faktura.hub.smtp import INSTANCE, smtp_settings
    from faktura.hub.trial import Change, Changed
    from faktura.services.smtp_settings import keep_smtp
    from faktura.store.adapters import AdapterStore

    change = Change(tenant_id, INSTANCE, fields, secrets, removed)
    kept = AdapterStore(app.database, app.keys, unread=removed.union(secrets))
    tried = app.adapters.with_kept(Changed(kept, change))
    smtp_settings(tried, tenant_id)
    with app.database.write(tenant_id) as tx:
        keep_smtp(tx, app.keys, fields, secrets, removed)


@smtp.command("show")
@tenant_option
@json_option
def show_command(*, tenant: str | None, as_json: bool) -> None:
    """Show the mail server with the values in force and where from; the password only as set or not.

    Below them stands what is wrong: a password that cannot be read, a server that cannot be used.
    """
    from faktura.hub.smtp import INSTANCE
    from faktura.services.mail_rest import server_rest
    from faktura.store.secrets import unreadable_secrets

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            unread = unreadable_secrets(tx, app.keys, INSTANCE)
            rest = server_rest(tx)
        found = _values(app, seller.id, frozenset(unread))
        folder = app.mail_folder
    print_records(found, columns=["field", "value", "from"], as_json=as_json)
    for name, error in unread.items():
        say(f"The {name} cannot be read: {error}.", as_json=as_json)
        say(f"Set it anew with: faktura mails smtp set --{name}", as_json=as_json)
    if not any(one["field"] == "host" and one["value"] for one in found):
        where = "mails wait for one" if folder is None else f"mails are written to {folder}"
        say(f"No mail server is set: {where}.", as_json=as_json)
    if rest is not None:
        say(rest_in_words(rest, seller.time_zone), as_json=as_json)


def _values(app: "App", tenant_id: int, unread: frozenset[str]) -> list[dict[str, object]]:
    """The fields with the values in force; a port that nobody set is the one that is used."""
    from faktura.hub.smtp import INSTANCE, SmtpSettings, usual_port
    from faktura.hub.values_in_force import values_of
    from faktura.store.adapters import AdapterStore

    readable = app.adapters.with_kept(AdapterStore(app.database, app.keys, unread))
    found = values_of([SmtpSettings], INSTANCE, readable.sources(tenant_id, INSTANCE), unread)
    records: dict[str, dict[str, object]] = {
        one.field: {"field": one.field, "value": one.value, "from": one.source} for one in found
    }
    if records["port"]["value"] == "0":
        port = usual_port(str(records["security"]["value"]))
        records["port"]["value"] = None if port is None else str(port)
    return list(records.values())


@smtp.command("test")
@tenant_option
@json_option
def test_command(*, tenant: str | None, as_json: bool) -> None:
    """Connect to the mail server, encrypt and log in, and send nothing."""
    from faktura.flows.smtp_transport import SmtpTransport
    from faktura.hub.smtp import smtp_settings
    from faktura.kernel.errors import Refused

    with running() as app:
        if app.tenant(tenant).sandbox:
            raise Refused("mails of a sandbox never reach a server", place="tenant")
        settings = smtp_settings(app.adapters, app.tenant_id(tenant))
        if not settings.host:
            say("No mail server is set.", as_json=as_json)
            sys.exit(1)
        asyncio.run(_try(SmtpTransport(settings, app.settings.private_hosts).line()))
        print_record(
            {"server": f"{settings.host}:{settings.port_in_use}", "works": True}, as_json=as_json
        )


async def _try(line: "MailLine") -> None:
    try:
        await line.open()
    finally:
        await line.close()


def _password() -> str:
    if sys.stdin.isatty():
        text: str = click.prompt("password", hide_input=True)
        return text
    return sys.stdin.readline().rstrip("\n")

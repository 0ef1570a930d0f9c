"""faktura plugins: what is installed and enabled, whether it works, and its settings."""

import json
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_records, say
from faktura.cli.session import installation, running
from faktura.kernel.errors import FakturaError, FieldUnknown, Misconfigured, NotFound

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


@click.group()
def plugins() -> None:
    """List, check and configure plugins."""


@plugins.command("list")
@json_option
def list_plugins(*, as_json: bool) -> None:
    """Show the installed plugins and which of them are enabled; nothing is imported."""
    from faktura.hub.loader import installed

    enabled, found = installation().plugins, installed()
    records = [
        {
            "name": name,
            "version": _version(found.get(name)),
            "installed": name in found,
            "enabled": name in enabled,
        }
        for name in sorted({*found, *enabled})
    ]
    print_records(records, columns=["name", "version", "installed", "enabled"], as_json=as_json)


def _version(entry: "EntryPoint | None") -> str | None:
    return entry.dist.version if entry and entry.dist else None


@plugins.command()
@tenant_option
@json_option
def check(*, tenant: str | None, as_json: bool) -> None:
    """Load every enabled plugin and read its settings for the tenant, where there is one."""
    from faktura.hub.loader import problems

    found = problems(installation().plugins)
    if not any(found.values()):
        found = _settings_problems(tenant) or found
    print_records(
        [
            {"name": name, "ok": error is None, "problem": str(error) if error else None}
            for name, error in found.items()
        ],
        columns=["name", "ok", "problem"],
        as_json=as_json,
    )
    if any(found.values()):
        sys.exit(1)


def _settings_problems(tenant: str | None) -> dict[str, FakturaError | None]:
    """What is wrong per plugin; nothing where no tenant is named and there is not just one."""
    found: dict[str, FakturaError | None] = {}
    try:
        with running() as app:
            tenant_id = app.tenant_id(tenant)
    except (NotFound, Misconfigured):
        if tenant is not None:
            raise
        return found
    with running() as app:
        for name in app.registry.plugins:
            found[name] = None
            for offer in app.registry.offers_of(name):
                try:
                    app.adapters.settings(tenant_id, offer, name)
                except FakturaError as error:
                    found[name] = error
    return found


@plugins.command("set")
@click.argument("instance")
@click.argument("field")
@click.argument("value", required=False)
@click.option("--plugin", help="The plugin, where the instance is not called like it.")
@tenant_option
def set_setting(
    instance: str, field: str, value: str | None, plugin: str | None, tenant: str | None
) -> None:
    """Set FIELD of a plugin's INSTANCE for a tenant.

    Lists and maps are written as JSON. A secret is never an argument: it is asked for, or read
    from standard input, and kept encrypted.
    """
    from faktura.hub.adapters import is_secret, setting_names
    from faktura.store.adapters import read_settings, write_settings
    from faktura.store.secrets import KeyRing, put_secret

    with running() as app:
        tenant_id = app.tenant_id(tenant)
        known = setting_names(app.registry, plugin or instance)
        if field not in known:
            raise FieldUnknown(
                f"there is no setting “{field}”",
                place=f"adapter {instance}",
                mend=f"Settings: {', '.join(known) or 'none'}",
            )
        if is_secret(app.registry, plugin or instance, field):
            text = _secret(field, value)
            with app.database.write(tenant_id) as tx:
                put_secret(tx, KeyRing(app.settings.secret_keys), instance, field, text)
        else:
            with app.database.write(tenant_id) as tx:
                settings = read_settings(tx, instance)
                write_settings(tx, instance, {**settings, field: _value(value)})
    say(f"{instance}.{field} is set.", as_json=False)


@plugins.command("new-key")
def new_key() -> None:
    """Print a fresh key for FAKTURA_SECRET_KEYS; the older ones stay there until none is in use."""
    from faktura.store.secrets import new_key as fresh

    click.echo(fresh())


def _secret(field: str, value: str | None) -> str:
    if value is not None:
        raise click.UsageError(
            f"{field} is a secret: leave the value out, it is asked for or read from standard input"
        )
    if sys.stdin.isatty():
        text: str = click.prompt(field, hide_input=True)
        return text
    return sys.stdin.readline().rstrip("\n")


def _value(value: str | None) -> object:
    if value is None:
        raise click.UsageError("the value is missing")
    if value[:1] not in ("[", "{"):
        return value
    try:
        parsed: object = json.loads(value, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"the value is not JSON: {error}") from None
    return parsed

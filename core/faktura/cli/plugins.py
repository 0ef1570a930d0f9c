"""faktura plugins: what is installed and enabled, whether it works, and its settings."""

import json
import sys
from base64 import b64encode
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_records, say
from faktura.cli.plugin_settings import keep, known_field, show, unset_setting
from faktura.cli.plugins_check import check
from faktura.cli.plugins_new import new
from faktura.cli.session import installation, running
from faktura.kernel.errors import FileUnreadable

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from faktura.bootstrap import App

_MOST_BYTES = 2 * 1024 * 1024


@click.group()
def plugins() -> None:
    """List, check and configure plugins."""


for command in (show, unset_setting, check, new):
    plugins.add_command(command)


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


@plugins.command("set")
@click.argument("instance")
@click.argument("field")
@click.argument("value", required=False)
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file whose content is the value: a text, a picture.",
)
@click.option("--plugin", help="The plugin, where the instance is not called like it.")
@tenant_option
def set_setting(
    instance: str,
    field: str,
    value: str | None,
    file: Path | None,
    plugin: str | None,
    tenant: str | None,
) -> None:
    """Set FIELD of a plugin's INSTANCE for a tenant.

    Lists and maps are written as JSON. A secret is never an argument: it is asked for, or read
    from a file or standard input, and kept encrypted. A plugin that can try itself does so first:
    what it refuses is not kept.
    """
    from faktura.hub.setting_names import is_secret
    from faktura.hub.trial import Change

    if value is not None and file is not None:
        raise click.UsageError("give a VALUE or --file, not both")
    with running() as app:
        tenant_id = app.tenant_id(tenant)
        name = plugin or instance
        known_field(app, name, instance, field)
        if is_secret(app.registry, name, field):
            secret = _secret(field, value) if file is None else _text(file)
            change = Change(tenant_id, instance, secrets={field: secret})
        else:
            given = _value(value) if file is None else _content(app, name, field, file)
            change = Change(tenant_id, instance, {field: given})
        keep(app, name, change)
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


def _content(app: "App", plugin: str, field: str, file: Path) -> str:
    """What a file says: bytes as base64, a text as it is; what is no text is bytes too."""
    from faktura.flows.files import read_bounded
    from faktura.hub.setting_names import is_bytes

    content = read_bounded(file, _MOST_BYTES)
    if not is_bytes(app.registry, plugin, field):
        with suppress(UnicodeDecodeError):
            return content.decode()
    return b64encode(content).decode()


def _text(file: Path) -> str:
    from faktura.flows.files import read_bounded

    try:
        return read_bounded(file, _MOST_BYTES).decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise FileUnreadable("it is not UTF-8 text", place=file.name) from None


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

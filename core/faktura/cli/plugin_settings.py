"""faktura plugins show and unset: the values in force of an instance, taking one back."""

from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_records, say
from faktura.cli.session import running
from faktura.kernel.errors import FieldUnknown

if TYPE_CHECKING:
    from faktura.bootstrap import App
    from faktura.hub.trial import Change

_plugin_option = click.option(
    "--plugin", help="The plugin, where the instance is not called like it."
)


@click.command()
@click.argument("instance")
@_plugin_option
@tenant_option
@json_option
def show(*, instance: str, plugin: str | None, tenant: str | None, as_json: bool) -> None:
    """Show the settings of a plugin's INSTANCE with the values in force and where from.

    A secret only says whether it is set and can be read; long values are shortened.
    """
    from faktura.hub.values_in_force import values_in_force
    from faktura.store.adapters import AdapterStore
    from faktura.store.secrets import unreadable_secrets

    with running() as app:
        tenant_id = app.tenant_id(tenant)
        with app.database.read(tenant_id) as tx:
            unread = unreadable_secrets(tx, app.keys, instance)
        kept = AdapterStore(app.database, app.keys, frozenset(unread))
        sources = app.adapters.with_kept(kept).sources(tenant_id, instance)
        found = values_in_force(app.registry, plugin or instance, instance, sources, unread)
    print_records(
        [{"field": one.field, "value": one.value, "from": one.source} for one in found],
        columns=["field", "value", "from"],
        as_json=as_json,
        nothing=f"No enabled plugin {plugin or instance} has settings.",
    )
    for name, error in unread.items():
        say(f"The {name} cannot be read: {error}.", as_json=as_json)
        say(f"Set it anew with: faktura plugins set {instance} {name}", as_json=as_json)


@click.command("unset")
@click.argument("instance")
@click.argument("field")
@_plugin_option
@tenant_option
def unset_setting(*, instance: str, field: str, plugin: str | None, tenant: str | None) -> None:
    """Take the tenant's own value of FIELD back, a secret too: the next source counts again.

    A plugin that can try itself does so first: what it refuses stays as it was.
    """
    from faktura.hub.trial import Change

    with running() as app:
        name = plugin or instance
        known_field(app, name, instance, field)
        keep(app, name, Change(app.tenant_id(tenant), instance, removed=frozenset({field})))
    say(f"{instance}.{field} is no longer set for the tenant.", as_json=False)


def known_field(app: "App", plugin: str, instance: str, field: str) -> None:
    """Raise FieldUnknown, with the fields there are, for one that no adapter of the plugin reads."""
    from faktura.hub.setting_names import setting_names

    known = setting_names(app.registry, plugin)
    if field not in known:
        raise FieldUnknown(
            f"there is no setting “{field}”",
            place=f"adapter {instance}",
            mend=f"Settings: {', '.join(known) or 'none'}",
        )


def keep(app: "App", plugin: str, change: "Change") -> None:
    """Keep a change that the plugin's adapters can work with; raises what they refuse it with."""
    from faktura.hub.trial import Changed
    from faktura.store.adapters import AdapterStore, read_settings, write_settings
    from faktura.store.secrets import KeyRing, put_secret, remove_secret

    keys = KeyRing(app.settings.secret_keys)
    kept = AdapterStore(app.database, keys, unread=change.removed.union(change.secrets))
    tried = app.adapters.with_kept(Changed(kept, change))
    tried.try_settings(change.tenant_id, plugin, change.instance)
    with app.database.write(change.tenant_id) as tx:
        for name, secret in change.secrets.items():
            put_secret(tx, keys, change.instance, name, secret)
        for name in change.removed:
            remove_secret(tx, change.instance, name)
        if change.settings or change.removed:
            fields = {**read_settings(tx, change.instance), **change.settings}
            left = {name: value for name, value in fields.items() if name not in change.removed}
            write_settings(tx, change.instance, left)

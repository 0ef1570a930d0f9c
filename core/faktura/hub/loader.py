"""Loads the enabled plugins: whatever is wrong stops the start and names the plugin.

Installed is not enabled: an entry point that the settings do not name is never imported.
"""

from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

import pluggy

from faktura.hub.abilities import check_abilities
from faktura.hub.marked_hooks import (
    DESCRIBE,
    SEE_HOOKS,
    check_hook,
    check_hooks,
    marked_hooks,
    place_of,
)
from faktura.hub.offers import (
    actions,
    checkers,
    exporters,
    feeds,
    formats,
    links,
    listeners,
    parsers,
    payments,
    readers,
    webhooks,
)
from faktura.hub.registry import Registry
from faktura.kernel.errors import ApiVersionWrong, FakturaError, PluginBroken, PluginMissing
from faktura.plugin import API_VERSION, PluginManifest, hooks

GROUP = "faktura"


def installed() -> dict[str, EntryPoint]:
    """The installed plugins by name, in order of their names; nothing is imported."""
    return {entry.name: entry for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name)}


def load(names: Sequence[str]) -> Registry:
    """Import the named plugins and collect what they offer.

    Raises PluginMissing, PluginBroken or ApiVersionWrong for the first plugin that is in the way.
    """
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    manifests = {name: _register(manager, name) for name in dict.fromkeys(names)}
    registry = Registry(
        plugins=manifests,
        parsers=parsers(manager, manifests),
        formats=formats(manager, manifests),
        readers=readers(manager, manifests),
        exporters=exporters(manager, manifests),
        links=links(manager, manifests),
        listeners=listeners(manager, manifests),
        payments=payments(manager, manifests),
        webhooks=webhooks(manager, manifests),
        actions=actions(manager, manifests),
        feeds=feeds(manager, manifests),
        checkers=checkers(manager, manifests),
    )
    check_abilities(registry)
    return registry


def problems(names: Sequence[str]) -> dict[str, FakturaError | None]:
    """Each name with what keeps it from loading beside the ones before it, None if it loads."""
    found: dict[str, FakturaError | None] = {}
    for name in names:
        sound = [earlier for earlier, problem in found.items() if problem is None]
        try:
            load([*sound, name])
        except FakturaError as error:
            found[name] = error
        else:
            found[name] = None
    return found


def _register(manager: pluggy.PluginManager, name: str) -> PluginManifest:
    module = _imported(name)
    # Its version first: what is written for another one may have hooks that this core lacks.
    manifest = _described(module, name)
    if manifest.api_version != API_VERSION:
        raise ApiVersionWrong(
            f"it is written for version {manifest.api_version} of the hooks,"
            f" this core has version {API_VERSION}",
            place=place_of(name, DESCRIBE),
            mend="Install the plugin's release that fits this core",
        )
    if manifest.name != name:
        raise PluginBroken(
            f"it calls itself “{manifest.name}” and its entry point “{name}”",
            place=place_of(name, DESCRIBE),
            mend="Give both the same name",
        )
    check_hooks(module, name)
    try:
        manager.register(module, name)
    except (pluggy.PluginValidationError, ValueError) as error:
        raise PluginBroken(
            f"a hook does not fit: {' '.join(str(error).split())}",
            place=f"plugin {name}",
            mend=SEE_HOOKS,
        ) from error
    return manifest


def _described(module: ModuleType, name: str) -> PluginManifest:
    describe = marked_hooks(module).get(DESCRIBE)
    answer: object = None
    if describe is not None:
        check_hook(DESCRIBE, describe, name)
        try:
            answer = describe()
        except (Exception, SystemExit) as error:
            raise PluginBroken(
                f"it failed: {type(error).__name__}: {error}",
                place=place_of(name, DESCRIBE),
                mend="It returns a PluginManifest and does nothing else",
            ) from error
    if not isinstance(answer, PluginManifest):
        raise PluginBroken(
            "describe_plugin does not return a PluginManifest",
            place=place_of(name, DESCRIBE),
            mend="Every plugin implements describe_plugin, marked with @hookimpl",
        )
    return answer


def _imported(name: str) -> ModuleType:
    found = entry_points(group=GROUP, name=name)
    if not found:
        others = ", ".join(installed()) or "none"
        raise PluginMissing(
            "it is enabled and not installed",
            place=f"plugin {name}",
            mend=f"Install it or take it out of FAKTURA_PLUGINS. Installed: {others}",
        )
    if len(found) > 1:
        raise PluginBroken(
            f"{len(found)} installed distributions claim the name",
            place=f"plugin {name}",
            mend="Uninstall all but one",
        )
    try:
        module = found[name].load()
    except (Exception, SystemExit) as error:
        raise PluginBroken(
            f"it cannot be imported: {type(error).__name__}: {error}",
            place=f"plugin {name}",
            mend="Install what it needs, or take it out of FAKTURA_PLUGINS",
        ) from error
    if not isinstance(module, ModuleType):
        raise PluginBroken(
            "its entry point names no module",
            place=f"plugin {name}",
            mend="Write the package's name alone in the entry point",
        )
    return module

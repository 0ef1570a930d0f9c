"""The hooks a plugin's top module marks: known by name, plain functions, without parameters (O26).

pluggy would find some of it late and some never: an async hook leaks a coroutine, a misspelt one
is only looked for at the end, and one without its mark is not seen at all.
"""

import inspect
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from types import ModuleType

from faktura.kernel.errors import PluginBroken
from faktura.plugin import hooks

DESCRIBE = "describe_plugin"
SEE_HOOKS = "See docs/hooks.md for the hooks and what they return"
_MARK = f"{hooks.PROJECT}_impl"
_SPECIFIED = frozenset(
    name
    for name, thing in vars(hooks).items()
    if inspect.isfunction(thing) and hasattr(thing, f"{hooks.PROJECT}_spec")
)


def place_of(plugin: str, hook: str) -> str:
    """Where an error is: the plugin, and the hook of it."""
    return f"plugin {plugin}, hook {hook}"


def marked_hooks(module: ModuleType) -> dict[str, Callable[[], object]]:
    """What a module marks with `@hookimpl`, by the name of the hook it implements."""
    found: dict[str, Callable[[], object]] = {}
    for name in dir(module):
        thing: object = getattr(module, name)
        options: object = getattr(thing, _MARK, None)
        if isinstance(options, Mapping) and callable(thing):
            found[str(options.get("specname") or name)] = thing
    return found


def check_hooks(module: ModuleType, plugin: str) -> None:
    """Raise PluginBroken for the first hook that the core could not ask, or would not see."""
    marked = marked_hooks(module)
    for name, function in marked.items():
        _refuse_unknown(name, plugin)
        check_hook(name, function, plugin)
    for name in sorted(_SPECIFIED - marked.keys()):
        thing = vars(module).get(name)
        if inspect.isfunction(thing) and thing.__module__ == module.__name__:
            raise PluginBroken(
                "it is written and not marked, so that nobody would ask it",
                place=place_of(plugin, name),
                mend="Write @hookimpl above it",
            )


def check_hook(name: str, function: Callable[[], object], plugin: str) -> None:
    """Raise PluginBroken where a hook is awaited, yields or wants an argument."""
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise PluginBroken(
            "it is async, and a hook is only asked for classes",
            place=place_of(plugin, name),
            mend="Write `def` instead of `async def`: whatever waits is a method of the class",
        )
    if inspect.isgeneratorfunction(function):
        raise PluginBroken(
            "it yields, and a hook is only asked for classes",
            place=place_of(plugin, name),
            mend="Return a tuple of the classes",
        )
    if parameters := list(inspect.signature(function).parameters):
        raise PluginBroken(
            f"a hook does not fit: it wants {', '.join(parameters)}",
            place=place_of(plugin, name),
            mend="A hook takes nothing: settings and the runtime are given to the class",
        )


def _refuse_unknown(name: str, plugin: str) -> None:
    if name not in _SPECIFIED:
        near = get_close_matches(name, _SPECIFIED, n=1)
        raise PluginBroken(
            "it implements a hook that does not exist",
            place=place_of(plugin, name),
            mend=f"Did you mean {near[0]}? {SEE_HOOKS}" if near else SEE_HOOKS,
        )

"""A group whose commands are imported when they are called, so that `--help` answers at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

import click
from typing_extensions import override


@dataclass(frozen=True, slots=True)
class Lazy:
    """Where a command lives, as `module:attribute`, and its line in the help."""

    target: str
    help: str

    def command(self) -> click.Command:
        """Import the command."""
        module, _, attribute = self.target.partition(":")
        found: click.Command = getattr(import_module(module), attribute)
        return found


class LazyGroup(click.Group):
    """A click group that knows its commands by name and help line only."""

    def __init__(self, *, lazy: Mapping[str, Lazy], name: str, help: str) -> None:  # noqa: A002 - click's own word
        super().__init__(name=name, help=help)
        self._lazy = lazy

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order they were given."""
        return list(self._lazy)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of that name, and only this one."""
        lazy = self._lazy.get(cmd_name)
        return lazy.command() if lazy else None

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write names and help lines without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.help) for name, lazy in self._lazy.items()])

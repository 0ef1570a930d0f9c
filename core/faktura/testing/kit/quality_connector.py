"""An installed connector as the rules see it: its package, its classes, and its folder if there is one."""

import ast
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint
from pathlib import Path

from faktura.hub.loader import installed, load
from faktura.hub.registry import Offer, Registry
from faktura.kernel.errors import PluginBroken, PluginMissing
from faktura.plugin import Adapter
from faktura.testing.kit.source_rules import syntax_of


@dataclass(frozen=True)
class Connector:
    """`folder` is the distribution's own, with pyproject.toml; None for an installed wheel."""

    name: str
    entry: EntryPoint = field(repr=False)
    package: Path
    folder: Path | None

    @cached_property
    def registry(self) -> Registry:
        """What it offers, loaded alone; raises as the core's start does."""
        return load([self.name])

    @cached_property
    def offers(self) -> tuple[Offer[Adapter], ...]:
        """Its classes; none while it does not load, which the rule `hooks` says."""
        try:
            return self.registry.offers_of(self.name)
        except (PluginBroken, PluginMissing):
            return ()

    @cached_property
    def modules(self) -> tuple[tuple[Path, ast.Module], ...]:
        """The package's files with their syntax."""
        return tuple(syntax_of(self.package))

    def at(self, name: str) -> Path:
        """A file of the folder; only asked for where there is one."""
        assert self.folder is not None
        return self.folder / name

    def shown(self, path: Path) -> str:
        """A path as people look it up: from the distribution's folder on."""
        return str(path.relative_to(self.package.parent))


def connector(name: str) -> Connector:
    """The installed plugin of that name; raises PluginMissing, PluginBroken."""
    entry = installed().get(name)
    if entry is None:
        others = ", ".join(installed()) or "none"
        raise PluginMissing(
            "it is not installed",
            place=f"plugin {name}",
            mend=f"Install it: pip install -e FOLDER. Installed: {others}",
        )
    try:
        file = import_module(entry.module.partition(".")[0]).__file__
    except (Exception, SystemExit) as error:
        raise PluginBroken(
            f"it cannot be imported: {type(error).__name__}: {error}",
            place=f"plugin {name}",
            mend="Install what it needs",
        ) from error
    if Path(file or "").name != "__init__.py":
        raise PluginBroken(
            "its entry point names no package",
            place=f"plugin {name}",
            mend="Make its module the __init__.py of a folder: the rules read all of it",
        )
    package = Path(file or "").resolve().parent
    return Connector(name, entry, package, _folder_of(package))


def _folder_of(package: Path) -> Path | None:
    project = package.parent / "pyproject.toml"
    if not project.exists():
        return None
    try:
        declared = tomllib.loads(project.read_text(encoding="utf-8"))
    except ValueError:
        return None
    return package.parent if "project" in declared else None

"""Rules that the source of a connector keeps, read from its syntax: nothing of it is run."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from faktura.kernel.errors import FileUnreadable

_CLOCKS = (
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
    "time.localtime", "time.gmtime", "time.ctime", "time.strftime",
)  # fmt: skip
_CLOCKS_OF_ANY = tuple(f".{name}" for name in _CLOCKS)


def reads_system_clock(package: Path) -> list[str]:
    """Places, `file:line`, where a package asks the system for the time instead of its Clock (P3, P52)."""
    return [
        f"{path.relative_to(package.parent)}:{line}"
        for path, tree in syntax_of(package)
        for line, name in names_used(tree)
        if f".{name}".endswith(_CLOCKS_OF_ANY)
    ]


def syntax_of(package: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Each module below a package's folder with its syntax tree, in order of their paths.

    Raises FileUnreadable for a file that is no Python.
    """
    for path in sorted(package.rglob("*.py")):
        try:
            yield path, ast.parse(path.read_bytes(), str(path))
        except (SyntaxError, ValueError) as error:
            place = str(path.relative_to(package.parent))
            raise FileUnreadable(f"it is no Python: {error}", place=place) from None


def names_used(tree: ast.Module) -> list[tuple[int, str]]:
    """Each name that a module uses with its line, spelt from the top: `time.sleep` as `sleep`, too."""
    imported = _imported(tree)
    return sorted(
        (node.lineno, name)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute) and (name := _spelt(node, imported))
    )


def _imported(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for, spelt from the top."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update({alias.asname: alias.name for alias in node.names if alias.asname})
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def _spelt(node: ast.expr, imported: Mapping[str, str]) -> str:
    """`a.b.c` of names and attributes; of what is called or indexed only what stands behind it."""
    if isinstance(node, ast.Name):
        return imported.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{_spelt(node.value, imported)}.{node.attr}".lstrip(".")
    return ""

"""Where a package can be mutated, and the source of each mutant.

Left out is what no behaviour hangs on: docstrings, annotations, `__all__`, imports, decorators,
code for type checkers, the texts of logs and errors, descriptions of settings, default addresses
of providers. `__init__.py` only declares: `faktura plugins check` judges it.
"""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path

from faktura.testing.mutation_operators import TEXTS, Enums, changed

_LOGS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
_TYPES = {"TypeVar", "NewType"}
_OURS = ("faktura.kernel", "faktura.plugin")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed place: `source` is the whole module with it, `path` relative to the folder."""

    path: Path
    line: int
    old: str
    new: str
    source: str

    @property
    def place(self) -> str:
        """`file:line old -> new`, as a person looks it up."""
        return f"{self.path}:{self.line} {self.old} -> {self.new}"


def mutants_of(folder: Path, package: str) -> list[Mutant]:
    """All mutants of a package below the folder, file by file and in the order of the lines."""
    return [
        mutant
        for path in sorted((folder / package).rglob("*.py"))
        if path.name != "__init__.py"
        for mutant in mutants_of_module(path.relative_to(folder), path.read_text(encoding="utf-8"))
    ]


def mutants_of_module(path: Path, text: str) -> list[Mutant]:
    """The mutants of one module; no two have the same source, none has that of the module."""
    tree = ast.parse(text)
    imported = dict(_imported(tree))
    enums: Enums = {name: thing for name, thing in imported.items() if issubclass(thing, Enum)}
    errors = {name for name, thing in imported.items() if issubclass(thing, Exception)}
    seen = {ast.unparse(tree)}
    found = []
    for parent, name, place, node in list(_places(tree, errors)):
        for other in changed(node, enums):
            _put(parent, name, place, ast.copy_location(other, node))
            source = ast.unparse(ast.fix_missing_locations(tree))
            _put(parent, name, place, node)
            if source not in seen:
                seen.add(source)
                line = _line(node, parent)
                found.append(Mutant(path, line, _shown(node), _shown(other), source))
    return sorted(found, key=lambda mutant: mutant.line)


def _places(node: ast.AST, errors: set[str]) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Each node that may be mutated, by its parent, the parent's field and its place in a list."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "bases", "type_comment", "ctx"}:
            continue
        children = enumerate(value) if isinstance(value, list) else [(None, value)]
        for place, child in children:
            if not isinstance(child, ast.AST) or _is_declared(node, child, place, errors):
                continue
            yield node, name, place, child
            if not isinstance(child, ast.JoinedStr):
                yield from _places(child, errors)


def _is_declared(parent: ast.AST, node: ast.AST, place: int | None, errors: set[str]) -> bool:
    """Whether nothing that runs depends on the node."""
    if isinstance(parent, ast.Call) and isinstance(node, ast.Constant | ast.JoinedStr):
        called = _called(parent)
        if called in errors or called in _TYPES or (called == "cast" and place == 0):
            return True
    return (isinstance(node, ast.stmt) and _is_idle(node)) or _is_text(node)


def _is_idle(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom() | ast.Pass():
            return True
        case (
            ast.Assign(targets=[ast.Name(id="__all__")]) | ast.If(test=ast.Name(id="TYPE_CHECKING"))
        ):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))):
            return name in _LOGS
    return False


def _is_text(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return text.startswith(("https://", "http://"))
        case ast.keyword(arg=name):
            return name in TEXTS
    return False


def _called(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _put(parent: ast.AST, name: str, place: int | None, node: ast.AST) -> None:
    if place is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[place] = node


def _shown(node: ast.AST) -> str:
    if isinstance(node, ast.match_case):
        return f"case {ast.unparse(node.pattern)}" + (
            f" if {ast.unparse(node.guard)}" if node.guard else ""
        )
    if isinstance(node, ast.comprehension):
        return " ".join(f"if {ast.unparse(test)}" for test in node.ifs) or "no filter"
    if isinstance(node, ast.If | ast.While):
        return f"{'if' if isinstance(node, ast.If) else 'while'} {ast.unparse(node.test)}"
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 70 else text[:69] + "…"


def _line(node: ast.AST, parent: ast.AST) -> int:
    if isinstance(node, ast.match_case):
        return node.pattern.lineno
    line: int = getattr(node, "lineno", getattr(parent, "lineno", 0))
    return line


def _imported(tree: ast.Module) -> Iterator[tuple[str, type]]:
    """The classes that a module imports from faktura, and the errors that Python has."""
    for name, thing in vars(builtins).items():
        if isinstance(thing, type) and issubclass(thing, Exception):
            yield name, thing
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_OURS):
            module = import_module(node.module or "")
            for alias in node.names:
                thing = getattr(module, alias.name, None)
                if isinstance(thing, type):
                    yield alias.asname or alias.name, thing

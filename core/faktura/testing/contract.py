"""The contract of connectors as data: hooks, classes with their methods, schemas of what crosses.

It is published as `docs/connector-contract-<version>.json`; `contract_changes` compares two of them.
What only explains (descriptions, titles) is left out: it may change at any time.
"""

import ast
import dataclasses
import inspect
import json
import textwrap
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter

from faktura import plugin
from faktura.plugin import API_VERSION, Dto, Outcome, StatementRecord, hooks

Json = dict[str, Any]
_UNIONS: dict[str, Any] = {"Outcome": Outcome, "StatementRecord": StatementRecord}
_EXPLAINING = frozenset({"description", "title", "examples"})


def contract() -> Json:
    """The contract of this release; equal source gives an equal value."""
    return {
        "apiVersion": API_VERSION,
        "names": sorted(plugin.__all__),
        "functions": {name: signature_of(function) for name, function in _functions()},
        "hooks": {hook.__name__: signature_of(hook) for hook in hook_functions()},
        "classes": {name: _described(thing) for name, thing in _exported()},
        "schemas": _schemas(),
    }


def contract_text() -> str:
    """The contract as its file holds it."""
    return json.dumps(contract(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def hook_functions() -> list[Callable[[], object]]:
    """The hook specifications, in the order of the source."""
    marker = f"{hooks.PROJECT}_spec"
    return [
        hook for hook in vars(hooks).values() if inspect.isfunction(hook) and hasattr(hook, marker)
    ]


def signature_of(function: Callable[..., object]) -> str:
    """`name(parameters) -> result` as the source spells it, with `async` where it is awaited."""
    node = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.returns is None:
        raise SystemExit(f"{function} has no complete signature")
    prefix = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
    return f"{prefix}{node.name}({ast.unparse(node.args)}) -> {ast.unparse(node.returns)}"


def _functions() -> Iterator[tuple[str, Callable[..., object]]]:
    for name in sorted(plugin.__all__):
        thing = getattr(plugin, name)
        if inspect.isfunction(thing):
            yield name, thing


def _exported() -> Iterator[tuple[str, type]]:
    for name in sorted(plugin.__all__):
        thing = getattr(plugin, name)
        if isinstance(thing, type) and not issubclass(thing, Enum):
            yield name, thing


def _described(cls: type) -> Json:
    """A class: what it derives from, its attributes, methods and properties, inherited ones not."""
    abstract: frozenset[str] = getattr(cls, "__abstractmethods__", frozenset())
    own = vars(cls)
    return {
        "bases": [base.__name__ for base in cls.__bases__ if base.__module__.startswith("faktura")],
        "attributes": {} if issubclass(cls, BaseModel) else dict(_attributes(cls)),
        "positional": _positional(cls),
        "methods": {
            name: {"signature": signature_of(member), "abstract": name in abstract}
            for name, member in _methods(cls)
        },
        "properties": {
            name: signature_of(member.fget)
            for name, member in own.items()
            if isinstance(member, property) and member.fget
        },
    }


def _methods(cls: type) -> Iterator[tuple[str, Callable[..., object]]]:
    for name, member in vars(cls).items():
        function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        if inspect.isfunction(function) and not name.startswith("_"):
            yield name, function


def _positional(cls: type) -> list[str]:
    """The fields of a dataclass in their order, by which it may be built without their names."""
    if not dataclasses.is_dataclass(cls):
        return []
    return [field.name for field in dataclasses.fields(cls) if field.init and not field.kw_only]


def _attributes(cls: type) -> Iterator[tuple[str, Json]]:
    """Annotated attributes; one is required where the class itself gives it no value."""
    node = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    given = (
        {field.name for field in dataclasses.fields(cls) if _has_default(field)}
        if (dataclasses.is_dataclass(cls))
        else set()
    )
    for statement in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name = statement.target.id
            required = statement.value is None and name not in given
            yield name, {"type": ast.unparse(statement.annotation), "required": required}


def _has_default(field: "dataclasses.Field[Any]") -> bool:
    missing = dataclasses.MISSING
    return field.default is not missing or field.default_factory is not missing


def _schemas() -> Json:
    """The JSON schemas of all DTOs and of the enums they use, by name."""
    models: list[tuple[str, Literal["validation"], TypeAdapter[Any]]] = [
        (name, "validation", TypeAdapter(thing))
        for name, thing in [*_exported(), *_UNIONS.items()]
        if name in _UNIONS or (issubclass(thing, Dto) and thing is not Dto)
    ]
    by_key, definitions = TypeAdapter.json_schemas(models)
    unions = {name: by_key[name, "validation"] for name in _UNIONS}
    schemas: Json = _bare({**definitions["$defs"], **unions})
    return schemas


def _bare(schema: Any) -> Any:
    """Without what only explains; a field that is called `title` stays."""
    if isinstance(schema, list):
        return [_bare(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: {key: _bare(one) for key, one in part.items()}
        if name == "properties"
        else _bare(part)
        for name, part in schema.items()
        if name == "properties" or not (name in _EXPLAINING and isinstance(part, str))
    }

"""What of a change of the contract would break a connector that was written before (O26).

A connector implements methods, reads what it is given and makes what it answers: so a method, a
field or a word may come, and none may go, be renamed, get another type or become required.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]


def incompatible_changes(old: Json, new: Json) -> list[str]:
    """Each break with its place; empty while connectors for `old` work with `new`.

    A new version of the contract may break what it likes.
    """
    if old["apiVersion"] != new["apiVersion"]:
        return []
    return [
        *(f"{name}: faktura.plugin has it no more" for name in _gone(old["names"], new["names"])),
        *_functions(old["functions"], new["functions"]),
        *_hooks(old["hooks"], new["hooks"]),
        *_classes(old["classes"], new["classes"]),
        *_schemas(old["schemas"], new["schemas"]),
    ]


def _gone(old: Any, new: Any) -> list[str]:
    return [name for name in old if name not in new]


def _functions(old: Json, new: Json) -> Iterator[str]:
    for name, signature in old.items():
        if name in new and new[name] != signature:
            yield f"{name}: was `{signature}`, is `{new[name]}`"


def _hooks(old: Json, new: Json) -> Iterator[str]:
    for name in _gone(old, new):
        yield f"hook {name}: gone or renamed"
    for name, signature in old.items():
        if name in new and new[name] != signature:
            yield f"hook {name}: was `{signature}`, is `{new[name]}`"


def _classes(old: Json, new: Json) -> Iterator[str]:
    for name, before in old.items():
        if name in new:
            yield from _class(name, before, new[name])


def _class(name: str, old: Json, new: Json) -> Iterator[str]:
    for base in _gone(old["bases"], new["bases"]):
        yield f"{name}: derives from {base} no more"
    if new["positional"][: len(old["positional"])] != old["positional"]:
        yield f"{name}: was built of {old['positional']}, is of {new['positional']}"
    for method in _gone(old["methods"], new["methods"]):
        yield f"{name}.{method}: gone or renamed"
    yield from _methods(name, old["methods"], new["methods"])
    for prop, signature in old["properties"].items():
        if new["properties"].get(prop) != signature:
            yield f"{name}.{prop}: was `{signature}`, is `{new['properties'].get(prop, 'gone')}`"
    yield from _attributes(name, old["attributes"], new["attributes"])


def _methods(name: str, old: Json, new: Json) -> Iterator[str]:
    for method, after in new.items():
        before = old.get(method, {"abstract": False, "signature": after["signature"]})
        if after["abstract"] and not before["abstract"]:
            yield f"{name}.{method}: must be implemented now"
        if before["signature"] != after["signature"]:
            yield f"{name}.{method}: was `{before['signature']}`, is `{after['signature']}`"


def _attributes(name: str, old: Json, new: Json) -> Iterator[str]:
    for attribute, before in old.items():
        after = new.get(attribute)
        if after is None:
            yield f"{name}.{attribute}: gone or renamed"
        elif before["type"] != after["type"]:
            yield f"{name}.{attribute}: was {before['type']}, is {after['type']}"
    for attribute, after in new.items():
        if after["required"] and not old.get(attribute, {"required": False})["required"]:
            yield f"{name}.{attribute}: required now"


def _schemas(old: Json, new: Json) -> Iterator[str]:
    for name, before in old.items():
        if name not in new:
            yield f"{name}: its schema is gone or renamed"
            continue
        after = new[name]
        if "properties" in before:
            yield from _fields(name, before, after)
        elif "enum" in before:
            words = after.get("enum", [after.get("const")])
            yield from (f"{name}: the word {word} is gone" for word in _gone(before["enum"], words))
        elif before != after:
            yield f"{name}: was {before}, is {after}"


def _fields(name: str, old: Json, new: Json) -> Iterator[str]:
    fields = new.get("properties", {})
    for field, before in old["properties"].items():
        if field not in fields:
            yield f"{name}.{field}: gone or renamed"
        elif _typed(before) != _typed(fields[field]):
            yield f"{name}.{field}: was {_typed(before)}, is {_typed(fields[field])}"
    for field in new.get("required", ()):
        if field not in old.get("required", ()):
            yield f"{name}.{field}: required now"


def _typed(schema: Json) -> dict[str, Any]:
    """The type alone: another default breaks nobody."""
    return {word: value for word, value in schema.items() if word != "default"}

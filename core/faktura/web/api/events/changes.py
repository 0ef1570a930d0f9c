"""What of a change of the published schema would break a receiver that was written before.

A receiver reads: it breaks where a field is gone, may be absent now, or has another type.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
_SAME = ("type", "const", "format", "pattern")


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """What the new schema promises no longer, each with its place; empty when all is kept."""
    kept = new.get("$defs", {})
    found: list[str] = []
    for name, before in old.get("$defs", {}).items():
        if name in kept:
            found += _broken(before, kept[name], name)
        else:
            found.append(f"{name}: gone")
    return found


def _broken(old: Schema, new: Schema, at: str) -> Iterator[str]:
    yield from _other_type(old, new, at)
    fields = new.get("properties", {})
    for name, before in old.get("properties", {}).items():
        place = f"{at}.{name}"
        if name not in fields:
            yield f"{place}: gone"
            continue
        if name in old.get("required", ()) and name not in new.get("required", ()):
            yield f"{place}: may be absent now"
        yield from _broken(before, fields[name], place)
    for part in ("items", "additionalProperties"):
        if isinstance(old.get(part), dict):
            yield from _broken(old[part], new.get(part) or {}, f"{at}[]")


def _other_type(old: Schema, new: Schema, at: str) -> Iterator[str]:
    for word in _SAME:
        if word in old and old[word] != new.get(word):
            yield f"{at}: {word} was {old[word]}, is {new.get(word)}"
    if "enum" in old:
        yield from _lost_words(old["enum"], new, at)
    if old.get("$ref") != new.get("$ref"):
        yield f"{at}: was {old.get('$ref')}, is {new.get('$ref')}"
    for choice in new.get("anyOf", ()) if "anyOf" in old else ():
        if not any(_keeps(before, choice, at) for before in old["anyOf"]):
            yield f"{at}: may be {choice} now"
    if ("anyOf" in old) != ("anyOf" in new):
        yield f"{at}: was {old.get('anyOf', 'one type')}, is {new.get('anyOf', 'one type')}"


def _lost_words(old: Iterable[Any], new: Schema, at: str) -> Iterator[str]:
    """A word that is gone was renamed, or is said no more; a new one may come."""
    words = new.get("enum", [new["const"]] if "const" in new else None)
    if words is None:
        yield f"{at}: any word now, was one of {old}"
        return
    for gone in (word for word in old if word not in words):
        yield f"{at}: {gone} is said no more"


def _keeps(old: Schema, new: Schema, at: str) -> bool:
    """Whether who reads the old choice can read the new one as well."""
    return old == new or ("enum" in old and not any(_other_type(old, new, at)))

"""Schemas as rows of a table: every field with its path, its type in words and what it may hold."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
_WORDS = {"date": "date", "date-time": "moment", "uuid": "uuid", "email": "e-mail address"}
# A longer pattern is for machines: its description says the same in words.
_LEGIBLE = 32
_FRACTION = r"(\.[0-9]"
_RANGES = (
    ("minimum", "maximum", ""),
    ("minLength", "maxLength", " characters"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A field or parameter; `path` is what stands before its name, `values` the words it may hold."""

    path: str
    name: str
    kind: str
    required: bool
    description: str
    values: tuple[str, ...]
    limits: tuple[str, ...]


def rows(schema: Schema, definitions: Schema, path: str = "") -> Iterator[Row]:
    """The fields of an object, or of the objects in a list, each followed by those inside it."""
    whole = resolved(schema, definitions)
    if whole.get("type") == "array":
        yield from rows(whole["items"], definitions, path.removesuffix(".") + "[].")
        return
    required = whole.get("required", [])
    for name, given in whole.get("properties", {}).items():
        yield row(name, given, definitions, path=path, required=name in required)
        yield from rows(given, definitions, f"{path}{name}.")


def row(name: str, given: Schema, definitions: Schema, *, path: str = "", required: bool) -> Row:
    """One field or parameter."""
    whole = resolved(given, definitions)
    inner = resolved(whole["items"], definitions) if "items" in whole else whole
    return Row(
        path,
        name,
        kind(given, definitions),
        required,
        given.get("description") or whole.get("description", ""),
        tuple(str(value) for value in inner.get("enum", ())),
        tuple(_limits(whole)),
    )


def resolved(schema: Schema, definitions: Schema) -> Schema:
    """The schema itself, without reference and without null; what stands beside them wins."""
    if "$ref" in schema:
        named = definitions[schema["$ref"].rpartition("/")[2]]
        return {**resolved(named, definitions), **_without(schema, "$ref")}
    choices = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(choices) == 1:
        return {**resolved(choices[0], definitions), **_without(schema, "anyOf")}
    return schema


def kind(schema: Schema, definitions: Schema) -> str:
    """The type in words: `list of objects`, `date or null`."""
    whole = resolved(schema, definitions)
    word = _word(whole, definitions)
    nullable = any(one.get("type") == "null" for one in schema.get("anyOf", ()))
    return f"{word} or null" if nullable else word


def _word(whole: Schema, definitions: Schema) -> str:
    if whole.get("type") == "array":
        return f"list of {kind(whole['items'], definitions)}s"
    if is_decimal(whole):
        return "decimal text"
    if "contentMediaType" in whole:
        return "bytes"
    if "anyOf" in whole:
        return " or ".join(kind(one, definitions) for one in whole["anyOf"])
    plain: str = whole.get("type", "any")
    return _WORDS.get(whole.get("format", ""), plain)


def _limits(whole: Schema) -> Iterator[str]:
    for least, most, unit in _RANGES:
        low, high = whole.get(least), whole.get(most)
        if low is not None and high is not None:
            yield f"{low} to {high}{unit}"
        elif low is not None:
            yield f"at least {low}{unit}"
        elif high is not None:
            yield f"at most {high}{unit}"
    pattern = whole.get("pattern", "")
    if pattern and len(pattern) <= _LEGIBLE and not is_decimal(whole):
        yield f"matches `{pattern}`"
    # What is empty by default needs no words.
    if whole.get("default") not in (None, "", []):
        yield f"default `{json.dumps(whole['default'], ensure_ascii=False)}`"


def is_decimal(whole: Schema) -> bool:
    """Whether it is an exact number, written as text."""
    return _FRACTION in whole.get("pattern", "")


def _without(schema: Schema, name: str) -> Schema:
    return {key: value for key, value in schema.items() if key != name}

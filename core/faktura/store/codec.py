"""Domain values as canonical JSON text and back: decimals and dates as text, nothing guessed."""

from typing import Any, TypeVar

from pydantic import TypeAdapter

from faktura.kernel.canonical import canonical_json

T = TypeVar("T")


_ADAPTERS: dict[object, TypeAdapter[Any]] = {}


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    """One adapter a type: building it costs more than a thousand uses."""
    found = _ADAPTERS.get(kind)
    if found is None:
        found = _ADAPTERS[kind] = TypeAdapter(kind)
    return found


def to_json(value: T, kind: type[T]) -> str:
    """The value's canonical JSON."""
    return canonical_json(_adapter(kind).dump_python(value, mode="json"))


def from_json(text: str, kind: type[T]) -> T:
    """The value behind stored JSON."""
    return _adapter(kind).validate_json(text)

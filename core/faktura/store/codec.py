"""Domain values as canonical JSON text and back: decimals and dates as text, nothing guessed."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import IntegrityBroken

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
    try:
        return _adapter(kind).validate_json(text)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        raise IntegrityBroken(
            f"stored data of a {getattr(kind, '__name__', 'value').lstrip('_')} makes no sense:"
            f" {wrong['msg']}",
            place=".".join(str(step) for step in wrong["loc"]) or "the row",
            mend="Run `faktura verify`, then restore a backup",
        ) from None

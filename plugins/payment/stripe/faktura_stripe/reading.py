"""Reading Stripe's objects: plain JSON in which every field may be missing, null or of a new kind."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

Json = Mapping[str, object]


def text(said: Json, *path: str) -> str:
    """A text behind a path of names, empty where it is missing or something else."""
    value = _at(said, path)
    return value if isinstance(value, str) else ""


def whole(said: Json, *path: str) -> int | None:
    """A whole number behind a path of names."""
    value = _at(said, path)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def inner(said: Json, *path: str) -> Json:
    """An object behind a path of names, empty where it is missing or was not expanded."""
    value = _at(said, path)
    return cast("Json", value) if isinstance(value, Mapping) else {}


def inners(said: Json, *path: str) -> tuple[Json, ...]:
    """The objects of a list behind a path of names."""
    value = _at(said, path)
    if not isinstance(value, list):
        return ()
    return tuple(cast("Json", one) for one in value if isinstance(one, Mapping))


def id_of(said: Json, name: str) -> str:
    """The id of another object, which stands there itself or as its id."""
    return text(said, name) or text(said, name, "id")


def moment(said: Json, *path: str) -> datetime | None:
    """A moment behind a path of names, told in seconds since 1970."""
    seconds = whole(said, *path)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def uuid(said: Json, *path: str) -> UUID | None:
    """An id of ours among foreign texts; None for what is none."""
    try:
        return UUID(hex=text(said, *path))
    except ValueError:
        return None


def _at(said: Json, path: tuple[str, ...]) -> object:
    value: object = said
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value

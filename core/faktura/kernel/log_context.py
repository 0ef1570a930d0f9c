"""What the lines of a log are about: tenant, job, run, attempt, request, carried by the context."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_FIELDS: ContextVar[Mapping[str, str] | None] = ContextVar("log_fields", default=None)


@contextmanager
def log_about(**fields: object) -> Iterator[None]:
    """Give every line that is written meanwhile these fields beside those of around.

    It reaches into coroutines and into threads that run in a copy of the context.
    """
    token = _FIELDS.set({**log_fields(), **{name: str(value) for name, value in fields.items()}})
    try:
        yield
    finally:
        _FIELDS.reset(token)


def log_fields() -> Mapping[str, str]:
    """The fields of a line written now, in the order in which they were given."""
    return _FIELDS.get() or {}

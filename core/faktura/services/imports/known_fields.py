"""Which fields a format knows, as CSV headers write them, and which one was probably meant."""

from difflib import get_close_matches
from functools import cache
from typing import get_args

from pydantic import BaseModel


@cache
def known_fields(model: type[BaseModel]) -> frozenset[str]:
    """Every field of a format with its path; `*` stands for a place in a list."""
    found: set[str] = set()
    for name, info in model.model_fields.items():
        alias = info.alias or name
        kind, many = _model_in(info.annotation)
        if kind is None:
            found.add(alias)
        else:
            stem = f"{alias}.*" if many else alias
            found |= {f"{stem}.{inner}" for inner in known_fields(kind)}
    return frozenset(found)


def _model_in(annotation: object, *, many: bool = False) -> tuple[type[BaseModel] | None, bool]:
    """The model inside `M`, `M | None` or `tuple[M, ...]`, and whether there are many."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, many
    origin_is_tuple = getattr(annotation, "__origin__", None) is tuple
    for inner in get_args(annotation):
        kind, inner_many = _model_in(inner, many=many or origin_is_tuple)
        if kind is not None:
            return kind, inner_many
    return None, many


def nearest(name: str, known: frozenset[str]) -> str:
    """The advice for an unknown field."""
    close = get_close_matches(name, sorted(known), n=1)
    if close:
        return f"Did you mean {close[0].replace('*', '1')}?"
    return f"Fields are {', '.join(sorted(known)).replace('*', '1')}"

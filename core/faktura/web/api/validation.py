"""From what was sent to typed fields: every misfit is named with the path of its field."""

import re
from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from faktura.kernel.errors import BadInput, FakturaError
from faktura.kernel.request_errors import RequestInvalid, RequestRefused
from faktura.services.imports.checks import OURS
from faktura.services.imports.entries import Form
from faktura.services.imports.validation import named_error

Model = TypeVar("Model", bound=BaseModel)

# A parameter, a header, or the body as a whole.
_SPOT = re.compile(r"(?P<field>[^,]*), (?P<spot>(line [0-9]+, )?column [0-9]+)")
_NAMED = re.compile(r"[A-Za-z][A-Za-z-]*|line [0-9]+, column [0-9]+")

# Nobody reads more, and to advise on each of some 100,000 would keep everybody else waiting.
_MOST_TOLD = 100


def parsed(model: type[Model], values: Mapping[str, object], form: Form) -> Model:
    """The fields of a body or a query; raises RequestInvalid or RequestRefused with all misfits."""
    try:
        return model.model_validate(values, context={"form": form})
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise _refusal(details, model, form) from None


def _refusal(details: list[ErrorDetails], model: type[BaseModel], form: Form) -> BadInput:
    # What a schema can say is told apart from what only our rules know (check digits, ranges).
    unfit = any(detail["type"] != OURS for detail in details)
    refusal = (RequestInvalid if unfit else RequestRefused)(
        f"{len(details)} fields cannot be used" if len(details) > 1 else "a field cannot be used"
    )
    refusal.parts = tuple(named_error(detail, model) for detail in details[:_MOST_TOLD])
    for part in refusal.parts:
        # Of a parameter that comes several times its name says enough.
        part.place = pointer(part.place) if form is Form.REST else part.place.partition(".")[0]
    return refusal


def query_values(given: Mapping[str, list[str]], model: type[BaseModel]) -> dict[str, object]:
    """A query string as fields: a name that may come several times is a list."""
    listed = {
        info.alias or name
        for name, info in model.model_fields.items()
        if getattr(info.annotation, "__origin__", None) in (tuple, list)
    }
    return {
        name: tuple(texts) if name in listed else texts[0] if len(texts) == 1 else texts
        for name, texts in given.items()
    }


def field_path(error: FakturaError, fields: frozenset[str]) -> str | None:
    """Where in the body an error lies, as a JSON pointer (RFC 6901), or the parameter's name.

    `fields` are the names at the top of the body. None where the place is no field.
    """
    place, _ = _apart(error.place)
    if place.partition(".")[0] in fields:
        return pointer(place)
    # Any other path is one of our own things, and tells a caller nothing.
    return place if place.startswith("/") or _NAMED.fullmatch(place) else None


def spot(error: FakturaError) -> str:
    """Where inside of a field's text an error lies: `line 2, column 7`; empty where it is all of it."""
    return _apart(error.place)[1]


def _apart(place: str) -> tuple[str, str]:
    found = _SPOT.fullmatch(place)
    return (found["field"], found["spot"]) if found else (place, "")


def pointer(place: str) -> str:
    """A place such as `recipients.1.email` as a JSON pointer: `/recipients/0/email`."""
    parts = [part for part in place.split(".") if part]
    # Our places count from 1, as people do; JSON counts from 0.
    return "".join(f"/{int(part) - 1}" if part.isdecimal() else f"/{part}" for part in parts)

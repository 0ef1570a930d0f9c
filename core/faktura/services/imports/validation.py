"""From an entry to its typed fields: every misfit becomes a named error with its place."""

from collections.abc import Mapping
from typing import TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from faktura.kernel.errors import (
    FakturaError,
    FieldInvalid,
    FieldMissing,
    FieldUnknown,
    shortened,
)
from faktura.services.imports.checks import OURS
from faktura.services.imports.entries import Entry, Form
from faktura.services.imports.findings import FieldsRefused, Findings, joined
from faktura.services.imports.json_entries import JsonFraction
from faktura.services.imports.known_fields import known_fields, nearest

Model = TypeVar("Model", bound=BaseModel)

_KINDS = {
    "string_type": "text",
    "string_unicode": "readable text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "tuple_type": "a list",
    "model_type": "an object",
}


def typed(model: type[Model], entry: Entry, findings: Findings) -> Model | None:
    """The entry's fields, or None once everything that does not fit is noted."""
    try:
        return model.model_validate(entry.values, context={"form": entry.form})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            named = named_error(detail, model)
            findings.add(named.at(entry.place) if entry.place else named)
        return None


def named_error(detail: ErrorDetails, model: type[BaseModel]) -> FakturaError:
    """What pydantic found, as an error of ours with the path of its field and what would do."""
    place = dotted(detail["loc"])
    match detail["type"]:
        case kind if kind == OURS:
            return _placed(cast("FakturaError", detail["ctx"]["error"]), place)
        case "missing":
            return FieldMissing("the field is missing", place=place, mend="Give it")
        case "extra_forbidden":
            return FieldUnknown(
                f"there is no field “{place}”",
                place=place,
                mend=nearest(place, known_fields(model)),
            )
        case "string_type" if _is_number(detail["input"]):
            number = shortened(detail["input"])
            return FieldInvalid(
                f"“{number}” is not text", place=place, mend=f'Write "{number}" in quotes'
            )
        case kind:
            wanted = _KINDS.get(kind, detail["msg"])
            return FieldInvalid(
                f"“{shortened(detail['input'])}” is not {wanted}",
                place=place,
                mend=f"Write {wanted}",
            )


def _is_number(value: object) -> bool:
    return isinstance(value, int | JsonFraction) and not isinstance(value, bool)


def _placed(error: FakturaError, place: str) -> FakturaError:
    """A check's own error; a check of a whole object names the field in it."""
    error.place = joined(place, error.place)
    return error


def dotted(path: tuple[int | str, ...]) -> str:
    """A path as CSV headers write it, places in a list counted from 1: `recipients.1.email`."""
    return ".".join(str(part + 1) if isinstance(part, int) else shortened(part) for part in path)


def fields_of(model: type[Model], values: Mapping[str, object], form: Form) -> Model:
    """The fields of one object, written in that form; raises FieldsRefused with all its errors."""
    findings = Findings()
    fields = typed(model, Entry("", dict(values), form), findings)
    if fields is None:
        raise FieldsRefused(findings.errors, more=findings.more)
    return fields

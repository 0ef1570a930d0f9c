"""Domain values from JSON that people wrote: strict, with the path of whatever does not fit.

Stored JSON is read by codec.py: what we wrote ourselves needs no suspicion.
"""

import json
from collections.abc import Hashable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NoReturn, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic_core import ErrorDetails

from faktura.kernel.decimals import exact
from faktura.kernel.errors import (
    AmountUnreadable,
    FakturaError,
    FieldInvalid,
    FieldMissing,
    FieldUnknown,
    FileUnreadable,
    HostileFile,
    UnknownTerm,
    shortened,
)

T = TypeVar("T")
_MISSING = {"missing", "missing_argument"}
_UNKNOWN = {"unexpected_keyword_argument", "extra_forbidden"}
_TOO_DEEP = "values are nested too deeply"


def read_given(
    text: str, kind: type[T], *, place: str, fixed: Mapping[str, object] | None = None
) -> T:
    """The value of a JSON object with the fields of `kind`; `place` names the file.

    `fixed` are fields the text must not set. Decimals are written as text. Raises FileUnreadable,
    HostileFile, FieldMissing, FieldUnknown, FieldInvalid, UnknownTerm, AmountUnreadable, TooPrecise,
    OutOfRange.
    """
    given = _parsed(text, place)
    for name in fixed or {}:
        if name in given:
            raise FieldUnknown(f"“{name}” is not set here", place=f"{place}, field {name}")
    try:
        # Strict here, too: a model inside goes by its own configuration otherwise.
        model = _strict(cast("Hashable", kind)).model_validate_json(
            json.dumps({"value": {**given, **(fixed or {})}}, ensure_ascii=False).encode(),
            strict=True,
        )
        _check_decimals(model.model_dump()["value"])
    except UnicodeEncodeError:
        raise FieldInvalid("a text holds half of a character", place=place) from None
    except ValidationError as refused:
        raise _named(refused.errors()[0], place) from None
    except FakturaError as error:
        raise error.at(place) from None
    value: T = getattr(model, "value")  # noqa: B009 - the model is made at run time
    return value


@cache
def _strict(kind: Hashable) -> type[BaseModel]:
    # A dataclass takes no configuration of its own, it inherits the one it stands in.
    fields: dict[str, Any] = {"value": (kind, ...)}
    return create_model("Given", __config__=ConfigDict(extra="forbid", strict=True), **fields)


def _check_decimals(read: object, *path: str) -> None:
    """Raise for a decimal beyond F051: nobody can print all the digits of 1E-999999999."""
    if isinstance(read, Decimal):
        exact(read, field=f"field {'.'.join(path)}")
    elif isinstance(read, Mapping):
        for name, value in read.items():
            _check_decimals(value, *path, name)
    elif isinstance(read, list | tuple):
        for no, value in enumerate(read):
            _check_decimals(value, *path, str(no))


def _parsed(text: str, place: str) -> dict[str, object]:
    try:
        found = json.loads(
            text, parse_float=_no_fraction, parse_constant=_no_fraction, object_pairs_hook=_once
        )
    except json.JSONDecodeError as error:
        raise FileUnreadable(
            f"not JSON: {error.msg}", place=f"{place}, line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise HostileFile(_TOO_DEEP, place=place) from None
    except ValueError as error:
        # A whole number of thousands of digits: Python refuses to read it.
        raise HostileFile(f"a number is too long: {error}", place=place) from None
    except FakturaError as error:
        raise error.at(place) from None
    if not isinstance(found, dict):
        raise FileUnreadable("not a JSON object", place=place, mend="Write { … }")
    return found


def _no_fraction(text: str) -> NoReturn:
    raise AmountUnreadable(
        f"the number {shortened(text)} is not exact", mend=f'Write it as text: "{text}"'
    )


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise FieldInvalid("the field is given twice", place=f"field {name}")
        found[name] = value
    return found


def _named(detail: ErrorDetails, place: str) -> FakturaError:
    if detail["type"] == "json_invalid":
        # What Python could write is JSON: only the second reader's depth, of 200, is left to fail.
        return HostileFile(_TOO_DEEP, place=place)
    path = ".".join(str(part) for part in detail["loc"][1:])
    where = f"{place}, field {path}"
    kind = detail["type"]
    if kind in _MISSING:
        return FieldMissing("the field is missing", place=where)
    if kind in _UNKNOWN:
        return FieldUnknown("there is no such field", place=where)
    problem = f"“{shortened(detail['input'])}” does not fit"
    if kind == "enum":
        return UnknownTerm(problem, place=where, mend=detail["msg"])
    return FieldInvalid(problem, place=where, mend=detail["msg"])

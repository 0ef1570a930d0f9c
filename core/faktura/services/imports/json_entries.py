"""Entries of a JSON file: a list of objects, or one object; numbers stay exact (P11)."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from typing_extensions import override

from faktura.kernel.errors import FakturaError, FieldInvalid, FileUnreadable, HostileFile, shortened
from faktura.services.imports.entries import Entry

_BLANK = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class JsonFraction:
    """A JSON number that is not whole: readers differ in what it is, so nobody may use it."""

    text: str

    @override
    def __str__(self) -> str:
        """As it was written."""
        return self.text


def json_entries(text: str) -> Iterator[Entry]:
    """The objects of a list, one after the other; raises FileUnreadable where it is not JSON."""
    position = _expect("[", text, _skip(text, 0))
    line, counted, number = 1, 0, 0
    if text[position : position + 1] == "]":
        position += 1
    else:
        separator = ","
        while separator == ",":
            number += 1
            line += text.count("\n", counted, position)
            counted = position
            place = f"line {line}, entry {number}"
            value, position = _value_at(text, position, place, _DECODER)
            yield Entry(place, _object(value, place))
            position = _skip(text, position)
            separator = text[position : position + 1]
            position = _skip(text, position + 1) if separator == "," else position
        position = _expect("]", text, position)
    _expect_end(text, position)


def json_object(text: str, *, keep_nulls: bool = False) -> dict[str, object]:
    """The one object of a file or request; raises FileUnreadable where it is not JSON.

    In a file null is the same as absent; a patch needs to know it, so that a request keeps it.
    """
    decoder = _KEEPING if keep_nulls else _DECODER
    value, position = _value_at(text, _skip(text, 0), "", decoder)
    _expect_end(text, position)
    return _object(value, "")


def _value_at(
    text: str, position: int, place: str, decoder: json.JSONDecoder
) -> tuple[object, int]:
    try:
        return decoder.raw_decode(text, position)
    except json.JSONDecodeError as error:
        raise _not_json(error.msg, error.lineno, error.colno) from None
    except RecursionError:
        raise HostileFile("values are nested too deeply", place=place) from None
    except FakturaError as error:
        raise (error.at(place) if place else error) from None
    except ValueError:
        # A whole number of thousands of digits: Python refuses to read it.
        raise HostileFile("a number has thousands of digits", place=place) from None


def _object(value: object, place: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise FileUnreadable(
            "there is no object", place=place, mend="Write an object in braces: { … }"
        )
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose fields are named once."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise FieldInvalid(
                "the field is given twice", place=shortened(name), mend="Keep one of them"
            )
        found[name] = value
    return found


def _without_nulls(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose fields are named once; null is the same as absent."""
    return {name: value for name, value in _once(pairs).items() if value is not None}


def _no_constant(name: str) -> None:
    raise FileUnreadable(f"{name} is not JSON", mend="Write amounts as decimal text")


_DECODER, _KEEPING = (
    json.JSONDecoder(object_pairs_hook=pairs, parse_float=JsonFraction, parse_constant=_no_constant)
    for pairs in (_without_nulls, _once)
)


def _skip(text: str, position: int) -> int:
    blank = _BLANK.match(text, position)
    return blank.end() if blank else position


def _expect(sign: str, text: str, position: int) -> int:
    """The position after `sign` and the blanks that follow it."""
    if text[position : position + 1] != sign:
        raise _not_json_at(f"a “{sign}” is expected", text, position)
    return _skip(text, position + 1)


def _expect_end(text: str, position: int) -> None:
    position = _skip(text, position)
    if position != len(text):
        raise _not_json_at("nothing more is expected", text, position)


def _not_json_at(problem: str, text: str, position: int) -> FileUnreadable:
    error = json.JSONDecodeError(problem, text, position)
    return _not_json(problem, error.lineno, error.colno)


def _not_json(problem: str, line: int, column: int) -> FileUnreadable:
    return FileUnreadable(f"not JSON: {problem}", place=f"line {line}, column {column}")

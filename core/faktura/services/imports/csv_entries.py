"""Entries of a CSV file: a header of field names, nested ones with points, then one row an entry.

`billingAddress.zipCode` is a field of an object, `recipients.1.email` one of the first in a list.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import cast

from faktura.kernel.errors import FieldInvalid, FieldUnknown, FileUnreadable, shortened
from faktura.services.imports.entries import Entry, Form
from faktura.services.imports.findings import Findings
from faktura.services.imports.known_fields import nearest

_LINE_END = re.compile(r"[\r\n]")
_PLACE_IN_LIST = re.compile(r"(?<=\.)[1-9][0-9]?(?=\.|$)", re.ASCII)


def csv_entries(text: str, known: frozenset[str], findings: Findings) -> Iterator[Entry]:
    """The rows as entries; empty cells are absent fields, lines without any cell say nothing.

    Raises FileUnreadable for a header or quoting that cannot be read; rows with too many or too
    few cells are noted.
    """
    delimiter = _delimiter(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for row in rows:
            place, line = f"line {line}", rows.line_num + 1
            if not row:
                continue
            if header is None:
                header = _checked_header(row, known, findings)
            elif len(row) != len(header):
                findings.add(_uneven(row, header, delimiter, place))
            elif any(row):
                yield Entry(place, _nested(header, row), Form.TEXT)
            else:
                findings.add(FileUnreadable("the row is empty", place=place, mend="Remove it"))
    except csv.Error as error:
        raise FileUnreadable(f"not CSV: {error}", place=f"line {rows.line_num}") from None


def _delimiter(text: str) -> str:
    """`;` or `,`, whichever the header line uses alone: nothing is guessed."""
    header = _LINE_END.split(text, maxsplit=1)[0]
    if ";" in header and "," in header:
        raise FileUnreadable(
            "the header has both “;” and “,”", place="line 1", mend="Use one of them throughout"
        )
    return ";" if ";" in header else ","


def _checked_header(row: Sequence[str], known: frozenset[str], findings: Findings) -> list[str]:
    header = [name.strip() for name in row]
    for name in header:
        if _PLACE_IN_LIST.sub("*", name) not in known:
            findings.add(
                FieldUnknown(
                    f"there is no field “{shortened(name)}”",
                    place=f"line 1, {shortened(name)}",
                    mend=nearest(name, known),
                )
            )
    for name in sorted({name for name in header if header.count(name) > 1}):
        findings.add(
            FieldInvalid(
                "the column is given twice", place=f"line 1, {name}", mend="Keep one of them"
            )
        )
    findings.refuse_if_any()
    return header


def _uneven(
    row: Sequence[str], header: Sequence[str], delimiter: str, place: str
) -> FileUnreadable:
    return FileUnreadable(
        f"the row has {len(row)} cells, the header has {len(header)}",
        place=place,
        mend=f"Put texts that contain “{delimiter}” or a line break into double quotes",
    )


def _nested(header: Sequence[str], row: Sequence[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, cell in zip(header, row, strict=True):
        if cell.strip():
            *path, last = name.split(".")
            inner = found
            for part in path:
                # A known field is never both a value and an object, so this is always an object.
                inner = cast("dict[str, object]", inner.setdefault(part, {}))
            inner[last] = cell
    return {name: _with_lists(value) for name, value in found.items()}


def _with_lists(value: object) -> object:
    """Objects whose fields are all places in a list become lists, in that order."""
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(part) for name, part in value.items()}
    if all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner

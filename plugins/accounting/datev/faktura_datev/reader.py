"""The strict reader: what DATEV would refuse or misread in a booking batch, named by line.

It knows nothing of how the file was made, so that the exporter can be checked by it.
"""

from collections.abc import Iterator, Sequence
from itertools import compress
from operator import ne
from typing import NamedTuple

from faktura.kernel.errors import shortened
from faktura_datev.client import Client
from faktura_datev.columns import COLUMNS, EMPTY, HEADINGS
from faktura_datev.fields import split, unquoted
from faktura_datev.header import FIELDS
from faktura_datev.header_rules import frame_of, header_problems
from faktura_datev.record_rules import record_problems
from faktura_datev.text import ENCODING

MAX_ROWS = 99_999
MAX_BYTES = 50_000_000
LINE_END = b"\r\n"

_FIRST_RECORD = 3
_UNDECODABLE = "\ufffd"
_NUMBERS = range(1, len(COLUMNS) + 1)


class Record(NamedTuple):
    """A record without fault: its line (from 1) and its filled columns, unquoted, by number."""

    line: int
    cells: dict[int, str]


class Fault(NamedTuple):
    """What is wrong in a line (from 1; 0 is the file as a whole)."""

    line: int
    problem: str


def read(content: bytes, client: Client) -> Iterator[Record | Fault]:
    """The records and faults of a file in their order; a file without any Fault is importable.

    A faulty record yields only its faults; after a faulty header nothing more is read.
    """
    if len(content) > MAX_BYTES:
        yield Fault(0, f"the file has {len(content)} bytes, {MAX_BYTES} are allowed")
    lines = _lines(content)
    header = next(lines, "")
    fields = split(header, len(FIELDS))
    faulty = False
    for problem in header_problems(header, fields, client):
        faulty = True
        yield Fault(1, problem)
    if faulty:
        return
    if next(lines, "") != HEADINGS:
        yield Fault(2, "the headings are not those of Buchungsstapel 13 in Windows-1252")
    frame = frame_of(fields)
    number = _FIRST_RECORD - 1
    for number, line in enumerate(lines, start=_FIRST_RECORD):
        cells, problems = _cells(line)
        problems = problems or tuple(record_problems(cells, frame, client.functions))
        yield from (Fault(number, problem) for problem in problems)
        if not problems:
            yield Record(number, cells)
    yield from _size_faults(number + 1 - _FIRST_RECORD, content)


def _size_faults(rows: int, content: bytes) -> Iterator[Fault]:
    if not 0 < rows <= MAX_ROWS:
        yield Fault(0, f"the file has {rows} postings, 1 to {MAX_ROWS} are allowed")
    if not content.endswith(LINE_END):
        yield Fault(0, "the last line does not end with CR LF")


def _lines(content: bytes) -> Iterator[str]:
    """The lines one by one; bytes that Windows-1252 leaves undefined become U+FFFD."""
    start = 0
    while start < len(content):
        end = content.find(LINE_END, start)
        end = len(content) if end < 0 else end
        yield content[start:end].decode(ENCODING, errors="replace")
        start = end + len(LINE_END)


def _cells(line: str) -> tuple[dict[int, str], Sequence[str]]:
    """The filled columns of a line, and what is wrong with single fields."""
    if _UNDECODABLE in line:
        return {}, ["bytes that are not Windows-1252"]
    fields = split(line, len(COLUMNS))
    if len(fields) != len(COLUMNS):
        return {}, [f"{len(fields)} fields instead of {len(COLUMNS)}"]
    cells: dict[int, str] = {}
    problems: list[str] = []
    # Most of the 125 fields are empty: they are passed over without a loop of our own.
    for number, raw in compress(zip(_NUMBERS, fields, strict=True), map(ne, fields, EMPTY)):
        column = COLUMNS[number - 1]
        value = unquoted(raw) if column.quoted else raw
        if value is not None and column.pattern.fullmatch(value):
            cells[number] = value
        else:
            quoting = "in quotes" if column.quoted else "without quotes"
            problems.append(
                f"column {number} {column.name} cannot be {shortened(raw) or 'nothing'}: "
                f"{column.kind.name.lower()} of at most {column.length}, {quoting}"
            )
    return cells, problems

"""The strict reader: what DATEV would refuse or misread in a file, named by line.

It knows nothing of how the file was made, so that the exporter can be checked by it.
"""

from collections.abc import Iterator, Sequence
from itertools import compress
from operator import ne
from typing import NamedTuple

from faktura.kernel.errors import shortened
from faktura_datev.client import Client
from faktura_datev.column import Column, Kind
from faktura_datev.debtor_rules import DebtorRules
from faktura_datev.fields import split, unquoted
from faktura_datev.header_rules import frame_of, header_problems
from faktura_datev.layouts import POSTINGS, Layout
from faktura_datev.record_rules import PostingRules
from faktura_datev.text import ENCODING

MAX_ROWS = 99_999
MAX_BYTES = 50_000_000
LINE_END = b"\r\n"

_FIRST_RECORD = 3
_UNDECODABLE = "\ufffd"
_NOTHING = '""'


class Record(NamedTuple):
    """A record without fault: its line (from 1) and its filled columns, unquoted, by number."""

    line: int
    cells: dict[int, str]


class Fault(NamedTuple):
    """What is wrong in a line (from 1; 0 is the file as a whole)."""

    line: int
    problem: str


def read(
    content: bytes, client: Client, layout: Layout = POSTINGS, *, lenient: bool = False
) -> Iterator[Record | Fault]:
    """The records and faults of a file in their order; a file without any Fault is importable.

    A faulty record yields only its faults; after a faulty header nothing more is read. `lenient`
    forgives what DATEV's own programs write: numbers as `""`, whole amounts without decimals.
    """
    if len(content) > MAX_BYTES:
        yield Fault(0, f"the file has {len(content)} bytes, {MAX_BYTES} are allowed")
    lines = _lines(content)
    header = next(lines, "")
    fields = split(header, len(layout.header_fields))
    faulty = False
    for problem in header_problems(header, fields, client, layout):
        faulty = True
        yield Fault(1, problem)
    if faulty:
        return
    if next(lines, "") != layout.headings:
        name = f"{layout.name} {layout.version}"
        yield Fault(2, f"the headings are not those of {name} in Windows-1252")
    rules: PostingRules | DebtorRules
    if layout.has_period:
        rules = PostingRules(frame_of(fields), client.functions)
    else:
        rules = DebtorRules(client.functions)
    fields_reader = _Fields(layout, lenient=lenient)
    number = _FIRST_RECORD - 1
    for number, line in enumerate(lines, start=_FIRST_RECORD):
        cells, problems = fields_reader.cells(line)
        problems = problems or tuple(rules.problems(cells))
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


class _Fields:
    """Takes a line apart into the columns of a layout."""

    def __init__(self, layout: Layout, *, lenient: bool) -> None:
        self._columns = layout.columns
        self._empty = layout.empty
        self._numbers = range(1, len(layout.columns) + 1)
        self._lenient = lenient

    def cells(self, line: str) -> tuple[dict[int, str], Sequence[str]]:
        """The filled columns of a line, and what is wrong with single fields."""
        if _UNDECODABLE in line:
            return {}, ["bytes that are not Windows-1252"]
        fields = split(line, len(self._columns))
        if len(fields) != len(self._columns):
            return {}, [f"{len(fields)} fields instead of {len(self._columns)}"]
        cells: dict[int, str] = {}
        problems: list[str] = []
        # Most of the fields are empty: they are passed over without a loop of our own.
        filled = compress(zip(self._numbers, fields, strict=True), map(ne, fields, self._empty))
        for number, raw in filled:
            column = self._columns[number - 1]
            value = unquoted(raw) if column.quoted else raw
            if value is not None and column.pattern.fullmatch(value):
                cells[number] = value
            elif self._lenient and (forgiven := _forgiven(column, raw)) is not None:
                cells |= {number: forgiven} if forgiven else {}
            else:
                problems.append(_problem(number, column, raw))
        return cells, problems


def _forgiven(column: Column, raw: str) -> str | None:
    """What DATEV's own programs mean by a field against its own description, None if nothing."""
    if (not column.quoted and raw == _NOTHING) or column.kind is Kind.NOTHING:
        return ""
    if column.kind is Kind.AMOUNT and raw.isdecimal() and len(raw) <= column.length:
        return f"{raw},00"
    return None


def _problem(number: int, column: Column, raw: str) -> str:
    quoting = "in quotes" if column.quoted else "without quotes"
    return (
        f"column {number} {column.name} cannot be {shortened(raw) or 'nothing'}: "
        f"{column.kind.name.lower()} of at most {column.length}, {quoting}"
    )

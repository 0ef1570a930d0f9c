"""The rules of the header record: its 31 fields one by one, and what they say together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from faktura.kernel.errors import shortened
from faktura_datev.accounts import CHART_CODES
from faktura_datev.client import Client
from faktura_datev.dates import header_date
from faktura_datev.header import MAX_LENGTH
from faktura_datev.layouts import Layout

_CONSULTANT, _CLIENT, _FISCAL_YEAR, _ACCOUNT_LENGTH = 10, 11, 12, 13
_START, _END, _LOCK, _CURRENCY, _CHART = 14, 15, 20, 21, 26


@dataclass(frozen=True, slots=True)
class Frame:
    """What the header says about every record: inclusive days, lock, currency."""

    start: date
    end: date
    lock: str
    currency: str


@cache
def _patterns(layout: Layout) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for _, pattern in layout.header_fields)


def header_problems(
    line: str, fields: Sequence[str], client: Client, layout: Layout
) -> Iterator[str]:
    """What is wrong with a header, each in one sentence; nothing when all is well."""
    names = [name for name, _ in layout.header_fields]
    if len(line) > MAX_LENGTH:
        yield f"the header has {len(line)} characters, {MAX_LENGTH} are allowed"
    if len(fields) != len(names):
        yield f"the header has {len(fields)} fields instead of {len(names)}"
        return
    broken = False
    for number, (raw, pattern) in enumerate(zip(fields, _patterns(layout), strict=True), start=1):
        if not pattern.fullmatch(raw):
            broken = True
            yield f"header field {number} {names[number - 1]} cannot be {shortened(raw) or '-'}"
    if not broken:
        yield from _owner_problems(fields, client, names)
        yield from _date_problems(fields, layout)


def frame_of(fields: Sequence[str]) -> Frame:
    """The frame of a header without problems, of a layout with a period."""
    return Frame(
        date.fromisoformat(fields[_START]),
        date.fromisoformat(fields[_END]),
        fields[_LOCK],
        fields[_CURRENCY].strip('"'),
    )


def _owner_problems(fields: Sequence[str], client: Client, names: Sequence[str]) -> Iterator[str]:
    expected = {
        _CONSULTANT: str(client.consultant),
        _CLIENT: str(client.number),
        _ACCOUNT_LENGTH: str(client.functions.account_length),
        _CHART: f'"{CHART_CODES[client.functions.chart]}"',
    }
    for index, value in expected.items():
        if fields[index] != value:
            yield f"{names[index]} is {fields[index]}, this client's is {value}"


def _date_problems(fields: Sequence[str], layout: Layout) -> Iterator[str]:
    fiscal_year = header_date(fields[_FISCAL_YEAR])
    if fiscal_year is None:
        yield f"WJ-Beginn {fields[_FISCAL_YEAR]} is no day of the calendar"
        return
    if fiscal_year.day != 1:
        yield f"the fiscal year cannot start on {fiscal_year}"
    elif layout.has_period:
        yield from _period_problems(fields, fiscal_year)


def _period_problems(fields: Sequence[str], fiscal_year: date) -> Iterator[str]:
    start, end = header_date(fields[_START]), header_date(fields[_END])
    if start is None or end is None:
        yield f"Datum von {fields[_START]} or bis {fields[_END]} is no day of the calendar"
        return
    next_year = fiscal_year.replace(year=fiscal_year.year + 1)
    if not fiscal_year <= start <= end < next_year:
        yield f"{start} to {end} does not lie in the fiscal year that starts on {fiscal_year}"

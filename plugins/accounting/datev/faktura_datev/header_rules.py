"""The rules of the header record: its 31 fields one by one, and what they say together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from faktura.kernel.errors import shortened
from faktura_datev.accounts import CHART_CODES
from faktura_datev.client import Client
from faktura_datev.dates import header_date
from faktura_datev.header import FIELDS, MAX_LENGTH, PATTERNS

_CONSULTANT, _CLIENT, _FISCAL_YEAR, _ACCOUNT_LENGTH = 10, 11, 12, 13
_START, _END, _LOCK, _CURRENCY, _CHART = 14, 15, 20, 21, 26


@dataclass(frozen=True, slots=True)
class Frame:
    """What the header says about every record: inclusive days, lock, account length, currency."""

    start: date
    end: date
    account_length: int
    lock: str
    currency: str


def header_problems(line: str, fields: Sequence[str], client: Client) -> Iterator[str]:
    """What is wrong with a header, each in one sentence; nothing when all is well."""
    if len(line) > MAX_LENGTH:
        yield f"the header has {len(line)} characters, {MAX_LENGTH} are allowed"
    if len(fields) != len(FIELDS):
        yield f"the header has {len(fields)} fields instead of {len(FIELDS)}"
        return
    broken = False
    for number, (raw, pattern) in enumerate(zip(fields, PATTERNS, strict=True), start=1):
        if not pattern.fullmatch(raw):
            broken = True
            yield f"header field {number} {FIELDS[number - 1][0]} cannot be {shortened(raw) or '-'}"
    if not broken:
        yield from _owner_problems(fields, client)
        yield from _date_problems(fields)


def frame_of(fields: Sequence[str]) -> Frame:
    """The frame of a header without problems."""
    return Frame(
        date.fromisoformat(fields[_START]),
        date.fromisoformat(fields[_END]),
        int(fields[_ACCOUNT_LENGTH]),
        fields[_LOCK],
        fields[_CURRENCY].strip('"'),
    )


def _owner_problems(fields: Sequence[str], client: Client) -> Iterator[str]:
    expected = {
        _CONSULTANT: str(client.consultant),
        _CLIENT: str(client.number),
        _ACCOUNT_LENGTH: str(client.functions.account_length),
        _CHART: f'"{CHART_CODES[client.functions.chart]}"',
    }
    for index, value in expected.items():
        if fields[index] != value:
            yield f"{FIELDS[index][0]} is {fields[index]}, this client's is {value}"


def _date_problems(fields: Sequence[str]) -> Iterator[str]:
    fiscal_year, start, end = (header_date(fields[n]) for n in (_FISCAL_YEAR, _START, _END))
    if fiscal_year is None or start is None or end is None:
        yield "WJ-Beginn, Datum von or Datum bis is no day of the calendar"
        return
    if fiscal_year.day != 1:
        yield f"the fiscal year cannot start on {fiscal_year}"
        return
    next_year = fiscal_year.replace(year=fiscal_year.year + 1)
    if not fiscal_year <= start <= end < next_year:
        yield f"{start} to {end} does not lie in the fiscal year that starts on {fiscal_year}"

"""The rules between the columns of one booking record; each problem is one sentence."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from faktura_datev import columns
from faktura_datev.accounts import LIFT_KEY, Functions
from faktura_datev.column import Kind
from faktura_datev.columns import COLUMNS
from faktura_datev.dates import record_date, voucher_date
from faktura_datev.header_rules import Frame

_NO_TAX_KEYS = {"20", "80"}  # reversal keys do not name a rate
_DATES = tuple(n for n, column in enumerate(COLUMNS, start=1) if column.kind is Kind.DATE)
_LIFT = LIFT_KEY.lstrip("0")
_LINK = re.compile(r'[A-Z]{4} "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"')


@dataclass(frozen=True, slots=True)
class PostingRules:
    """What no field says alone, under one header and for one client's accounts."""

    frame: Frame
    functions: Functions

    def problems(self, cells: Mapping[int, str]) -> Iterator[str]:
        """What is wrong with a record whose fields are well-formed one by one."""
        missing = [COLUMNS[n - 1].name for n in columns.REQUIRED if n not in cells]
        if missing:
            yield f"without {', '.join(missing)}"
            return
        yield from _amount_problems(cells, self.frame)
        yield from _date_problems(cells, self.frame)
        yield from _account_problems(cells, self.functions)
        yield from _link_problems(cells)
        if cells.get(columns.LOCK) != self.frame.lock:
            yield f"Festschreibung differs from the header's {self.frame.lock}"
        for number in cells:
            partner = columns.PARTNERS.get(number)
            if partner and partner not in cells:
                yield f"columns {number} and {partner} are filled together or not at all"


def _amount_problems(cells: Mapping[int, str], frame: Frame) -> Iterator[str]:
    if not cells[columns.AMOUNT].strip("0,"):
        yield "the amount is 0; DATEV wants it above"
    foreign = cells.get(columns.CURRENCY, frame.currency) != frame.currency
    base = {columns.BASE_AMOUNT, columns.BASE_CURRENCY} & cells.keys()
    if foreign != (columns.RATE in cells) or len(base) == 1:
        yield "currency, rate, base amount and base currency are filled together or not at all"


def _date_problems(cells: Mapping[int, str], frame: Frame) -> Iterator[str]:
    if voucher_date(cells[columns.DAY], frame.start, frame.end) is None:
        yield f"Belegdatum {cells[columns.DAY]} does not lie in {frame.start} to {frame.end}"
    for number in _DATES:
        if number in cells and record_date(cells[number]) is None:
            yield f"{COLUMNS[number - 1].name} {cells[number]} is no day of the calendar"


def _account_problems(cells: Mapping[int, str], functions: Functions) -> Iterator[str]:
    accounts = [cells[n].zfill(functions.account_length) for n in (columns.ACCOUNT, columns.CONTRA)]
    if accounts[0] == accounts[1]:
        yield f"account {accounts[0]} is posted against itself"
    key = cells.get(columns.TAX_KEY, "").lstrip("0")
    automatic = [account for account in accounts if functions.automatic(account)]
    if automatic and key and key not in _NO_TAX_KEYS | {_LIFT}:
        yield f"tax key {key} on the automatic account {automatic[0]}"
    if len(automatic) == len(accounts) and key != _LIFT:
        yield f"two automatic accounts, {' and '.join(accounts)}, need tax key {_LIFT}"
    if key == _LIFT and not automatic:
        yield f"tax key {_LIFT} lifts nothing on {' and '.join(accounts)}"
    for account in accounts:
        if len(account) > functions.account_length + 1:
            yield f"account {account} is longer than this client's"
        if key != _LIFT and functions.in_statement(account) and columns.DESTINATION not in cells:
            yield f"account {account} needs the buyer's VAT id in column {columns.DESTINATION}"
    yield from _destination_problems(cells, functions)


def _destination_problems(cells: Mapping[int, str], functions: Functions) -> Iterator[str]:
    is_oss = bool(functions.oss_key) and cells.get(columns.TAX_KEY) == functions.oss_key
    named = {columns.DESTINATION, columns.EU_RATE} & cells.keys()
    if is_oss != (columns.EU_RATE in cells) or (is_oss and len(named) == 1):
        yield "the key of OSS, its country and its rate are filled together or not at all"


def _link_problems(cells: Mapping[int, str]) -> Iterator[str]:
    link = cells.get(columns.LINK)
    if link and not _LINK.fullmatch(link):
        yield f"Beleglink {link} does not name a document by its id"

"""The rules between the columns of one personal account, and between the accounts of a file."""

from collections.abc import Iterator, Mapping

from faktura_datev import debtor_columns as columns
from faktura_datev.accounts import Functions
from faktura_datev.column import Kind
from faktura_datev.dates import record_date
from faktura_datev.debtor_columns import COLUMNS

_DATES = tuple(n for n, column in enumerate(COLUMNS, start=1) if column.kind is Kind.DATE)


class DebtorRules:
    """What no field says alone; one object reads one file."""

    def __init__(self, functions: Functions) -> None:
        self._length = functions.account_length + 1
        self._seen: set[str] = set()

    def problems(self, cells: Mapping[int, str]) -> Iterator[str]:
        """What is wrong with a record whose fields are well-formed one by one."""
        missing = [COLUMNS[n - 1].name for n in columns.REQUIRED if n not in cells]
        if missing:
            yield f"without {', '.join(missing)}"
            return
        yield from self._account_problems(cells[columns.ACCOUNT])
        yield from _name_problems(cells)
        yield from _bank_problems(cells)
        if (columns.EU_COUNTRY in cells) != (columns.EU_VAT_ID in cells):
            yield "EU-Land and EU-UStID are filled together or not at all"
        for number in _DATES:
            if number in cells and record_date(cells[number]) is None:
                yield f"{COLUMNS[number - 1].name} {cells[number]} is no day of the calendar"

    def _account_problems(self, account: str) -> Iterator[str]:
        if len(account) != self._length:
            yield f"personal account {account} does not have {self._length} digits"
        if account in self._seen:
            yield f"personal account {account} is in the file already"
        self._seen.add(account)


def _name_problems(cells: Mapping[int, str]) -> Iterator[str]:
    own = columns.NAMES[cells[columns.ADDRESSEE]]
    if own not in cells:
        yield f"Adressattyp {cells[columns.ADDRESSEE]} without {COLUMNS[own - 1].name}"
    for number in {*columns.NAMES.values(), columns.FIRST_NAME} & cells.keys():
        if number != own and not (own == columns.LAST_NAME and number == columns.FIRST_NAME):
            name = COLUMNS[number - 1].name
            yield f"{name} does not belong to Adressattyp {cells[columns.ADDRESSEE]}"


def _bank_problems(cells: Mapping[int, str]) -> Iterator[str]:
    if sum(cells.get(number) == "1" for number in columns.MAIN_BANKS) > 1:
        yield "more than one bank account is the main one"
    if columns.BIC in cells and columns.IBAN not in cells:
        yield "SWIFT-Code 1 without IBAN-Nr. 1"

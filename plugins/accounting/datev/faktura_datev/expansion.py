"""What DATEV books when it imports a record: gross split into net and VAT, per account.

Only the keys this plugin writes are known here; the exporter compares the result with the journal.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from faktura_datev import columns
from faktura_datev.accounts import INPUT_KEYS, LIFT_KEY, TAX_KEYS, UNTAXED, Functions, Tax, vat_in

_RATES = {key: rate for keys in (TAX_KEYS, INPUT_KEYS) for rate, key in keys.items()}
_INPUT = frozenset(INPUT_KEYS.values())


class CostedAccount(NamedTuple):
    """An account, with cost centre and object where the journal counts them on it."""

    account: str
    cost_centre: str = ""
    cost_object: str = ""


def expanded(
    records: Iterable[Mapping[int, str]], functions: Functions, costed: Collection[str]
) -> Counter[CostedAccount]:
    """The balances the records leave, in cents, debits positive; `costed` accounts by cost centre."""
    balances: Counter[CostedAccount] = Counter()
    for cells in records:
        amount = cents(cells[columns.AMOUNT])
        if cells[columns.SIDE] == "H":
            amount = -amount
        taxed, tax = _taxed(cells, functions)
        for number, signed in ((columns.ACCOUNT, amount), (columns.CONTRA, -amount)):
            account = full(cells[number], functions)
            if number == taxed:
                vat = vat_in(signed, tax.rate)
                balances[CostedAccount(tax.account)] += vat
                signed -= vat
            balances[_costed(account, cells, costed)] += signed
    return balances


def cents(amount: str) -> int:
    """`1190,00` in cents."""
    return int(amount.replace(",", ""))


def full(account: str, functions: Functions) -> str:
    """An account as written, with the leading zeros it may have lost."""
    return account.zfill(functions.account_length)


def _costed(account: str, cells: Mapping[int, str], costed: Collection[str]) -> CostedAccount:
    if account not in costed:
        return CostedAccount(account)
    return CostedAccount(account, cells.get(columns.COST_1, ""), cells.get(columns.COST_2, ""))


def _taxed(cells: Mapping[int, str], functions: Functions) -> tuple[int, Tax]:
    """The column whose account is posted net, and how; column 0 if none is."""
    key = cells.get(columns.TAX_KEY, "")
    if key == LIFT_KEY:
        return 0, UNTAXED
    if key and key == functions.oss_key:
        contra = full(cells[columns.CONTRA], functions)
        rate = Decimal(cells[columns.EU_RATE].replace(",", "."))
        return columns.CONTRA, Tax(rate, functions.oss_vat_account(contra))
    if key:
        rate, is_input = _RATES[key], key in _INPUT
        return columns.CONTRA, Tax(rate, functions.vat_account(rate, is_input=is_input))
    for number in (columns.ACCOUNT, columns.CONTRA):
        automatic = functions.automatic(full(cells[number], functions))
        if automatic and automatic.rate:
            return number, Tax(automatic.rate, functions.vat_account(automatic.rate))
    return 0, UNTAXED

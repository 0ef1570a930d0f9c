"""The proof before a file is handed over: read back, it is what was meant, and books the journal.

Two questions (O17): does each record read equal the row meant, and do the records, expanded as
DATEV expands them, leave the entry's balances to the cent?
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from faktura.kernel.errors import ExportRefused
from faktura.kernel.money import Money
from faktura.plugin import JournalEntryData
from faktura_datev.accounts import Functions
from faktura_datev.client import Client
from faktura_datev.expansion import CostedAccount, expanded
from faktura_datev.ledger import VATS, ledger_account, signed_cents
from faktura_datev.reader import Fault, Record, read
from faktura_datev.record import Cells, cells_of, voucher_cells
from faktura_datev.row import Row


class Posted(NamedTuple):
    """What remains of an entry until its file is proven: its rows, and its balances in cents.

    `costed` are the accounts that the entry counts by cost centre.
    """

    key: str
    currency: str
    rows: Sequence[Row]
    balances: tuple[tuple[CostedAccount, int], ...]
    costed: frozenset[str]


def posted(entry: JournalEntryData, rows: Sequence[Row], functions: Functions) -> Posted:
    """An entry with the rows meant for it; ExportRefused names entry and account of a bad leg."""
    try:
        balances, costed = _journal(entry, functions)
    except ExportRefused as refused:
        raise refused.at(f"entry {entry.key}") from None
    return Posted(entry.key, entry.currency, rows, tuple(balances.items()), costed)


def _journal(
    entry: JournalEntryData, functions: Functions
) -> tuple[Counter[CostedAccount], frozenset[str]]:
    balances: Counter[CostedAccount] = Counter()
    costed = frozenset(leg.account for leg in entry.legs if leg.cost_centre or leg.cost_object)
    for leg in entry.legs:
        account = leg.account if leg.slot in VATS else ledger_account(leg, functions)
        if account in costed:
            place = CostedAccount(account, leg.cost_centre or "", leg.cost_object or "")
        else:
            place = CostedAccount(account)
        balances[place] += signed_cents(leg, entry.currency)
    return balances, costed


def prove(
    content: bytes, entries: Iterable[Posted], client: Client, *, lock: bool, before: int = 0
) -> None:
    """Raise ExportRefused, naming entry and account, unless the bytes book exactly the entries.

    `before` is the number of rows of the file that were proven before these.
    """
    found = (each._replace(line=each.line + before) for each in read(content, client))
    for entry in entries:
        shared = voucher_cells(entry.rows[0].voucher, lock=lock)
        records = [_next(found, cells_of(row, shared), entry) for row in entry.rows]
        _compare(entry, records, client.functions)
    for leftover in found:
        raise ExportRefused(
            f"the file holds what no entry meant: {described(leftover)}",
            mend="This is a fault of the exporter; nothing was written",
        )


def _next(found: Iterator[Record | Fault], meant: Cells, entry: Posted) -> Cells:
    record = next(found, None)
    if isinstance(record, Record) and record.cells == meant:
        return record.cells
    raise ExportRefused(
        f"DATEV would not read the row as meant: {described(record)}",
        place=f"entry {entry.key}",
        mend="Correct the named field of the document, customer or account",
    )


def described(found: Record | Fault | None) -> str:
    """What was read where something else was meant, in words."""
    match found:
        case Fault(line, problem):
            return f"line {line}: {problem}"
        case Record(line, _):
            return f"line {line} reads otherwise"
        case _:
            return "the row is not in the file"


def _compare(entry: Posted, records: Sequence[Cells], functions: Functions) -> None:
    booked = expanded(records, functions, entry.costed)
    booked.subtract(dict(entry.balances))
    for place, difference in booked.items():
        if difference:
            raise ExportRefused(
                f"DATEV would book {Money(difference, entry.currency)} more than the journal (debit)",
                place=f"entry {entry.key}, account {' / '.join(filter(None, place))}",
                mend="Check the VAT of the entry and what the client's account does by itself",
            )

"""The proof before a file is handed over: read back, it is what was meant, and books the journal.

Two questions: does each record read equal the row meant, and do the records, expanded as DATEV
expands them, leave the entry's balances to the cent?
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from faktura.kernel.errors import ExportRefused
from faktura.kernel.money import Money
from faktura.kernel.terms import Slot
from faktura.plugin import JournalEntryData
from faktura_datev.accounts import Functions
from faktura_datev.client import Client
from faktura_datev.expansion import CostedAccount, expanded
from faktura_datev.reader import Fault, Record, read
from faktura_datev.record import Cells, cells_of, voucher_cells
from faktura_datev.row import Row
from faktura_datev.rows import ledger_account, signed_cents

Posted = tuple[JournalEntryData, Sequence[Row]]
"""An entry with the rows meant for it."""


def prove(content: bytes, posted: Sequence[Posted], client: Client, *, lock: bool) -> None:
    """Raise ExportRefused, naming entry and account, unless the bytes book exactly the entries."""
    found = read(content, client)
    for entry, rows in posted:
        shared = voucher_cells(rows[0].voucher, lock=lock)
        records = [_next(found, cells_of(row, shared), entry) for row in rows]
        _compare(entry, records, client.functions)
    for leftover in found:
        raise ExportRefused(
            f"the file holds what no entry meant: {_described(leftover)}",
            mend="This is a fault of the exporter; nothing was written",
        )


def _next(found: Iterator[Record | Fault], meant: Cells, entry: JournalEntryData) -> Cells:
    record = next(found, None)
    if isinstance(record, Record) and record.cells == meant:
        return record.cells
    raise ExportRefused(
        f"DATEV would not read the row as meant: {_described(record)}",
        place=f"entry {entry.key}",
        mend="Correct the named field of the document, customer or account",
    )


def _described(found: Record | Fault | None) -> str:
    match found:
        case Fault(line, problem):
            return f"line {line}: {problem}"
        case Record(line, _):
            return f"line {line} reads otherwise"
        case _:
            return "the row is not in the file"


def _compare(entry: JournalEntryData, records: Sequence[Cells], functions: Functions) -> None:
    journal, costed = _journal(entry, functions)
    booked = expanded(records, functions, costed)
    booked.subtract(journal)
    for place, difference in booked.items():
        if difference:
            raise ExportRefused(
                f"DATEV would book {Money(difference, entry.currency)} more than the journal (debit)",
                place=f"entry {entry.key}, account {' / '.join(filter(None, place))}",
                mend="Check the VAT of the entry and what the client's account does by itself",
            )


def _journal(
    entry: JournalEntryData, functions: Functions
) -> tuple[Counter[CostedAccount], set[str]]:
    """The entry's balances in cents, and the accounts it counts by cost centre."""
    balances: Counter[CostedAccount] = Counter()
    costed = {leg.account for leg in entry.legs if leg.cost_centre or leg.cost_object}
    for leg in entry.legs:
        account = leg.account if leg.slot is Slot.VAT else ledger_account(leg, functions)
        if account in costed:
            place = CostedAccount(account, leg.cost_centre or "", leg.cost_object or "")
        else:
            place = CostedAccount(account)
        balances[place] += signed_cents(leg, entry.currency)
    return balances, costed

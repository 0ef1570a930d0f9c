"""The customers of a batch as files of personal accounts, read back before they are handed over."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from faktura.kernel.errors import ExportRefused
from faktura.plugin import DebtorData, ExportFile
from faktura_datev.batch_file import MEDIA_TYPE, Limits
from faktura_datev.client import Client
from faktura_datev.debtor_record import DebtorRecord
from faktura_datev.header import Header
from faktura_datev.layouts import DEBTORS
from faktura_datev.ledger import debtor_account
from faktura_datev.proof import described
from faktura_datev.reader import LINE_END, Record, read
from faktura_datev.record import line_of
from faktura_datev.text import ENCODING


def debtor_files(
    debtors: Iterable[DebtorData], header: Header, client: Client, limits: Limits
) -> Iterator[ExportFile]:
    """The customers as files without a name yet; none where there is no customer.

    Raises ExportRefused, naming the customer, where a record would not be right.
    """
    rest = iter(debtors)
    while some := [_record(debtor, client) for debtor in islice(rest, limits.rows)]:
        content = b"".join(
            line + LINE_END
            for line in (
                header.line().encode(ENCODING),
                DEBTORS.headings.encode(ENCODING),
                *map(_line, some),
            )
        )
        prove_debtors(content, some, client)
        yield ExportFile(
            name="",
            media_type=MEDIA_TYPE,
            content=content,
            rows=len(some),
            entry_keys=(),
            notes=tuple(note for record in some for note in record.notes),
        )


def prove_debtors(content: bytes, meant: Sequence[DebtorRecord], client: Client) -> None:
    """Raise ExportRefused unless the bytes are read as the records meant, and nothing else."""
    found = read(content, client, DEBTORS)
    for record in meant:
        each = next(found, None)
        if not (isinstance(each, Record) and each.cells == record.cells):
            raise ExportRefused(
                f"DATEV would not read the customer as meant: {described(each)}",
                place=f"account {record.account}",
                mend="Correct the named field of the customer",
            )
    for leftover in found:
        raise ExportRefused(
            f"the file holds what no customer meant: {described(leftover)}",
            mend="This is a fault of the exporter; nothing was written",
        )


def _record(debtor: DebtorData, client: Client) -> DebtorRecord:
    try:
        debtor_account(debtor.account, client.functions)
    except ExportRefused as refused:
        raise refused.at(f"customer {debtor.customer_number}") from None
    return DebtorRecord(debtor)


def _line(record: DebtorRecord) -> bytes:
    try:
        return line_of(record.cells, DEBTORS).encode(ENCODING)
    except UnicodeEncodeError as error:
        raise ExportRefused(
            f"“{error.object[error.start : error.end]}” does not exist in Windows-1252",
            place=f"account {record.account}",
            mend="Correct the bank account or VAT id of the customer",
        ) from None

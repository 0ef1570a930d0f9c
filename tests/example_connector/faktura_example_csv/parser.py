"""The parser: rows of a file in; one statement an account out, in the order of the file."""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import PurePath
from typing import BinaryIO, ClassVar

from typing_extensions import override

from faktura.kernel.errors import BadInput, FieldInvalid, FileUnreadable, shortened
from faktura.kernel.money import Money
from faktura.kernel.periods import date_from_text
from faktura.plugin import (
    AdapterSettings,
    BankTransaction,
    BookingStatus,
    Runtime,
    StatementEnd,
    StatementParser,
    StatementRecord,
    StatementStart,
)
from faktura_example_csv.rows import HEADER, Row, numbered_rows
from faktura_example_csv.settings import CsvSettings

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


class CsvStatementParser(StatementParser):
    """Reads CSV files with the columns of `rows.HEADER`; amounts as `-12.50`, days as 2026-11-30."""

    format_id = "example-csv"
    Settings: ClassVar[type[AdapterSettings]] = CsvSettings

    def __init__(self, settings: CsvSettings, runtime: Runtime) -> None:
        super().__init__(settings, runtime)
        self._csv = settings

    @override
    def recognises(self, head: bytes, filename: str) -> bool:
        """Whether the first line is the header; undecodable bytes are somebody else's file."""
        first = head.partition(b"\n")[0].decode(self._csv.encoding, errors="replace")
        return first.strip() == self._csv.delimiter.join(HEADER)

    @override
    def parse(self, source: BinaryIO, filename: str) -> Iterator[StatementRecord]:
        """One statement for each block of rows with the same account."""
        rows = numbered_rows(source, delimiter=self._csv.delimiter, encoding=self._csv.encoding)
        finished: set[str] = set()
        for account, block in groupby(rows, key=_account):
            if account in finished:
                raise _comes_back(account, next(block))
            finished.add(account)
            yield StatementStart(
                account_iban=account,
                account_currency=self._csv.currency,
                message_id=PurePath(filename).name,
                statement_id=account,
            )
            entries = 0
            for entries, row in enumerate(block, start=1):
                yield self._movement(entries - 1, row)
            yield StatementEnd(entries=entries)

    def _movement(self, index: int, row: Row) -> BankTransaction:
        try:
            remittance = row.optional("remittance")
            counterparty = row.optional("iban")
            return BankTransaction(
                entry_index=index,
                place=f"line {row.line}",
                status=BookingStatus.BOOKED,
                booked_on=date_from_text(row.required("date"), field="date"),
                amount=Money.parse(
                    row.required("amount"), self._csv.currency, field="amount"
                ).decimal,
                currency=self._csv.currency,
                end_to_end_id=row.optional("end-to-end id"),
                counterparty_name=row.optional("name"),
                counterparty_iban=_normalised(counterparty) if counterparty else None,
                remittance_lines=(remittance,) if remittance else (),
            )
        except BadInput as error:
            raise error.at(f"line {row.line}") from None


def _normalised(iban: str) -> str:
    return iban.replace(" ", "").upper()


def _account(row: Row) -> str:
    try:
        iban = _normalised(row.required("account"))
        if not _IBAN.fullmatch(iban):
            raise FieldInvalid(
                f"“{shortened(iban)}” is not an IBAN",
                place="account",
                mend="Look for a typing error",
            )
    except BadInput as error:
        raise error.at(f"line {row.line}") from None
    return iban


def _comes_back(account: str, row: Row) -> FileUnreadable:
    # Two statements of one account in one file would be told apart by nothing.
    return FileUnreadable(
        f"account {account} comes back after another one",
        place=f"line {row.line}",
        mend="Sort the file by account",
    )

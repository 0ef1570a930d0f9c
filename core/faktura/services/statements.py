"""Storing an uploaded statement file: all of it or nothing, each movement once (F099, P40)."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from typing import TypeVar
from uuid import UUID

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.movements import StatementKeys, missing_sequences
from faktura.kernel.money import Money
from faktura.plugin import Balance, BankTransaction, StatementEnd, StatementStart
from faktura.services.movement_view import movement_of, record_text
from faktura.store.bank_accounts import lock_bank_account
from faktura.store.statements import (
    MovementRow,
    StatementRow,
    UploadRow,
    is_uploaded,
    known_keys,
    known_sequences,
    write_movements,
    write_report,
    write_statement,
    write_upload,
)
from faktura.store.transaction import Tx

_MOVEMENTS_A_WRITE = 1000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """A statement that was read to its end; `booked` is streamed, the previews are only counted.

    `repeated` are the bank references that stand for more than one of its movements.
    """

    start: StatementStart
    end: StatementEnd
    booked: Iterable[BankTransaction]
    previews: int
    repeated: frozenset[bytes]

    @property
    def identity(self) -> str:
        """What all pages of one statement share."""
        return statement_identity(self.start)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an upload; `other_accounts` were in the file and not imported."""

    filename: str
    format: str
    already_imported: bool = False
    statements: int = 0
    entries: int = 0
    new: int = 0
    duplicates: int = 0
    previews: int = 0
    other_accounts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def statement_identity(start: StatementStart) -> str:
    """The statement's number at the bank, else its id: pages of one statement have it in common."""
    return start.statement_id if start.sequence is None else str(start.sequence)


def store_statements(
    tx: Tx,
    account: BankAccount,
    upload: UploadRow,
    statements: Iterable[ParsedStatement],
    other_accounts: tuple[str, ...],
) -> ImportReport:
    """Add a file's statements and their new movements; the same file again adds nothing."""
    lock_bank_account(tx, account.id)
    if is_uploaded(tx, account.id, upload.sha256):
        return ImportReport(
            upload.filename, upload.format, already_imported=True, other_accounts=other_accounts
        )
    write_upload(tx, upload)
    counted = _Import(tx, account, upload)
    for statement in statements:
        counted.add(statement)
    report = counted.report(other_accounts)
    write_report(tx, upload, asdict(report))
    return report


class _Import:
    """One upload on its way into the database."""

    def __init__(self, tx: Tx, account: BankAccount, upload: UploadRow) -> None:
        self._tx = tx
        self._account = account
        self._upload = upload
        self._keys: dict[str, StatementKeys] = {}
        self._warnings: list[str] = []
        self._statements = self._entries = self._new = self._duplicates = self._previews = 0

    def add(self, statement: ParsedStatement) -> None:
        """Store one statement with the movements that are new."""
        statement_id = self._tx.new_id()
        warnings = self._warnings_of(statement)
        write_statement(
            self._tx, self._upload, _statement_row(statement_id, statement, tuple(warnings))
        )
        label = statement_label(statement.start)
        self._warnings += [f"{label}: {warning}" for warning in warnings]
        keys = self._keys.setdefault(statement.identity, StatementKeys(statement.repeated))
        for records in _in_batches(statement.booked, _MOVEMENTS_A_WRITE):
            self._write(statement_id, keys, records)
        self._statements += 1
        self._entries += statement.end.entries
        self._previews += statement.previews

    def report(self, other_accounts: tuple[str, ...]) -> ImportReport:
        """What was done so far."""
        return ImportReport(
            self._upload.filename,
            self._upload.format,
            statements=self._statements,
            entries=self._entries,
            new=self._new,
            duplicates=self._duplicates,
            previews=self._previews,
            other_accounts=other_accounts,
            warnings=tuple(self._warnings),
        )

    def _write(
        self, statement_id: UUID, keys: StatementKeys, records: list[BankTransaction]
    ) -> None:
        rows: dict[bytes, MovementRow] = {}
        for record in records:
            movement = movement_of(record)
            key = keys.of(movement)
            rows[key] = MovementRow(
                self._tx.new_id(),
                statement_id,
                key,
                movement.booked_on,
                movement.value_on,
                movement.amount,
                record.counterparty_name or "",
                movement.end_to_end_id,
                record_text(record),
            )
        known = known_keys(self._tx, self._account.id, rows)
        new = [row for key, row in rows.items() if key not in known]
        write_movements(self._tx, self._account.id, new)
        self._new += len(new)
        self._duplicates += len(records) - len(new)

    def _warnings_of(self, statement: ParsedStatement) -> list[str]:
        warnings = list(statement.end.warnings)
        if statement.end.balanced is False:
            warnings.append("its balances do not add up: nothing of it is booked by itself")
        start = statement.start
        if start.sequence is not None:
            day = _ends_on(statement)
            known = known_sequences(self._tx, self._account.id, day.year if day else None)
            missing = missing_sequences(known, start.sequence)
            if len(missing) == 1:
                warnings.append(f"statement {missing[0]} is missing")
            elif missing:
                warnings.append(f"statements {missing[0]} to {missing[-1]} are missing")
        return warnings


def statement_label(start: StatementStart) -> str:
    """A statement in words for people."""
    number = start.statement_id if start.sequence is None else str(start.sequence)
    return f"statement {number}" if start.page is None else f"statement {number} page {start.page}"


def _statement_row(
    statement_id: UUID, statement: ParsedStatement, warnings: tuple[str, ...]
) -> StatementRow:
    start, end = statement.start, statement.end
    return StatementRow(
        statement_id,
        start.message_id,
        start.statement_id,
        start.sequence,
        start.page,
        _money(end.opening),
        _money(end.closing),
        end.balanced,
        _ends_on(statement),
        warnings,
    )


def _ends_on(statement: ParsedStatement) -> date | None:
    """The day a statement is of: its closing balance's, else the one it was made on."""
    if statement.end.closing is not None:
        return statement.end.closing.on
    made = statement.start.created_at
    return None if made is None else made.date()


def _money(balance: Balance | None) -> Money | None:
    if balance is None:
        return None
    return Money.from_decimal(balance.amount, balance.currency, field="balance")


def _in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch

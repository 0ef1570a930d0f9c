"""A parsed file on its way to the database: read once, checked whole, held on disk.

Parsing is done before the transaction opens: a bad file never holds a lock, and what the file says
at its end — repeated references, balances — is known when its first movement is stored.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.movements import reference_key
from faktura.kernel.errors import FieldInvalid, FileUnreadable, PluginBroken, WrongAccount
from faktura.plugin import (
    BankTransaction,
    BookingStatus,
    StatementEnd,
    StatementRecord,
    StatementStart,
)
from faktura.services.movement_view import movement_of, record_from_text, record_text
from faktura.services.statements import ParsedStatement, statement_identity

# PostgreSQL stores no NUL, and no honest text has one.
_NUL = "\\u0000"


@dataclass(slots=True)
class _Statement:
    start: StatementStart
    offset: int
    booked: int = 0
    previews: int = 0


@dataclass(slots=True)
class _References:
    """Which bank references stand for one movement of a statement, and which for more."""

    seen: set[bytes] = field(default_factory=set)
    repeated: set[bytes] = field(default_factory=set)

    def add(self, key: bytes) -> None:
        (self.repeated if key in self.seen else self.seen).add(key)


@contextmanager
def spool_for(account: BankAccount) -> "Iterator[Spool]":
    """An empty spool; its file is gone at the end."""
    with tempfile.TemporaryFile() as file:
        yield Spool(account, file)


class Spool:
    """The statements of one bank account out of a parsed file; `others` names the other accounts."""

    def __init__(self, account: BankAccount, file: IO[bytes]) -> None:
        self._account = account
        self._file = file
        self._statements: list[tuple[_Statement, StatementEnd]] = []
        self._references: dict[str, _References] = {}
        self._others: dict[str, None] = {}

    @property
    def others(self) -> tuple[str, ...]:
        """Accounts in the file that are not imported, each with its currency where it is given."""
        return tuple(self._others)

    def fill(self, records: Iterable[StatementRecord]) -> None:
        """Take over a parser's records; raises what it raises, PluginBroken and WrongAccount."""
        current: _Statement | None = None
        inside = False
        for record in records:
            match record:
                case StatementStart() if not inside:
                    inside, current = True, self._started(record)
                case BankTransaction() if inside:
                    if current is not None:
                        self._take(current, record)
                case StatementEnd() if inside:
                    inside = False
                    if current is not None:
                        self._statements.append((current, record))
                case _:
                    raise PluginBroken(f"a parser yields {type(record).__name__} out of order")
        if inside:
            raise PluginBroken("a parser ends in the middle of a statement")
        self._check_account()

    def statements(self) -> Iterator[ParsedStatement]:
        """The statements of the account in file order."""
        for held, end in self._statements:
            repeated = self._references[statement_identity(held.start)].repeated
            yield ParsedStatement(
                held.start, end, self._booked(held), held.previews, frozenset(repeated)
            )

    def _started(self, start: StatementStart) -> _Statement | None:
        currency = start.account_currency
        if not self._account.owns(start.account_iban, start.account_other, currency):
            name = start.account_iban or start.account_other or "an account without number"
            self._others[f"{name} {currency}" if currency else name] = None
            return None
        self._references.setdefault(statement_identity(start), _References())
        return _Statement(start, self._file.tell())

    def _take(self, held: _Statement, record: BankTransaction) -> None:
        if record.status is not BookingStatus.BOOKED:
            held.previews += 1
            return
        text = record_text(record)
        if _NUL in text:
            raise FieldInvalid("a text holds the character NUL", place=record.place)
        key = reference_key(movement_of(record))
        if key is not None:
            self._references[statement_identity(held.start)].add(key)
        self._file.write(f"{text}\n".encode())
        held.booked += 1

    def _booked(self, held: _Statement) -> Iterator[BankTransaction]:
        self._file.seek(held.offset)
        for _ in range(held.booked):
            yield record_from_text(self._file.readline().decode())

    def _check_account(self) -> None:
        if self._statements:
            return
        if not self._others:
            raise FileUnreadable("the file holds no statement")
        raise WrongAccount(
            f"the file is of {', '.join(self._others)}, not of {self._account.iban}",
            mend="Choose the bank account the file is of",
        )

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
from faktura.domain.movement_keys import reference_key
from faktura.kernel.errors import FieldInvalid, FileUnreadable, PluginBroken, WrongAccount
from faktura.kernel.money import Money
from faktura.plugin import (
    BankTransaction,
    BookingStatus,
    StatementEnd,
    StatementKind,
    StatementRecord,
    StatementStart,
)
from faktura.services.movement_view import movement_of, record_from_text, record_text
from faktura.services.parsed_statements import ParsedStatement

# PostgreSQL stores no NUL, and no honest text has one.
_NUL = "\\u0000"


@dataclass(slots=True)
class _Group:
    """The pages of one statement; which of its bank references stand for more than one movement."""

    number: int
    pages: set[int] = field(default_factory=set)
    seen: set[bytes] = field(default_factory=set)
    repeated: set[bytes] = field(default_factory=set)

    def add(self, key: bytes) -> None:
        (self.repeated if key in self.seen else self.seen).add(key)


@dataclass(slots=True)
class _Statement:
    start: StatementStart
    group: _Group
    offset: int
    booked: int = 0
    previews: int = 0
    sums: dict[str, int] = field(default_factory=dict)

    @property
    def booked_sum(self) -> Money | None:
        if len(self.sums) > 1:
            return None
        return next((Money(minor, currency) for currency, minor in self.sums.items()), None)


@dataclass(frozen=True, slots=True)
class _Booked:
    """The booked movements of a statement, as often as they are asked for."""

    file: IO[bytes]
    offset: int
    count: int

    def __iter__(self) -> Iterator[BankTransaction]:
        position = self.offset
        for _ in range(self.count):
            # Whoever reads may read another statement meanwhile.
            self.file.seek(position)
            line = self.file.readline()
            position = self.file.tell()
            yield record_from_text(line.decode())


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
        self._groups: dict[tuple[StatementKind, str], _Group] = {}
        self._others: dict[tuple[str, str], None] = {}
        self._begun = 0

    @property
    def others(self) -> tuple[tuple[str, str], ...]:
        """Accounts that are not imported, with currency where it is given; first the file of each.

        The file is empty where the upload is no archive.
        """
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

    def statements(self) -> list[ParsedStatement]:
        """The statements of the account in file order; their movements stay on disk."""
        nothing = Money.zero(self._account.currency)
        return [
            ParsedStatement(
                held.start,
                end,
                _Booked(self._file, held.offset, held.booked),
                held.previews,
                frozenset(held.group.repeated),
                held.group.number,
                held.booked_sum if held.sums else nothing,
            )
            for held, end in self._statements
        ]

    def _started(self, start: StatementStart) -> _Statement | None:
        currency = start.account_currency
        if not self._account.owns(start.account_iban, start.account_other, currency):
            name = start.account_iban or start.account_other or "an account without number"
            self._others[start.file, f"{name} {currency}" if currency else name] = None
            return None
        return _Statement(start, self._group(start), self._file.tell())

    def _group(self, start: StatementStart) -> _Group:
        """Pages belong together; the same page again, or no page, begins a statement of its own.

        Else a file that stands in an archive twice would make twins of all its movements.
        """
        key = start.kind, start.statement_id if start.sequence is None else str(start.sequence)
        group = self._groups.get(key)
        if group is None or start.page is None or start.page in group.pages:
            self._begun += 1
            self._groups[key] = group = _Group(self._begun)
        if start.page is not None:
            group.pages.add(start.page)
        return group

    def _take(self, held: _Statement, record: BankTransaction) -> None:
        if record.status is not BookingStatus.BOOKED:
            held.previews += 1
            return
        text = record_text(record)
        if _NUL in text:
            raise FieldInvalid("a text holds the character NUL", place=record.place)
        movement = movement_of(record)
        key = reference_key(movement)
        if key is not None:
            held.group.add(key)
        currency = movement.amount.currency
        held.sums[currency] = held.sums.get(currency, 0) + movement.amount.minor
        self._file.write(f"{text}\n".encode())
        held.booked += 1

    def _check_account(self) -> None:
        if self._statements:
            return
        if not self._others:
            raise FileUnreadable("the file holds no statement")
        named = ", ".join(dict.fromkeys(other for _, other in self._others))
        raise WrongAccount(
            f"the file is of {named}, not of {self._account.iban}",
            mend="Choose the bank account the file is of",
        )

"""Files of collective debits: what is kept of one, until when the bank takes it, how many it holds.

A file's items are attempts; what a bank may credit in one sum is a block of them (F101, P41, P42).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, islice
from typing import Final, TypeVar
from uuid import UUID

from faktura.domain.tight_text import tight
from faktura.kernel.errors import OutOfRange
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import FileState, MandateScheme

T = TypeVar("T")

# What our ids are made of, so that they are found in a statement's text without being known.
_PREFIX, _MARK, _TAIL = "FKT", "X", 12
_WRITTEN: Final = re.compile(f"{_PREFIX}([0-9]+){_MARK}([0-9A-F]{{{_TAIL}}})")
_LONGEST: Final = 31  # payment blocks add a number to it and are 35 characters at most


@dataclass(frozen=True, slots=True)
class DebitBlock:
    """What the bank may credit in one sum, by the id under which statements name it."""

    id: str
    attempts: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it was made; its bytes lie in the content store under `digest` (SHA-256).

    `no` counts the files of an account from 1. `submit_until` is the cut-off of its earliest debit,
    exclusive, UTC. `accounts` are the IBANs that it debits, by attempt.
    `reason` says why it was cancelled.
    """

    instance: str
    no: int
    message_id: str
    filename: str
    media_type: str
    digest: bytes
    items: int
    total: Money
    scheme: MandateScheme
    first_due_on: date
    last_due_on: date
    submit_until: datetime
    created_at: datetime
    blocks: tuple[DebitBlock, ...]
    accounts: Mapping[UUID, str]
    state: FileState = FileState.MADE
    handed_in_at: datetime | None = None
    cancelled_at: datetime | None = None
    reason: str | None = None

    @property
    def attempts(self) -> tuple[UUID, ...]:
        """Its debits, in the order of the file."""
        return tuple(one for block in self.blocks for one in block.attempts)

    def is_late(self, now: datetime) -> bool:
        """Whether the bank would collect it later than it says: the cut-off passed."""
        return self.state is FileState.MADE and now >= self.submit_until


def message_id_of(no: int, own: UUID) -> str:
    """The id of an account's file of that number, with the end of a new id: no file ever has it again.

    It stays one where two installations hand in over one bank account.
    """
    found = f"{_PREFIX}{no}-{_MARK}{own.hex[-_TAIL:].upper()}"
    if no < 1 or len(found) > _LONGEST:
        raise OutOfRange(f"there is no message id for file {no}")
    return found


def message_ids_in(text: str) -> frozenset[str]:
    """The ids of ours that stand in a statement's text, however the bank set and cut them."""
    return frozenset(f"{_PREFIX}{no}-{_MARK}{tail}" for no, tail in _WRITTEN.findall(tight(text)))


def cut(
    items: Iterable[T], scheme_of: Callable[[T], MandateScheme], most: int
) -> Iterator[tuple[T, ...]]:
    """The files' items in their order: one scheme a file, at most so many of them (F101)."""
    for _, members in groupby(sorted(items, key=scheme_of), key=scheme_of):
        left = iter(members)
        while some := tuple(islice(left, most)):
            yield some

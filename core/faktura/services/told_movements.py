"""Which of an account's equal movements a statement proper tells of (P40).

Equal movements without a reference of their own are counted over the statements: the one of number 8
is never the one of number 7, and the same page again tells of the same ones.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from uuid import UUID

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.movement_keys import Identity, next_key, reference_key, told_key
from faktura.domain.movements import Movement
from faktura.domain.statement_places import Equal, Equals, Telling, is_same_place, verdict
from faktura.store.movement_sources import Alias, KnownMovement, known_movements
from faktura.store.movement_tellings import read_tellings, told_in, told_source
from faktura.store.transaction import Tx


class Tellings:
    """Who told of movements: statements proper of one format, by their numbers and pages."""

    def __init__(self, tx: Tx, account: BankAccount, format_name: str, source: str) -> None:
        self._tx = tx
        self._account = account
        self._format = format_name
        self._source = source
        self._read: dict[UUID, Telling | None] = {}

    def of(self, movements: Iterable[KnownMovement]) -> dict[UUID, list[Telling]]:
        """By movement, the statements of this format that told of it; empty of other sources'."""
        own = {one.id: one for one in movements}
        statements = told_in(self._tx, own)
        for one in own.values():
            statements.setdefault(one.id, set()).add(one.statement_id)
        unread = {id_ for ids in statements.values() for id_ in ids} - self._read.keys()
        found = read_tellings(self._tx, self._account, self._format, unread) if unread else {}
        self._read |= {id_: found.get(id_) for id_ in unread}
        return {
            id_: [
                telling
                for statement_id in sorted(ids)
                if (telling := self._read[statement_id]) is not None
                and self._is_proper(telling, own[id_])
            ]
            for id_, ids in statements.items()
        }

    def _is_proper(self, telling: Telling, movement: KnownMovement) -> bool:
        """Reports of a day come in files of the same format; they are kept without a number."""
        return (
            telling.number is not None
            or telling.id != movement.statement_id
            or movement.source == self._source
        )

    def fits(self, own: Telling, movements: Iterable[KnownMovement]) -> dict[UUID, bool | None]:
        """By movement, whether `own` may tell of it; None where nobody can tell."""
        return {id_: verdict(own, told) for id_, told in self.of(movements).items()}

    def news(self, own: Telling, movements: Iterable[KnownMovement]) -> list[Alias]:
        """What to keep of `own` having told of movements that were there."""
        return [
            Alias(told_key(own.id, id_), id_, told_source(own.id))
            for id_, told in self.of(movements).items()
            if not _is_kept(own, told)
        ]


def _is_kept(own: Telling, told: Sequence[Telling]) -> bool:
    if own.number is None and told:
        return True
    return any(is_same_place(own, other) for other in told)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A movement on its way in, with what it is called if nobody told of its like before."""

    movement: Movement
    identity: Identity


class Identities:
    """Gives movements of statements proper their keys, in the order of one delivery.

    `remembers` where several statements are delivered: none of them is written when it is asked.
    """

    def __init__(
        self, tx: Tx, account: BankAccount, tellings: Tellings, *, remembers: bool
    ) -> None:
        self._tx = tx
        self._account = account
        self._tellings = tellings
        self._remembers = remembers
        self._equals: dict[bytes, Equals] = {}
        self._complete: set[bytes] = set()

    def of(self, own: Telling, wanted: Sequence[Wanted]) -> list[tuple[bytes, bool]]:
        """The key of each, and whether it is new only by doubt."""
        self._load(own, wanted)
        return [self._key(own, one) for one in wanted]

    def _load(self, own: Telling, wanted: Sequence[Wanted]) -> None:
        """Read of each one's equals as many as explain it, or all."""
        count = Counter(one.identity.first for one in wanted)
        left = {one.identity.first: one.movement for one in wanted}
        step = 1
        while left := {
            first: one for first, one in left.items() if self._is_short(own, first, count)
        }:
            keys = {first: self._next(one, first, step) for first, one in left.items()}
            known = known_movements(
                self._tx, self._account.id, [key for some in keys.values() for key in some]
            )
            told = self._tellings.of(known.values())
            for first, some in keys.items():
                found = list(takewhile(known.__contains__, some))
                for key in found:
                    self._add(own, first, Equal(key, told[known[key].id]))
                if len(found) < len(some):
                    del left[first]
                    if self._remembers:
                        self._complete.add(first)
            # Most have no equal, a few have thousands.
            step *= 2

    def _is_short(self, own: Telling, first: bytes, wanted: Counter[bytes]) -> bool:
        equals = self._equals.get(first)
        return first not in self._complete and (
            equals is None or equals.fitting(own) < wanted[first]
        )

    def _next(self, movement: Movement, first: bytes, step: int) -> list[bytes]:
        there = len(self._equals.get(first, ()))
        return [next_key(movement, first, there + no) for no in range(step)]

    def _add(self, own: Telling, first: bytes, one: Equal) -> None:
        # What an earlier part of this statement brought is no other's.
        if any(told.id == own.id for told in one.tellings):
            one.used_by = own.id
        self._equals.setdefault(first, Equals()).add(one)

    def _key(self, own: Telling, one: Wanted) -> tuple[bytes, bool]:
        first = one.identity.first
        equals = self._equals.get(first)
        if equals is None:
            if not self._remembers:
                return one.identity.key(one.movement), False
            equals = self._equals[first] = Equals()
        found, is_doubtful = equals.choose(own)
        if found is not None:
            return found.key, False
        # One reference says that it is one booking, two numbers say that it is not.
        is_doubtful = is_doubtful or (len(equals) > 0 and first == reference_key(one.movement))
        key = next_key(one.movement, first, len(equals))
        equals.begin(key, own)
        return key, is_doubtful

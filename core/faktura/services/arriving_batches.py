"""Collective entries that arrive in one message and their details in another (banking 2.5)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from uuid import UUID

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.batch_details import EntryFacts, may_be_same_entry, only_match
from faktura.domain.movements import Movement
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.money import Money, total
from faktura.plugin import BankTransaction
from faktura.services.movement_view import record_from_text
from faktura.store.movement_sources import (
    KnownMovement,
    details_of_days,
    expand,
    movements_of_amounts,
)
from faktura.store.transaction import Tx

# Business transaction codes of collective bookings (DK list): ours in and out.
_COLLECTIVE = frozenset({"188", "189", "191", "192", "194", "195", "196", "197"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record on its way in, with its key and what other sources would share with it.

    `is_doubtful` where nobody can tell whether a statement of its kind brought it before.
    """

    record: BankTransaction
    movement: Movement
    key: bytes
    cross_key: bytes
    is_doubtful: bool = False


Entry = Sequence[Arrival]
# Neither is booked: what resembles them is no second booking.
NOT_BOOKED = frozenset({MovementState.PREVIEW, MovementState.EXPANDED})


@dataclass(slots=True)
class Found:
    """What became of some entries.

    `placed` have their statement and state, `left` are as if there were no batches. `known_by` are
    keys of details whose money a movement stands for already; `booked_now` are previews that have
    their booking. `expanded` counts the movements whose details stand for them from now on.
    """

    left: list[Arrival] = field(default_factory=list)
    placed: list[tuple[UUID, Arrival, MovementState]] = field(default_factory=list)
    known_by: list[tuple[bytes, UUID]] = field(default_factory=list)
    booked_now: list[UUID] = field(default_factory=list)
    expanded: int = 0


def entries_of(arrivals: Iterable[Arrival]) -> Iterator[Entry]:
    """The movements entry by entry."""
    for _, entry in groupby(arrivals, key=lambda one: one.record.entry_index):
        yield from _split(list(entry))


def _split(arrivals: Entry) -> Iterator[Entry]:
    """Entries of one index that are none of one batch stand apart."""
    if all(one.record.detail_count > 1 for one in arrivals):
        yield arrivals
    else:
        yield from ([one] for one in arrivals)


class Batches:
    """Finds what an account has of the same entries; `books` as the delivery does."""

    def __init__(self, tx: Tx, account: BankAccount, *, books: bool) -> None:
        self._tx = tx
        self._account = account
        self._books = books

    def found(self, statement_id: UUID, entries: Iterable[Entry]) -> Found:
        """What becomes of entries that nobody knows by their keys."""
        found = Found()
        split: list[Entry] = []
        whole: list[Arrival] = []
        for entry in entries:
            if _is_complete(entry):
                split.append(entry)
            elif len(entry) == 1 and _is_collective(entry[0].record):
                whole.append(entry[0])
            else:
                found.left += entry
        self._take_details(statement_id, split, found)
        self._take_whole(statement_id, whole, found)
        return found

    def doubted(self, arrivals: Iterable[Arrival]) -> set[bytes]:
        """The keys of those that may be booked already, once as a sum and once in parts."""
        entries = list(entries_of(arrivals))
        split = [entry for entry in entries if _is_complete(entry)]
        whole = [e[0] for e in entries if len(e) == 1 and _is_collective(e[0].record)]
        facts = [_facts_of(entry) for entry in split]
        sums = _booked(self._sums(facts)) if facts else []
        details = _booked_details(self._details(whole)) if whole else []
        found = [
            entry for entry, own in zip(split, facts, strict=True) if self._is_doubtful(own, sums)
        ]
        found += [[one] for one in whole if self._is_doubtful(_facts_of([one]), details)]
        return {one.key for entry in found for one in entry}

    def _take_details(self, statement_id: UUID, entries: Sequence[Entry], found: Found) -> None:
        """Details of a batch: they take the place of the movement that stands for all of them."""
        facts = [_facts_of(entry) for entry in entries]
        there = self._sums(facts)
        booked = _booked(there)
        for entry, own in zip(entries, facts, strict=True):
            movement = only_match(own, there)
            if movement is None and self._is_doubtful(own, booked):
                found.placed += [(statement_id, one, MovementState.HELD) for one in entry]
            else:
                self._place(statement_id, entry, movement, found)

    def _sums(self, facts: Iterable[EntryFacts]) -> list[tuple[EntryFacts, KnownMovement]]:
        """What may stand for all details of one of these."""
        wanted = {(one.booked_on, one.amount) for one in facts}
        return [
            (_facts(one.booked_on, one.amount, [record]), one)
            for one in movements_of_amounts(self._tx, self._account.id, wanted)
            if (record := record_from_text(one.data)).detail_count == 1
        ]

    def _is_doubtful(self, own: EntryFacts, booked: Iterable[EntryFacts]) -> bool:
        """Whether it may be booked already, once as a sum and once in parts, without common names."""
        return self._books and any(may_be_same_entry(own, one) for one in booked)

    def _place(
        self, statement_id: UUID, entry: Entry, movement: KnownMovement | None, found: Found
    ) -> None:
        notified = movement is not None and movement.state is MovementState.PREVIEW
        if movement is None or (notified and not self._books):
            found.left += entry
        elif movement.state in (MovementState.OPEN, MovementState.PREVIEW) and expand(
            self._tx, movement.id
        ):
            # The balances of its own statement vouch for what was booked there.
            home = statement_id if self._books else movement.statement_id
            found.placed += [(home, one, MovementState.OPEN) for one in entry]
            found.expanded += 1
        else:
            found.known_by += [(one.key, movement.id) for one in entry]

    def _take_whole(self, statement_id: UUID, whole: Sequence[Arrival], found: Found) -> None:
        """A batch without details: they may be there, notified before or split by another file."""
        if not whole:
            return
        there = self._details(whole)
        booked = _booked_details(there)
        for one in whole:
            own = _facts(one.movement.booked_on, one.movement.amount, [one.record])
            details = only_match(own, there)
            if details is None and self._is_doubtful(own, booked):
                found.placed.append((statement_id, one, MovementState.HELD))
                continue
            if details is None:
                found.left.append(one)
                continue
            found.placed.append((statement_id, one, MovementState.EXPANDED))
            if self._books:
                found.booked_now += [
                    detail.id for detail in details if detail.state is MovementState.PREVIEW
                ]

    def _details(self, whole: Iterable[Arrival]) -> list[tuple[EntryFacts, list[KnownMovement]]]:
        """The details that are there of the same days."""
        days = {one.movement.booked_on for one in whole}
        return [
            (_facts(details[0].booked_on, _sum(details), records), details)
            for details, records in self._detailed(days)
        ]

    def _detailed(
        self, days: set[date]
    ) -> Iterator[tuple[list[KnownMovement], list[BankTransaction]]]:
        """The details of each entry of these days of which all are there."""
        entries: dict[tuple[object, ...], list[tuple[KnownMovement, BankTransaction]]] = {}
        for one in details_of_days(self._tx, self._account.id, days):
            record = record_from_text(one.data)
            key = one.statement_id, one.source, record.entry_index, record.detail_count
            entries.setdefault(key, []).append((one, record))
        for details in entries.values():
            if len(details) == details[0][1].detail_count:
                yield [one for one, _ in details], [record for _, record in details]


def _booked(there: Iterable[tuple[EntryFacts, KnownMovement]]) -> list[EntryFacts]:
    return [
        fact
        for fact, one in there
        if one.state not in NOT_BOOKED and _is_collective(record_from_text(one.data))
    ]


def _booked_details(
    there: Iterable[tuple[EntryFacts, list[KnownMovement]]],
) -> list[EntryFacts]:
    return [
        fact for fact, details in there if any(detail.state not in NOT_BOOKED for detail in details)
    ]


def _is_complete(entry: Entry) -> bool:
    return len(entry) == entry[0].record.detail_count and len(entry) > 1


def _is_collective(record: BankTransaction) -> bool:
    named = record.batch_payment_id or record.batch_message_id or record.batch_count
    return record.detail_count == 1 and (named is not None or record.gvc in _COLLECTIVE)


def _facts_of(entry: Entry) -> EntryFacts:
    amount = total([one.movement.amount for one in entry], entry[0].movement.amount.currency)
    return _facts(entry[0].movement.booked_on, amount, [one.record for one in entry])


def _facts(booked_on: date, amount: Money, records: Sequence[BankTransaction]) -> EntryFacts:
    first = records[0]
    # What all details share is the entry's; what differs is each detail's own.
    shared = [frozenset({one.source_ref, one.entry_ref}) - {None} for one in records]
    references = shared[0].intersection(*shared[1:])
    return EntryFacts(
        booked_on,
        amount,
        first.batch_payment_id,
        first.batch_message_id,
        frozenset(ref for ref in references if ref),
        first.batch_count,
    )


def _sum(details: Sequence[KnownMovement]) -> Money:
    return total([one.amount for one in details], details[0].amount.currency)

"""Movements on their way in: which are new, and which somebody delivered before (P40).

Statements, the day's reports, notifications and feeds tell of one booking each in their words. By
its key a movement is known at once. Else movements of another source that say the same are counted:
as many as that source has, and this one has not delivered yet, are the same ones.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from uuid import UUID

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.matches import Outcome
from faktura.domain.movement_keys import cross_key, named_key, other_key
from faktura.domain.movements import Movement
from faktura.domain.statement_places import Telling
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.canonical import canonical_json
from faktura.plugin import BankTransaction
from faktura.services.arriving_batches import NOT_BOOKED, Arrival, Batches, entries_of
from faktura.services.movement_view import movement_of, record_from_text, record_text
from faktura.services.statement_reports import Tally
from faktura.services.told_movements import Tellings
from faktura.store.movement_sources import (
    Alias,
    KnownMovement,
    has_other_sources,
    known_aliases,
    known_movements,
    let_wait,
    unnamed_movements,
    unnamed_of_amounts,
    write_aliases,
)
from faktura.store.movements import DecisionRow, write_decisions
from faktura.store.statements import MovementRow, write_movements
from faktura.store.transaction import Tx

DOUBTFUL = "doubtful"
_RULE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who delivers, and whether what it delivers is booked: camt.054 mostly is not."""

    source: str
    books: bool


class Arrivals:
    """The movements of one delivery to an account, which the caller has locked.

    `told` of statements proper: what other ones told of is none of theirs.
    """

    def __init__(
        self, tx: Tx, account: BankAccount, delivery: Delivery, told: Tellings | None = None
    ) -> None:
        self._tx = tx
        self._account = account
        self._source = delivery.source
        self._books = delivery.books
        self._told = told
        self._batches = Batches(tx, account, books=delivery.books)
        self.may_be_told_twice = has_other_sources(tx, account.id, delivery.source)

    def name_known(self, arrivals: Sequence[Arrival]) -> None:
        """Keep that this source has delivered what others delivered under the same key.

        Of the whole delivery before any of it is taken: then what is left to others is known.
        """
        known = known_movements(self._tx, self._account.id, [one.key for one in arrivals])
        names = {
            named_key(self._source, key): movement.id
            for key, movement in known.items()
            if movement.source not in (None, self._source)
        }
        there = known_aliases(self._tx, self._account.id, names)
        self._keep(Alias(key, id_, self._source) for key, id_ in names.items() if key not in there)

    def take(self, own: Telling, arrivals: Sequence[Arrival], tally: Tally) -> None:
        """Add what is new of these movements of a statement, whole entries of it."""
        statement_id = own.id
        left = self._without_known(own, arrivals, tally)
        if self.may_be_told_twice:
            left = self._without_told_elsewhere(own, left, tally)
        doubted = [one for one in left if one.is_doubtful]
        found = self._batches.found(
            statement_id, entries_of(one for one in left if not one.is_doubtful)
        )
        found.left += doubted
        self._keep(Alias(key, id_, self._source) for key, id_ in found.known_by)
        tally.duplicates += len(found.known_by)
        tally.expanded += found.expanded
        self._wait(found.booked_now, statement_id)
        tally.new += len(found.booked_now)
        rows = [
            self._row(statement, one, state)
            for statement, one, state in (*found.placed, *self._states(statement_id, found.left))
        ]
        write_movements(self._tx, self._account.id, rows)
        _count(rows, tally)
        self._say_why(row.id for row in rows if row.state is MovementState.HELD)

    def _without_known(
        self, own: Telling, arrivals: Sequence[Arrival], tally: Tally
    ) -> list[Arrival]:
        known = known_movements(self._tx, self._account.id, [one.key for one in arrivals])
        left = [one for one in arrivals if one.key not in known]
        renamed = self._known_otherwise(left)
        fits = self._told.fits(own, renamed.values()) if self._told else {}
        same = {key: one for key, one in renamed.items() if fits.get(one.id, True)}
        doubted = {key for key, one in renamed.items() if fits.get(one.id, True) is None}
        self._keep(Alias(key, movement.id, self._source) for key, movement in same.items())
        known |= same
        self._again(own, [(one, known[one.key]) for one in arrivals if one.key in known], tally)
        return [
            replace(one, is_doubtful=True) if one.key in doubted else one
            for one in left
            if one.key not in same
        ]

    def _known_otherwise(self, arrivals: Sequence[Arrival]) -> dict[bytes, KnownMovement]:
        """By key, movements whose reference stood alone before and twice now, or the reverse.

        A report that grows during the day brings a twin of what it had, under the same reference.
        """
        others = [(other_key(one.movement, one.key), one) for one in arrivals]
        wanted = {other for other, _ in others if other is not None}
        known = known_movements(self._tx, self._account.id, wanted, with_data=True)
        found: dict[UUID, tuple[bytes, KnownMovement]] = {}
        for other, one in others:
            movement = known.get(other) if other is not None else None
            if movement is not None and self._is_same(one, movement):
                found.setdefault(movement.id, (one.key, movement))
        return dict(found.values())

    def _is_same(self, one: Arrival, movement: KnownMovement) -> bool:
        """Whether both have one reference and say the same; another source has references of its own."""
        record = record_from_text(movement.data)
        same_reference = one.record.source_ref == record.source_ref
        return (same_reference or movement.source != self._source) and (
            one.cross_key == cross_key(movement_of(record))
        )

    def _without_told_elsewhere(
        self, own: Telling, arrivals: Sequence[Arrival], tally: Tally
    ) -> list[Arrival]:
        keys = {one.cross_key for one in arrivals}
        unnamed = unnamed_movements(self._tx, self._account.id, self._source, keys)
        left: list[Arrival] = []
        same: list[tuple[Arrival, KnownMovement]] = []
        for one in arrivals:
            there = unnamed.get(one.cross_key)
            if there:
                same.append((one, there.pop(0)))
            else:
                left.append(one)
        self._keep(Alias(one.key, movement.id, self._source) for one, movement in same)
        self._again(own, same, tally)
        return left

    def _again(
        self, own: Telling, known: Sequence[tuple[Arrival, KnownMovement]], tally: Tally
    ) -> None:
        """Movements that are there: of previews this may be the booking."""
        notified = [
            (one, movement)
            for one, movement in known
            if self._books and movement.state is MovementState.PREVIEW
        ]
        doubted = self._batches.doubted(one for one, _ in notified)
        held = [movement.id for one, movement in notified if one.key in doubted]
        self._wait([m.id for one, m in notified if one.key not in doubted], own.id)
        self._wait(held, own.id, MovementState.HELD)
        self._say_why(held)
        booked = {movement.id for _, movement in notified}
        if self._told:
            others = [movement for _, movement in known if movement.id not in booked]
            self._keep(self._told.news(own, others))
        tally.new += len(notified) - len(held)
        tally.held += len(held)
        tally.duplicates += len(known) - len(notified)

    def _wait(
        self,
        previews: Sequence[UUID],
        statement_id: UUID,
        state: MovementState = MovementState.OPEN,
    ) -> None:
        let_wait(self._tx, previews, statement_id, state)

    def _states(
        self, statement_id: UUID, arrivals: Sequence[Arrival]
    ) -> list[tuple[UUID, Arrival, MovementState]]:
        if not self._books:
            return [(statement_id, one, MovementState.PREVIEW) for one in arrivals]
        near = self._near(arrivals) if self.may_be_told_twice else _Near([])
        return [
            (
                statement_id,
                one,
                MovementState.HELD
                if one.is_doubtful or one.record.is_doubtful or near.takes(one.movement)
                else MovementState.OPEN,
            )
            for one in arrivals
        ]

    def _near(self, arrivals: Sequence[Arrival]) -> "_Near":
        wanted = {(one.movement.booked_on, one.movement.amount) for one in arrivals}
        found = unnamed_of_amounts(self._tx, self._account.id, self._source, wanted)
        return _Near([one for one in found if one.state not in NOT_BOOKED])

    def _row(self, statement_id: UUID, one: Arrival, state: MovementState) -> MovementRow:
        movement, record = one.movement, one.record
        return MovementRow(
            self._tx.new_id(),
            statement_id,
            one.key,
            movement.booked_on,
            movement.value_on,
            movement.amount,
            record.counterparty_name or "",
            movement.end_to_end_id,
            record_text(record),
            state,
            self._source,
            one.cross_key,
        )

    def _keep(self, aliases: Iterable[Alias]) -> None:
        write_aliases(self._tx, self._account.id, aliases)

    def _say_why(self, held: Iterable[UUID]) -> None:
        reason = "it may be one that came before: let it count, or dismiss it"
        proof = canonical_json({"text": ""})
        write_decisions(
            self._tx,
            [
                DecisionRow(id_, Outcome.OPEN, DOUBTFUL, _RULE_VERSION, reason, proof)
                for id_ in held
            ],
        )


class _Near:
    """Movements of other sources that are like one in all but their text; each only once."""

    def __init__(self, movements: Sequence[KnownMovement]) -> None:
        ordered = sorted(movements, key=_day_and_amount)
        self._left = {key: list(alike) for key, alike in groupby(ordered, key=_day_and_amount)}

    def takes(self, movement: Movement) -> bool:
        """Whether there is one more, which then is taken."""
        left = self._left.get(_day_and_amount(movement), [])
        for place, one in enumerate(left):
            if _may_be_same_payer(movement, record_from_text(one.data)):
                del left[place]
                return True
        return False


def _day_and_amount(one: KnownMovement | Movement) -> tuple[date, int, str]:
    return one.booked_on, one.amount.minor, one.amount.currency


def _may_be_same_payer(movement: Movement, record: BankTransaction) -> bool:
    """Sources that do not say from which account it came contradict nobody."""
    ibans = {movement.counterparty_iban, record.counterparty_iban} - {None}
    return len(ibans) < 2


def _count(rows: Sequence[MovementRow], tally: Tally) -> None:
    for row in rows:
        match row.state:
            case MovementState.HELD:
                tally.held += 1
            case MovementState.PREVIEW:
                tally.previews += 1
            case MovementState.EXPANDED:
                tally.duplicates += 1
            case _:
                tally.new += 1


def arrival_of(
    record: BankTransaction, movement: Movement, key: bytes, *, is_doubtful: bool = False
) -> Arrival:
    """A record with the keys that it is known by."""
    return Arrival(record, movement, key, cross_key(movement), is_doubtful)

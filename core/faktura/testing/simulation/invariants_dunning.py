"""Dunning hits only what is open and due, a level at a time; what waits for a person says why."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from faktura.store.simulation_books import last_seal
from faktura.store.simulation_life import (
    DunnedItem,
    allocated_before,
    dunned_since,
    held_contracts,
    stops_over,
)
from faktura.store.simulation_outbox import failures
from faktura.store.transaction import Tx
from faktura.testing.simulation.driver import Day
from faktura.testing.simulation.invariants import Breach, Invariant

# What a defect of ours is called: no person could do anything about it.
_UNNAMED = "unexpected"


@dataclass(slots=True)
class DunnedRightly:
    """A dunned document was open, due and not stopped, and its level follows the one before.

    A level is reached so many days after the due day, or after the level before, as the tenant says.
    """

    seal: int = 0
    _reached: dict[UUID, tuple[int, date]] = field(default_factory=dict)

    def look(self, tx: Tx, day: Day) -> Iterator[Breach]:
        """Notices behind the last seal seen."""
        for item in dunned_since(tx, self.seal):
            place = f"document {item.number}"
            for problem in (*self._problems(tx, item), *self._too_early(item, day)):
                yield Breach(Invariant.DUNNED_RIGHTLY, place, problem)
            if item.level > self._reached.get(item.document_id, (0, date.min))[0]:
                self._reached[item.document_id] = item.level, item.dunned_on
        self.seal = last_seal(tx)

    def _problems(self, tx: Tx, item: DunnedItem) -> Iterator[str]:
        left = item.gross - allocated_before(tx, item.document_id, item.seal)
        if item.open <= 0 or item.open != left:
            yield f"it was dunned over {item.open} when {left} was open of it"
        if item.due_on >= item.dunned_on:
            yield f"it was dunned on {item.dunned_on} and due on {item.due_on}"
        before, _ = self._reached.get(item.document_id, (0, date.min))
        # What is overdue and not at its next level yet stands on the notice as it is (F084).
        if not before <= item.level <= before + 1:
            yield f"level {item.level} follows level {before}"
        for reason in stops_over(tx, item):
            yield f"it was dunned in spite of a stop: {reason}"

    def _too_early(self, item: DunnedItem, day: Day) -> Iterator[str]:
        if item.dunned_on > day.date:
            yield f"it was dunned on {item.dunned_on}, which is to come"
        before, since = self._reached.get(item.document_id, (0, item.due_on))
        for level in day.tenant.dunning.levels[before : item.level]:
            if (item.dunned_on - since).days < level.days:
                yield f"it reached level {item.level} within {level.days} days of {since}"


@dataclass(slots=True)
class ReasonsNamed:
    """A quarantined contract or job says what is wrong, by an error that has a name."""

    def look(self, tx: Tx, _day: Day) -> Iterator[Breach]:
        """All that waits for a person: it is never much."""
        waiting = [
            (f"contract {one.number}", f"{one.code}: {one.problem}" if one.code else one.problem)
            for one in held_contracts(tx)
        ]
        waiting += [(one.place, one.reason) for one in failures(tx)]
        for place, reason in waiting:
            if not reason.strip(" :") or _UNNAMED in reason.lower():
                problem = f"it waits for a person without a named reason: {reason or 'none'}"
                yield Breach(Invariant.REASONS_NAMED, place, problem)

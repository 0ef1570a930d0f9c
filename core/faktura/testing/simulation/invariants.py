"""What must hold on every evening of a simulation, and the watch that looks at it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Protocol

from faktura.store.transaction import Tx
from faktura.testing.simulation.driver import Day


@unique
class Invariant(StrEnum):
    """The invariants; their names stand in receipts."""

    BILLED_AT_MOST_ONCE = "BILLED_AT_MOST_ONCE"
    BILLED_WHEN_DUE = "BILLED_WHEN_DUE"
    DOCUMENTS_ADD_UP = "DOCUMENTS_ADD_UP"
    NUMBERS_GAPLESS = "NUMBERS_GAPLESS"
    ACCOUNTS_AGREE = "ACCOUNTS_AGREE"
    ALLOCATED_WITHIN_BOUNDS = "ALLOCATED_WITHIN_BOUNDS"
    JOURNAL_BALANCED = "JOURNAL_BALANCED"
    CHARGED_AT_MOST_ONCE = "CHARGED_AT_MOST_ONCE"
    PROVIDER_AGREES = "PROVIDER_AGREES"
    BANK_AGREES = "BANK_AGREES"
    MOVEMENT_BOOKED_ONCE = "MOVEMENT_BOOKED_ONCE"
    DUNNED_RIGHTLY = "DUNNED_RIGHTLY"
    MAILED_AT_MOST_ONCE = "MAILED_AT_MOST_ONCE"
    FACTS_DELIVERED_IN_ORDER = "FACTS_DELIVERED_IN_ORDER"
    EXPORTED_ONCE = "EXPORTED_ONCE"
    REASONS_NAMED = "REASONS_NAMED"
    BOOKS_PROVED = "BOOKS_PROVED"


@dataclass(frozen=True, slots=True)
class Breach:
    """A place where an invariant does not hold."""

    invariant: Invariant
    place: str
    problem: str


class Check(Protocol):
    """Looks at what is new since it looked last; one that is new itself looks at everything."""

    def look(self, tx: Tx, day: Day) -> Iterator[Breach]:
        """Every breach that it finds, on one snapshot."""
        ...


@dataclass(frozen=True, slots=True)
class DatedBreach:
    """A breach and the evening on which it was first seen, counted from 1."""

    day: int
    breach: Breach


# So many are kept word for word; all are counted.
_KEPT = 200


@dataclass(slots=True)
class Findings:
    """Breaches in the order in which they were found, each once."""

    broken: int = 0
    kept: list[DatedBreach] = field(default_factory=list)
    _known: set[Breach] = field(default_factory=set)

    def add(self, day: int, breach: Breach) -> None:
        """Keep one that is new."""
        if breach in self._known:
            return
        self._known.add(breach)
        self.broken += 1
        if len(self.kept) < _KEPT:
            self.kept.append(DatedBreach(day, breach))

    @property
    def invariants(self) -> Sequence[Invariant]:
        """The invariants that were broken, in their order."""
        found = {breach.invariant for breach in self._known}
        return [one for one in Invariant if one in found]

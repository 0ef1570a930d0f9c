"""Fees that the bank books apart from the returned debit they belong to (F095, banking 2.4).

A fee belongs to the return that it names by end-to-end id, document or mandate; one that names
nothing, to the only return of the days before on the same account. A fee of several returns, or of a
month, waits for a person.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum, unique
from typing import Self
from uuid import UUID

from faktura.domain.matches import Decision, Hit, Outcome
from faktura.domain.movements import Movement, MovementClass, classify
from faktura.domain.return_texts import end_to_end_in, folded, is_about_return, mandate_in

# How long after the return a fee that names nothing may be booked, by calendar days: a weekend long.
_FOLLOWS = 3
# What is above this is no fee of one return.
_MOST_UNNAMED = 5_000

# The rule by which a fee is booked.
RULE = "return-fee"
_UNKNOWN = "return-fee-unknown"
_FEE_CODES = frozenset({"807", "808"})
_SEVERAL = re.compile(
    r"RUE?CKLASTSCHRIFTEN|RUE?CKGABEN|RETOUREN|MONAT|QUARTAL|ANZAHL:? (?!1\b)"
    r"|\b(?!1 ?[XS])\d+ ?(?:X|STK|STUECK)\b"
    r"|JANUAR|FEBRUAR|MAERZ|APRIL|\bMAI\b|JUNI|JULI|AUGUST|SEPTEMBER|OKTOBER|NOVEMBER|DEZEMBER"
)
_DAY = re.compile(r"\b\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})?")
_BETWEEN = re.compile(r"[\s:;,()]+")
_REFERENCE = re.compile(r"\d{4}|[A-Z]REF\b|\bREF\b|REFERENZ|MANDAT")


@unique
class _Reference(StrEnum):
    """What a fee may name its return by, the strongest first."""

    END_TO_END = "end-to-end id"
    NUMBER = "number"
    MANDATE = "mandate"


@dataclass(frozen=True, slots=True)
class BookedReturn:
    """A returned debit on our account `bank`; `has_fee` where its fee is booked, too.

    One that is not booked itself yet has no fee: it only keeps one that names nothing from another.
    """

    movement_id: UUID
    bank: str
    booked_on: date
    end_to_end_id: str | None
    mandate_id: str | None
    numbers: tuple[str, ...]
    has_fee: bool = False
    is_booked: bool = True


@dataclass(slots=True)
class ReturnBook:
    """Booked returns by what a fee may name them by, and by account and day."""

    _named: dict[tuple[_Reference, str], list[UUID]] = field(default_factory=dict)
    _booked: dict[tuple[str, date], list[UUID]] = field(default_factory=dict)
    _returns: dict[UUID, BookedReturn] = field(default_factory=dict)

    @classmethod
    def of(cls, returns: Iterable[BookedReturn]) -> Self:
        """A book of these."""
        book = cls()
        for one in returns:
            book.add(one)
        return book

    def add(self, one: BookedReturn) -> None:
        """Make a return known."""
        self._returns[one.movement_id] = one
        self._booked.setdefault((one.bank, one.booked_on), []).append(one.movement_id)
        names = [(_Reference.NUMBER, number) for number in one.numbers]
        names.append((_Reference.END_TO_END, one.end_to_end_id or ""))
        names.append((_Reference.MANDATE, one.mandate_id or ""))
        for kind, name in names:
            if name:
                self._named.setdefault((kind, folded(name)), []).append(one.movement_id)

    def take(self, one: BookedReturn) -> None:
        """Its fee is booked."""
        self._returns[one.movement_id] = replace(one, has_fee=True)

    def named(self, words: Iterable[str]) -> list[BookedReturn]:
        """The returns that these words name, by the strongest kind of reference that names any."""
        known = tuple(words)
        for kind in _Reference:
            found = [own for word in known for own in self._named.get((kind, word), ())]
            if found:
                return [self._returns[own] for own in dict.fromkeys(found)]
        return []

    def before(self, bank: str, day: date) -> list[BookedReturn]:
        """The returns on an account that a fee of that day may follow."""
        found = (self._booked.get((bank, one), ()) for one in days_before(day))
        return [self._returns[own] for owns in found for own in owns]


def days_before(day: date) -> list[date]:
    """The days on which the return may be booked whose fee of that day names nothing."""
    return [day - timedelta(days=back) for back in range(_FOLLOWS + 1)]


def is_return_fee(movement: Movement) -> bool:
    """Whether a booking of the bank may be the fee of a returned debit: GVC 807 or 808 (banking 2.4).

    It says so, or names a reference; that of another booking than a return it is nevertheless.
    """
    by_code = movement.gvc in _FEE_CODES or (
        movement.gvc is None and (movement.bank_code or "").endswith("/MDOP/CHRG")
    )
    return (
        by_code
        and movement.amount.minor < 0
        and classify(movement) is MovementClass.BANK
        and (is_about_return(movement.told) or names_something(movement))
    )


def decide_fee(
    movement: Movement, bank: str, book: ReturnBook, hits: tuple[Hit, ...] = ()
) -> Decision[BookedReturn]:
    """FULL with the one return that a fee on our account `bank` belongs to.

    Each return has one fee: a second one waits, as does one whose return is not booked.
    """
    text = folded(movement.told)
    named = book.named(words_of(movement))
    if named:
        return _of_named(movement, named, hits)
    if _SEVERAL.search(text):
        reason = "it is the fee of several returns"
        return Decision(Outcome.OPEN, "return-fee-collective", reason, hits)
    if names_something(movement):
        return _not_booked(hits)
    before = book.before(bank, movement.booked_on)
    is_free = [one.is_booked and not one.has_fee for one in before] == [True]
    if is_free and -movement.amount.minor <= _MOST_UNNAMED:
        return _of(movement, before[0], hits)
    reason = f"it names no return, and {len(before)} were booked in the days before it"
    return Decision(Outcome.OPEN, _UNKNOWN, reason, hits)


def names_something(movement: Movement) -> bool:
    """Whether a fee names a reference, of whatever return."""
    if movement.end_to_end_id or movement.mandate_id:
        return True
    return _REFERENCE.search(_DAY.sub(" ", folded(movement.told))) is not None


def _not_booked(hits: tuple[Hit, ...]) -> Decision[BookedReturn]:
    reason = "the return that it names is not booked"
    return Decision(Outcome.OPEN, _UNKNOWN, reason, hits)


def _of_named(
    movement: Movement, named: Sequence[BookedReturn], hits: tuple[Hit, ...]
) -> Decision[BookedReturn]:
    free = [one for one in named if not one.has_fee]
    if len(free) == 1 and free[0].is_booked:
        return _of(movement, free[0], hits)
    if len(free) == 1:
        return _not_booked(hits)
    if free:
        reason = f"{len(free)} returns are named"
        return Decision(Outcome.OPEN, "return-fee-ambiguous", reason, hits)
    reason = "the fee of the return that it names is booked already"
    return Decision(Outcome.OPEN, "return-fee-known", reason, hits)


def _of(movement: Movement, one: BookedReturn, hits: tuple[Hit, ...]) -> Decision[BookedReturn]:
    debit = one.end_to_end_id or one.mandate_id or ", ".join(one.numbers)
    reason = f"the fee of {abs(movement.amount)} for the return of {debit}"
    return Decision(Outcome.FULL, RULE, reason, hits, (one,))


def words_of(movement: Movement) -> list[str]:
    """What may be a reference, in upper case: the words of the text, its tagged values, the fields."""
    told = movement.told
    tagged = (movement.end_to_end_id, movement.mandate_id, end_to_end_in(told), mandate_in(told))
    return [*(folded(one) for one in tagged if one), *_BETWEEN.split(folded(told))]

"""A collective entry and its details, where a bank sends them apart (banking 2.5).

A statement books 150.00, a notification says of which three debits: they are the same money, so only
one of the two is booked. Sum, day and names must agree exactly.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from faktura.kernel.money import Money

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What an entry says of itself, or its details say together.

    `payment_id` and `message_id` are of our own file behind it, `references` the bank's. `count` is
    how many transactions it says it has.
    """

    booked_on: date
    amount: Money
    payment_id: str | None = None
    message_id: str | None = None
    references: frozenset[str] = frozenset()
    count: int | None = None


def is_same_entry(one: EntryFacts, other: EntryFacts) -> bool:
    """Whether both are one entry: same day and sum, all that both state agrees, a name among it.

    Day and sum alone prove nothing, and one payment block may be booked in two equal parts.
    """
    return _agreement(one, other) is True


def may_be_same_entry(one: EntryFacts, other: EntryFacts) -> bool:
    """Whether nothing speaks for it or against it but day and sum: a person knows."""
    return _agreement(one, other) is None


def _agreement(one: EntryFacts, other: EntryFacts) -> bool | None:
    if (one.booked_on, one.amount) != (other.booked_on, other.amount):
        return False
    if one.count is not None and other.count is not None and one.count != other.count:
        return False
    names = (
        (frozenset({one.payment_id}) - {None}, frozenset({other.payment_id}) - {None}),
        (frozenset({one.message_id}) - {None}, frozenset({other.message_id}) - {None}),
        (one.references, other.references),
    )
    stated = [bool(own & theirs) for own, theirs in names if own and theirs]
    return all(stated) if stated else None


def only_match(entry: EntryFacts, among: Iterable[tuple[EntryFacts, T]]) -> T | None:
    """The one that is the same entry; None where there is none, or more than one."""
    found = [thing for facts, thing in among if is_same_entry(entry, facts)]
    return found[0] if len(found) == 1 else None

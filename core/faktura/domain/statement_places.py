"""Which statements can tell of one booking, and which never do (P40, banking 2.5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from faktura.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Telling:
    """A statement proper, or a page of it, that tells of movements; `name` is the bank's id of it.

    `is_doubtful` where its balances do not add up, or do not follow on its neighbours'.
    """

    id: UUID
    name: str = ""
    number: int | None = None
    page: int | None = None
    opening: Money | None = None
    closing: Money | None = None
    is_doubtful: bool = False


def may_share(one: Telling, other: Telling) -> bool | None:
    """Whether both may tell of one booking: False never, None if what they say contradicts itself.

    Statements of different numbers and different pages of one number never overlap. A statement
    without a number may repeat any other, unless one begins where the other one ended.
    """
    if one.id == other.id:
        return True
    if one.number is None or other.number is None:
        return _without_number(one, other)
    if one.number != other.number or _are_other_pages(one, other):
        return None if one.is_doubtful or other.is_doubtful else False
    if None in (one.page, other.page) and one.page != other.page:
        return True
    # The number of another statement, used once more: both of its balances are others.
    return None if _differ(one.opening, other.opening, one.closing, other.closing) else True


def _without_number(one: Telling, other: Telling) -> bool | None:
    named_alike = one.number == other.number and one.name == other.name
    if named_alike and _are_other_pages(one, other):
        return False
    return None if _follows(one, other) or _follows(other, one) else True


def _are_other_pages(one: Telling, other: Telling) -> bool:
    return None not in (one.page, other.page) and one.page != other.page


def _differ(opening: Money | None, other: Money | None, *closings: Money | None) -> bool:
    stated = None not in (opening, other, *closings)
    return stated and opening != other and closings[0] != closings[1]


def _follows(before: Telling, after: Telling) -> bool:
    """Whether one begins where the other ended, and both moved the balance: else it proves nothing."""
    stated = before.opening, before.closing, after.opening, after.closing
    return (
        None not in stated
        and before.closing == after.opening
        and before.opening != before.closing
        and after.opening != after.closing
        and before.opening != after.closing
    )


def is_same_place(own: Telling, other: Telling) -> bool:
    """Whether both are one page of one number, or one statement."""
    numbered = own.number is not None and (own.number, own.page) == (other.number, other.page)
    return own.id == other.id or numbered


def verdict(own: Telling, tellings: Sequence[Telling]) -> bool | None:
    """Whether a movement that these told of may be one of `own`; None where nobody can tell."""
    verdicts = {may_share(own, other) for other in tellings}
    if False in verdicts:
        return False
    return None if None in verdicts else True


@dataclass(slots=True)
class Equal:
    """One of several equal movements: its key, and who told of it; `used_by` in this delivery."""

    key: bytes
    tellings: list[Telling] = field(default_factory=list)
    used_by: UUID | None = None


class Equals:
    """Equal movements of an account in the order of their keys, as far as they are known."""

    def __init__(self) -> None:
        self._all: list[Equal] = []
        self._own: UUID | None = None
        self._fitting: list[Equal] = []
        self._doubted: list[Equal] = []

    def __len__(self) -> int:
        return len(self._all)

    def add(self, one: Equal) -> None:
        """One more that is there."""
        self._all.append(one)
        self._own = None

    def fitting(self, own: Telling) -> int:
        """How many are there that `own` may tell of next."""
        self._look_at(own)
        return len(self._fitting)

    def choose(self, own: Telling) -> tuple[Equal | None, bool]:
        """The one that `own` tells of; None with whether nobody can tell that it is a new one.

        What its own page told comes first, then what its statement did, then what nobody of its kind
        told yet. One that is doubted is used up too: it explains no second movement.
        """
        self._look_at(own)
        if self._fitting:
            found = self._fitting.pop()
            found.used_by = own.id
            found.tellings.append(own)
            return found, False
        if not self._doubted:
            return None, False
        self._doubted.pop().used_by = own.id
        return None, True

    def begin(self, key: bytes, own: Telling) -> None:
        """One more that `own` brings."""
        self._all.append(Equal(key, [own], own.id))

    def _look_at(self, own: Telling) -> None:
        if self._own == own.id:
            return
        self._own = own.id
        free = [(one, verdict(own, one.tellings)) for one in self._all if one.used_by != own.id]
        ranked = sorted((_rank(own, one), no, one) for no, (one, fits) in enumerate(free) if fits)
        self._fitting = [one for _, _, one in reversed(ranked)]
        self._doubted = [one for one, fits in reversed(free) if fits is None]


def _rank(own: Telling, one: Equal) -> int:
    if any(is_same_place(own, other) for other in one.tellings):
        return 0
    return 1 if one.tellings else 2

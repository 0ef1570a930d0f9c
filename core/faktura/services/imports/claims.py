"""Numbers that are claimed: each may exist once, among the claims and in the house (F063, P22)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from faktura.kernel.errors import NumberTaken
from faktura.services.imports.findings import Spot
from faktura.store.numbers import take_numbers
from faktura.store.taken import Unique, taken
from faktura.store.transaction import Tx


@dataclass(slots=True)
class Claims:
    """The numbers of one kind that are given; `name` is the field they are given in.

    With `what` None nothing that exists is in the way, only what is given twice.
    """

    tx: Tx
    name: str
    what: Unique | None
    given: dict[str, str] = field(default_factory=dict)

    def claim_all(self, wanted: Sequence[tuple[Spot, str]]) -> None:
        """Take each number for its place; where it is not free, NumberTaken is noted there."""
        exist = self._taken([number for _spot, number in wanted])
        for spot, number in wanted:
            with spot.noting():
                self._claim(number, spot.name, exist)

    def free(self, numbers: Collection[str]) -> list[str]:
        """Those of the numbers that nobody has."""
        exist = self._taken(numbers)
        return [number for number in numbers if number not in exist and number not in self.given]

    def _claim(self, number: str, place: str, exist: Collection[str]) -> None:
        if number in exist:
            raise NumberTaken(
                f"“{number}” exists already", place=self.name, mend="Choose another, or leave it"
            )
        if number in self.given:
            raise NumberTaken(
                f"“{number}” is given at {self.given[number]} too",
                place=self.name,
                mend="Give each number once",
            )
        self.given[number] = place

    def _taken(self, numbers: Iterable[str]) -> frozenset[str]:
        return frozenset() if self.what is None else taken(self.tx, self.what, numbers)


def drawn_loudly(name: str, on: date, count: int, claims: Claims) -> Sequence[str]:
    """The next numbers of a range; raises NumberTaken where one exists already (P22)."""
    numbers = take_numbers(claims.tx, name, on, count) if count else []
    free = set(claims.free(numbers))
    for number in numbers:
        if number not in free:
            raise NumberTaken(
                f"the range {name} gives “{number}”, which exists already",
                place=claims.name,
                mend="Give the numbers yourself, or start the range behind it",
            )
    return numbers


def drawn_past(name: str, on: date, count: int, claims: Claims) -> Iterable[str]:
    """The next free numbers of a range whose gaps mean nothing, such as debtor accounts."""
    found: list[str] = []
    while len(found) < count:
        found += claims.free(take_numbers(claims.tx, name, on, count - len(found)))
    return found

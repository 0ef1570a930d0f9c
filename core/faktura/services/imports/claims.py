"""Numbers that a file claims: each may exist once, in the file and in the house (F063, P22)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from faktura.kernel.errors import NumberTaken
from faktura.store.numbers import take_numbers
from faktura.store.transaction import Tx


@dataclass(slots=True)
class Claims:
    """The numbers of one kind: `taken` ones exist, `name` is what files call them."""

    name: str
    taken: frozenset[str]
    given: dict[str, str] = field(default_factory=dict)

    def claim(self, number: str, place: str) -> None:
        """Take a number for the entry at `place`; raises NumberTaken."""
        if number in self.taken:
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

    def is_free(self, number: str) -> bool:
        """Whether nobody has the number."""
        return number not in self.taken and number not in self.given


def drawn_loudly(tx: Tx, name: str, on: date, count: int, claims: Claims) -> Sequence[str]:
    """The next numbers of a range; raises NumberTaken where one exists already (P22)."""
    numbers = take_numbers(tx, name, on, count) if count else []
    for number in numbers:
        if not claims.is_free(number):
            raise NumberTaken(
                f"the range {name} gives “{number}”, which exists already",
                place=claims.name,
                mend="Give the numbers in the file, or start the range behind it",
            )
    return numbers


def drawn_past(tx: Tx, name: str, on: date, count: int, claims: Claims) -> Iterable[str]:
    """The next free numbers of a range whose gaps mean nothing, such as debtor accounts."""
    found: list[str] = []
    while len(found) < count:
        drawn = take_numbers(tx, name, on, count - len(found))
        found += [number for number in drawn if claims.is_free(number)]
    return found

"""Chance from a seed: what happens depends on what it is about, never on the order of asking.

So one more question in one place shifts nothing elsewhere, and a repeated act meets the same fate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

OF = 10_000
"""Chances are given in ten-thousandths."""


@dataclass(frozen=True, slots=True)
class Chance:
    """The dice of a simulation; `key` names what is diced for: texts, numbers and days."""

    seed: int

    def below(self, limit: int, *key: object) -> int:
        """A number from 0 to `limit` - 1."""
        text = "\x1f".join((str(self.seed), *map(str, key)))
        drawn = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
        return drawn % limit

    def between(self, least: int, most: int, *key: object) -> int:
        """A number from `least` to `most`, both inclusive."""
        return least + self.below(most - least + 1, *key)

    def happens(self, chance: int, *key: object) -> bool:
        """Whether something of that chance (in ten-thousandths) happens."""
        return chance > 0 and self.below(OF, *key) < chance

    def choose(self, among: Sequence[T], *key: object) -> T:
        """One of these."""
        return among[self.below(len(among), *key)]


class Bits:
    """Random bits for ids, from the seed: ids are the same in every run."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._drawn = 0

    def __call__(self, bits: int) -> int:
        """The next bits; unlike all others by the count within them."""
        self._drawn += 1
        counted = 40
        high = Chance(self._seed).below(1 << (bits - counted), "ids")
        return high << counted | self._drawn

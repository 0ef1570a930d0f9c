"""What is counted while a company lives: contracts, their days, crashes, faults that were met."""

from collections import Counter
from dataclasses import dataclass, field

from faktura.testing.simulation.chance import Chance


@dataclass(slots=True)
class Counters:
    """Counted since the start; `faults`, `acts` (changes, terminations…), `refused` and `jobs` by name."""

    contracts: int = 0
    contract_days: int = 0
    crashes: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    jobs: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Met:
    """Dices for faults and counts those that are met."""

    chance: Chance
    counters: Counters

    def happens(self, chance: int, name: str, *key: object) -> bool:
        """Whether the fault of that name happens to what `key` names."""
        met = self.chance.happens(chance, name, *key)
        if met:
            self.counters.faults[name] += 1
        return met

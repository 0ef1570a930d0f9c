"""What is simulated: how many contracts, for how long, from which seed, and how much goes wrong."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from faktura.kernel.errors import OutOfRange

MOST_CONTRACTS = 1_000_000
MOST_DAYS = 3_700


@unique
class FaultLevel(StrEnum):
    """How much goes wrong outside and inside; the probabilities stand in `faults.py`."""

    NONE = "NONE"
    LOW = "LOW"
    HIGH = "HIGH"


@dataclass(frozen=True, slots=True)
class Simulation:
    """A wish: so many contracts at the start, so many days from `start` on (inclusive).

    The same wish gives the same ledger, on SQLite and on PostgreSQL. Raises OutOfRange.
    """

    contracts: int
    days: int
    seed: int
    faults: FaultLevel = FaultLevel.LOW
    start: date = date(2026, 1, 1)

    def __post_init__(self) -> None:
        # An existing tenant is lived on without a new contract.
        if not 0 <= self.contracts <= MOST_CONTRACTS:
            raise OutOfRange(
                f"{self.contracts} contracts cannot be simulated",
                place="contracts",
                mend=f"Name 1 to {MOST_CONTRACTS}",
            )
        if not 1 <= self.days <= MOST_DAYS:
            raise OutOfRange(
                f"{self.days} days cannot be simulated",
                place="days",
                mend=f"Name 1 to {MOST_DAYS}",
            )

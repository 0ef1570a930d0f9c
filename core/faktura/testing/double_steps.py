"""What the payment double can be told to do with a call, in place of what it was asked for."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum, unique


@unique
class Do(StrEnum):
    """How one call ends. LOSE, RAISE, GARBAGE and HANG charge first, then give no good answer.

    DROP loses the request itself: nothing is charged and nobody knows. DIFFER says another amount
    than it was asked for.
    """

    SUCCEED = "SUCCEED"
    PEND = "PEND"
    ACT = "ACT"
    DECLINE = "DECLINE"
    REJECT = "REJECT"
    LOSE = "LOSE"
    DROP = "DROP"
    UNAVAILABLE = "UNAVAILABLE"
    BROKEN = "BROKEN"
    RAISE = "RAISE"
    GARBAGE = "GARBAGE"
    HANG = "HANG"
    DIFFER = "DIFFER"


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of the next call for that invoice, or for any where none is named.

    `code`, `hard`, `means_gone` and `reason` are of a decline; `retry_after` are seconds of
    UNAVAILABLE; `fee` is the provider's of a success; `answered_after` are seconds until it answers.
    """

    do: Do
    invoice: str = ""
    code: str = ""
    hard: bool = False
    means_gone: bool = False
    reason: str = "GENERAL"
    retry_after: int = 0
    fee: Decimal | None = None
    answered_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Audit:
    """What really happened at the double, counted in its own store.

    `charges` are charges that took money, by invoice; `twice` the invoices with more than one.
    `taken` is the sum that it keeps, in units of the currency. `violations` are requests that it
    refused because they broke a rule, such as a key used for another request.
    """

    charges: dict[str, int]
    taken: Decimal
    violations: tuple[str, ...]

    @property
    def twice(self) -> tuple[str, ...]:
        """Invoices that were charged more than once."""
        return tuple(sorted(invoice for invoice, count in self.charges.items() if count > 1))

"""What `faktura verify` proves, and what it says where a proof fails."""

from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class Proof(StrEnum):
    """The proofs, in the order in which they are made."""

    SEALS = "SEALS"
    LEDGER = "LEDGER"
    LOCKS = "LOCKS"
    ACCOUNTS = "ACCOUNTS"
    DOCUMENTS = "DOCUMENTS"
    NUMBERS = "NUMBERS"
    PERIODS = "PERIODS"
    PROJECTIONS = "PROJECTIONS"
    PAYMENTS = "PAYMENTS"
    MATCHES = "MATCHES"
    DUNNING = "DUNNING"
    CONTENTS = "CONTENTS"


@dataclass(frozen=True, slots=True)
class Violation:
    """A place where stored facts contradict each other.

    `place` names the table and the key of the row, or the object with its number.
    """

    proof: Proof
    place: str
    problem: str

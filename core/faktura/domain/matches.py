"""What is said about a bank movement: numbers found, documents it settles, proposals, and why (O6).

The words that rules, people and proofs share; the rules themselves are in matching.py.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, unique
from typing import Generic, TypeVar
from uuid import UUID

from faktura.kernel.money import Money

D = TypeVar("D")


@unique
class Outcome(StrEnum):
    """What the rules or a person make of a movement.

    FULL is booked by itself; MARKED would be, where the tenant only wants to be told; PROPOSED waits
    with ranked proposals; OPEN waits without one.
    """

    FULL = "FULL"
    MARKED = "MARKED"
    PROPOSED = "PROPOSED"
    OPEN = "OPEN"
    ASSIGNED = "ASSIGNED"  # by a person
    DISMISSED = "DISMISSED"  # by a person


@unique
class TextPart(StrEnum):
    """Where a number stood: in the payer's lines, the structured reference, or the end-to-end id."""

    REMITTANCE = "remittance"
    REFERENCE = "reference"
    END_TO_END = "endToEndId"


@unique
class Reading(StrEnum):
    """How a number was read out of the text; only the first four are evidence of their own.

    WRITTEN is the full number, whatever its spacing; DIGITS its digits alone, long enough to be one;
    KEYWORD plain digits behind a word such as “Rechnung”; REFERENCE a checked creditor reference
    (ISO 11649). SHORTENED left zeros, the year or the prefix out, CONFUSED wrote O for 0 and the like,
    TRUNCATED is the beginning of a number.
    """

    WRITTEN = "written"
    DIGITS = "digits"
    KEYWORD = "keyword"
    REFERENCE = "reference"
    SHORTENED = "shortened"
    CONFUSED = "confused"
    TRUNCATED = "truncated"

    @property
    def is_strong(self) -> bool:
        """Whether it names the document without any other evidence (P39)."""
        return self in (Reading.WRITTEN, Reading.DIGITS, Reading.KEYWORD, Reading.REFERENCE)


@dataclass(frozen=True, slots=True)
class Hit:
    """A number found in the text: which, where in the raw text of its part (start, end), and how."""

    number: str
    start: int
    end: int
    part: TextPart = TextPart.REMITTANCE
    reading: Reading = Reading.WRITTEN


@dataclass(frozen=True, slots=True)
class CashDiscount:
    """What may be taken off a document that is paid until that day, inclusive."""

    amount: Money
    until: date


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """An open item: its number and what is open, negative for credit; whose it is where that is known."""

    number: str
    open: Money
    customer_id: UUID | None = None
    issued_on: date | None = None
    due_on: date | None = None
    discount: CashDiscount | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """One explanation of a movement, for a person to confirm.

    `parts` are what it settles of each document; `rest` stays as credit of the customer, `given_up`
    is what would be written off of the last document: small differences, cash discount. Parts and
    rest add up to the movement.
    """

    rule: str
    reason: str
    parts: tuple[tuple[str, Money], ...]
    rest: Money
    given_up: Money
    customer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that was looked at and not taken, and why."""

    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decision(Generic[D]):
    """The outcome with its reason and evidence; `documents` only when FULL, `proposals` best first."""

    outcome: Outcome
    rule: str
    reason: str
    hits: tuple[Hit, ...] = ()
    documents: tuple[D, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    rejected: tuple[Rejected, ...] = ()


@dataclass(slots=True)
class Book:
    """What the rules know at this moment of the run; a settled document is taken out of `open`.

    `settled` are documents with nothing open, with their customers. `payers` are the customers who
    are known to pay from an account (confirmed by people, or by a mandate); `names` those of exactly
    that name, written tight. `own` are a customer's open documents, oldest due date first.
    """

    open: dict[str, OpenDocument] = field(default_factory=dict)
    settled: dict[str, UUID | None] = field(default_factory=dict)
    payers: Mapping[str, Collection[UUID]] = field(default_factory=dict)
    names: Mapping[str, Collection[UUID]] = field(default_factory=dict)
    own: Mapping[UUID, Sequence[str]] = field(default_factory=dict)
    # Those of the settled that another movement is only marked for.
    promised: Collection[str] = ()
    # Numbers the text names in the shape of ours that no document has.
    unknown: tuple[str, ...] = ()

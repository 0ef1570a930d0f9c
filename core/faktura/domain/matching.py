"""Which documents a bank movement settles: exact numbers and an exact sum (F097, P38, P39).

One pass over the text with an index of numbers; never movements x invoices. Whatever is not
certain waits for a person.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Generic, TypeVar

from faktura.kernel.money import Money

RULE_VERSION = 1

# Digits alone are never evidence unless they are as long as a document number with its year (P39).
_SHORTEST_DIGITS_ONLY = 9
# Banks cut the remittance text into lines of these widths; a full line goes on in the next.
_WRAP_WIDTHS = frozenset({27, 35, 140})
_UMLAUTS = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "ß": "SS", "ẞ": "SS"})

D = TypeVar("D")


@unique
class Outcome(StrEnum):
    """What the rules make of a movement."""

    FULL = "FULL"
    OPEN = "OPEN"


@dataclass(frozen=True, slots=True)
class Hit:
    """A number found in the text: which, and where (start, end) in the raw text."""

    number: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Decision(Generic[D]):
    """The outcome with its reason and evidence; `documents` only when FULL."""

    outcome: Outcome
    rule: str
    reason: str
    hits: tuple[Hit, ...] = ()
    documents: tuple[D, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """An open item: its number and what is open, negative for credit."""

    number: str
    open: Money


@dataclass(slots=True)
class NumberIndex:
    """Document numbers by their tight form (A-Z and 0-9 only), for one pass over a text."""

    numbers: dict[str, str] = field(default_factory=dict)
    lengths: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, numbers: Iterable[str]) -> "NumberIndex":
        """An index of these numbers; short digits-only numbers are left to people."""
        index = cls()
        for number in numbers:
            index.add(number)
        return index

    def add(self, number: str) -> None:
        """Make a number known."""
        key = tight(number)
        if key.isdigit() and len(key) < _SHORTEST_DIGITS_ONLY:
            return
        self.numbers[key] = number
        self.lengths.add(len(key))

    def find(self, text: str) -> tuple[Hit, ...]:
        """Every known number that stands in the text as a word of its own, in order.

        The longest wins where two overlap. A neighbouring digit or letter that directly touches
        the hit rejects it: it is part of a longer number, a phone number or an IBAN.
        """
        chars, places = _tight_with_places(text)
        hits: list[Hit] = []
        position = 0
        widths = sorted(self.lengths, reverse=True)
        while position < len(chars):
            width = self._longest_at(chars, places, position, widths)
            if width:
                number = self.numbers[chars[position : position + width]]
                hits.append(Hit(number, places[position], places[position + width - 1] + 1))
            position += width or 1
        return tuple(hits)

    def _longest_at(self, chars: str, places: list[int], start: int, widths: list[int]) -> int:
        if start and _touches(chars, places, start - 1):
            return 0
        for width in widths:
            end = start + width
            key = chars[start:end]
            if key not in self.numbers:
                continue
            if end < len(chars) and _touches(chars, places, end - 1):
                continue
            if key.isdigit() and places[end - 1] - places[start] != width - 1:
                continue  # digits alone must not be glued over a gap
            return width
        return 0


def _touches(chars: str, places: list[int], left: int) -> bool:
    """Whether the characters at left and left+1 are neighbours in the source and of one kind."""
    if places[left + 1] - places[left] != 1:
        return False
    return chars[left].isdigit() == chars[left + 1].isdigit()


def tight(text: str) -> str:
    """Upper case A-Z and 0-9 of a text, umlauts written out, all else dropped."""
    return _tight_with_places(text)[0]


def _tight_with_places(text: str) -> tuple[str, list[int]]:
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        folded = unicodedata.normalize("NFKC", char).upper().translate(_UMLAUTS)
        for plain in folded:
            if plain.isascii() and plain.isalnum():
                chars.append(plain)
                places.append(place)
    return "".join(chars), places


def joined_remittance(lines: Iterable[str]) -> str:
    """The lines as one text: a line of full bank width goes on without a gap, others end."""
    parts: list[str] = []
    for line in lines:
        parts.append(line)
        parts.append("" if len(line) in _WRAP_WIDTHS else "\n")
    return "".join(parts).rstrip("\n")


def decide(
    text: str,
    amount: Money,
    index: NumberIndex,
    open_documents: Mapping[str, OpenDocument],
) -> Decision[OpenDocument]:
    """FULL when every named document is open in this currency and their sum is the amount exactly.

    `amount` is signed: credits settle invoices, debits settle credit. `open_documents` is the
    state within the run: a document settled by an earlier movement is no longer in it.
    """
    hits = index.find(text)
    named = tuple(dict.fromkeys(hit.number for hit in hits))
    if not named:
        return Decision(Outcome.OPEN, "no-number", "no document number stands in the text")
    found = [open_documents.get(number) for number in named]
    settled = [number for number, document in zip(named, found, strict=True) if document is None]
    if settled:
        reason = f"{', '.join(settled)}: nothing is open"
        return Decision(Outcome.OPEN, "already-settled", reason, hits)
    documents = tuple(document for document in found if document is not None)
    if any(document.open.currency != amount.currency for document in documents):
        return Decision(Outcome.OPEN, "other-currency", "the currencies differ", hits)
    total = sum(document.open.minor for document in documents)
    if total != amount.minor:
        reason = f"named documents are open with {Money(total, amount.currency)}, not {amount}"
        return Decision(Outcome.OPEN, "sum-differs", reason, hits)
    reason = f"{len(documents)} named, sum exact to the cent"
    return Decision(Outcome.FULL, "numbers-exact-sum", reason, hits, documents)

"""Which documents a bank movement settles: exact numbers and an exact sum (F097, P38, P39).

One pass over the text with an index of numbers; never movements x invoices. Whatever is not
certain waits for a person.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Generic, TypeVar

from faktura.kernel.money import Money

RULE_VERSION = 1

# Digits alone are never evidence unless they are as long as a document number with its year (P39):
# eight in a row may be a date, 2026-4711 with its hyphen is a number.
_SHORTEST_DIGITS_ONLY = 9
_SHORTEST_WRITTEN = 8
# A number with fewer digits, such as A-1, must stand as it is written: “Haus A 1” is not A-1.
_FEWEST_DIGITS = 4
# Banks cut the remittance text into lines of these widths; a full line goes on in the next.
_WRAP_WIDTHS = frozenset({27, 35, 140})
_UMLAUTS = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "ß": "SS", "ẞ": "SS"})

D = TypeVar("D")


@unique
class Outcome(StrEnum):
    """What the rules make of a movement."""

    FULL = "FULL"
    OPEN = "OPEN"
    ASSIGNED = "ASSIGNED"  # by a person
    DISMISSED = "DISMISSED"  # by a person


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

    numbers: dict[str, tuple[str, ...]] = field(default_factory=dict)
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
        has_separators = len(number) > len(key)
        if _looks_like_a_date(key) and not (has_separators and len(key) >= _SHORTEST_WRITTEN):
            return
        known = self.numbers.get(key, ())
        if number not in known:
            self.numbers[key] = (*known, number)
            self.lengths.add(len(key))

    def find(self, text: str) -> tuple[Hit, ...]:
        """Every known number that stands in the text as a word of its own, in order.

        Where the text can be read as more than one number, all of them are hits: their sum will
        not fit, and a person decides.
        """
        source = _Tight.of(text)
        widths = sorted(self.lengths, reverse=True)
        hits: list[Hit] = []
        position = 0
        while position < len(source.chars):
            longest = 0
            for width in widths:
                found = self._numbers_at(source, position, position + width)
                longest = max(longest, width if found else 0)
                span = source.span(position, position + width) if found else (0, 0)
                hits.extend(Hit(number, *span) for number in found)
            position += longest or 1
        return tuple(hits)

    def _numbers_at(self, source: "_Tight", start: int, end: int) -> tuple[str, ...]:
        key = source.chars[start:end]
        numbers = self.numbers.get(key, ())
        if not numbers or end > len(source.chars) or not source.stands_alone(start, end):
            return ()
        written = source.written(start, end)
        as_written = tuple(number for number in numbers if number.upper() == written)
        if as_written or (written == key and not _looks_like_a_date(key)) or not _is_weak(key):
            return as_written or numbers
        return ()


def _is_weak(key: str) -> bool:
    """Whether a number says too little to be put together from what lies apart in the text."""
    return key.isdigit() or sum(char.isdigit() for char in key) < _FEWEST_DIGITS


def _looks_like_a_date(key: str) -> bool:
    return key.isdigit() and len(key) < _SHORTEST_DIGITS_ONLY


@dataclass(frozen=True, slots=True)
class _Tight:
    """The tight form of a text, with the place in the text that each character comes from."""

    text: str
    chars: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "_Tight":
        chars: list[str] = []
        places: list[int] = []
        for place, char in enumerate(text):
            # Most characters are plain: they need no folding, which is three times as fast.
            if char.isascii():
                if char.isalnum():
                    chars.append(char.upper())
                    places.append(place)
                continue
            folded = unicodedata.normalize("NFKC", char).upper().translate(_UMLAUTS)
            for plain in folded:
                if plain.isascii() and plain.isalnum():
                    chars.append(plain)
                    places.append(place)
        return cls(text, "".join(chars), tuple(places))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where these characters stand in the text."""
        return self.places[start], self.places[end - 1] + 1

    def written(self, start: int, end: int) -> str:
        """How these characters are written in the text, in upper case."""
        first, last = self.span(start, end)
        return self.text[first:last].upper()

    def stands_alone(self, start: int, end: int) -> bool:
        """Whether nothing touches: else it is part of a longer number, phone number or IBAN.

        Banks glue words, so a letter may follow the last digit and a digit stand before the first
        letter, unless the number is a weak one.
        """
        key = self.chars[start:end]
        may_be_glued = not _is_weak(key)
        if start and self._touch(start - 1):
            before = self.chars[start - 1]
            if not (may_be_glued and before.isdigit() and key[0].isalpha()):
                return False
        if end < len(self.chars) and self._touch(end - 1):
            return may_be_glued and key[-1].isdigit() and self.chars[end].isalpha()
        return True

    def _touch(self, left: int) -> bool:
        return self.places[left + 1] - self.places[left] <= 1


def tight(text: str) -> str:
    """Upper case A-Z and 0-9 of a text, umlauts written out, all else dropped."""
    return _Tight.of(text).chars


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
    unknown: Sequence[str] = (),
) -> Decision[OpenDocument]:
    """FULL when every named document is open in this currency and their sum is the amount exactly.

    `amount` is signed: credits settle invoices, debits settle credit. `open_documents` is the
    state within the run: a document settled by an earlier movement is no longer in it. `unknown`
    are numbers the text names that no document has; they only make the reason plainer.
    """
    hits = index.find(text)
    named = tuple(dict.fromkeys(hit.number for hit in hits))
    if not named and unknown:
        reason = f"{', '.join(unknown)}: no such document"
        return Decision(Outcome.OPEN, "unknown-number", reason)
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

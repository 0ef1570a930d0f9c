"""Verifies the proof of a decision without the rules that made it (O6, P39).

Every span must spell its number, nothing may touch it, every number that is named must be settled or
rejected, and the parts must be the amount to the cent. Proofs of version 1 are understood as well.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from faktura.domain.proof_spellings import (
    folded,
    is_in_account,
    is_whole_id,
    spells,
    touches_digit,
    touches_letter,
)
from faktura.kernel.errors import shortened

# The rules that settle what a text names, with the readings they may rely on beside the strong ones.
_BY_TEXT: Mapping[str, frozenset[str]] = {
    "numbers-exact-sum": frozenset(),
    "discount-exact-sum": frozenset(),
    "shortened-exact-sum": frozenset({"shortened"}),
    "list-exact-sum": frozenset({"shortened"}),
    "confused-payer-exact-sum": frozenset({"confused"}),
}
_RETURNS = ("return-of-payment", "return-by-mandate", "return-by-account")
_STRONG = frozenset({"written", "digits", "keyword", "reference"})
_PARTS = ("remittance", "reference", "endToEndId")
# Thousandths hold the minor units of every currency (ISO 4217 has at most three decimals).
_AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,3}))?(?: [A-Z]{3})?")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a movement beside its proof: the rule, the amount, the bank's three texts."""

    rule: str
    amount: str
    currency: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Hit:
    number: str
    part: str
    start: int
    end: int
    reading: str

    @property
    def text(self) -> str:
        return f"“{shortened(self.number)}” at {self.start} to {self.end} of {self.part}"


@dataclass(slots=True)
class _Read:
    """A proof of either version in one shape; amounts in thousandths."""

    version: int
    texts: Mapping[str, str]
    hits: list[_Hit]
    documents: list[tuple[str, int]]
    rejected: set[str] = field(default_factory=set)


def proof_problems(proof: Mapping[str, Any], kept: Kept) -> list[str]:
    """Every place where the proof of a booked decision does not hold; none for a right one.

    What is not shaped like a proof is a problem too, never an error.
    """
    try:
        read = _read(proof)
        problems = list(_checked(read, proof, kept))
    except (KeyError, TypeError, ValueError, IndexError):
        return ["it is not shaped like a proof"]
    return problems


def documents_of(proof: Mapping[str, Any]) -> dict[str, int]:
    """What the proof says was settled or given back, by number, in thousandths."""
    return dict(_documents(proof))


def thousandths(text: str) -> int:
    """`-31.81` or `-31.81 EUR` as -31810; raises ValueError for anything else."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError(f"“{shortened(text)}” is no amount")
    sign, whole, part = found.groups()
    value = int(whole) * 1000 + int((part or "").ljust(3, "0"))
    return -value if sign else value


def _read(proof: Mapping[str, Any]) -> _Read:
    if "version" not in proof:
        text = str(proof["text"])
        hits = [
            _Hit(str(number), "text", int(start), int(end), "written")
            for number, start, end in proof.get("hits", ())
        ]
        return _Read(1, {"text": text}, hits, _documents(proof))
    hits = [
        _Hit(str(number), str(part), int(start), int(end), str(reading))
        for number, part, start, end, reading in proof["hits"]
    ]
    rejected = {str(number) for number, reason in proof["rejected"] if reason}
    return _Read(int(proof["version"]), proof["raw"], hits, _documents(proof), rejected)


def _documents(proof: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [(str(number), thousandths(part)) for number, part in proof.get("documents", ())]


def _checked(read: _Read, proof: Mapping[str, Any], kept: Kept) -> Iterator[str]:
    yield from _texts(read, kept)
    for hit in read.hits:
        yield from _hit(hit, read)
    yield from _sum(read, proof, kept)
    if kept.rule in _BY_TEXT:
        yield from _named(read, kept.rule)
    for proposal in proof.get("proposals", ()):
        parts = sum(part for _, part in _documents(proposal))
        if parts + thousandths(proposal["rest"]) != thousandths(kept.amount):
            yield f"a proposal by {proposal['rule']} does not add up to {kept.amount}"


def _texts(read: _Read, kept: Kept) -> Iterator[str]:
    """The texts that the spans count in are those the bank gave, byte for byte."""
    if read.version == 1:
        given = folded(kept.texts["remittance"])
        if not folded(read.texts["text"]).startswith(given):
            yield "its text is not the one that the bank gave"
        return
    for part in _PARTS:
        if read.texts[part] != kept.texts[part]:
            yield f"its {part} is not the one that the bank gave"


def _hit(hit: _Hit, read: _Read) -> Iterator[str]:
    text = read.texts[hit.part]
    if not 0 <= hit.start < hit.end <= len(text):
        yield f"{hit.text} lies outside of it"
        return
    if read.version == 1:
        if not _spells_as_of_old(hit, text):
            yield f"{hit.text} is not what stands there"
        return
    is_id = hit.part != "remittance" and is_whole_id(hit.reading, hit.number, text)
    if not (is_id or spells(hit.reading, hit.number, text, hit.start, hit.end)):
        yield f"{hit.text} is not what stands there, read as {hit.reading}"
    if hit.reading in _STRONG and touches_digit(text, hit.start, hit.end):
        yield f"{hit.text} is part of a longer number"
    if hit.reading not in _STRONG and touches_letter(text, hit.start):
        yield f"{hit.text} begins within a word"
    if hit.reading in _STRONG and is_in_account(text, hit.start, hit.end):
        yield f"{hit.text} is part of an account number"


def _spells_as_of_old(hit: _Hit, text: str) -> bool:
    said = folded(text[hit.start : hit.end])
    return said == folded(hit.number) and not touches_digit(text, hit.start, hit.end)


def _sum(read: _Read, proof: Mapping[str, Any], kept: Kept) -> Iterator[str]:
    """The parts, with the fee of a return, are the amount; each document has one part."""
    numbers = [number for number, _ in read.documents]
    if len(set(numbers)) < len(numbers):
        yield "a document has two parts"
    parts = sum(part for _, part in read.documents)
    amount = thousandths(kept.amount)
    if read.version > 1:
        if thousandths(proof["sum"]) != parts:
            yield f"its parts are not {proof['sum']}"
        if (proof["amount"], proof["currency"]) != (kept.amount, kept.currency):
            yield f"it is about {proof['amount']} {proof['currency']}, not about this movement"
    if kept.rule in _RETURNS:
        fee = thousandths(proof["fee"])
        if fee < 0 or parts + fee != -amount:
            yield f"its parts and fee are not {kept.amount}"
    elif kept.rule in _BY_TEXT and parts != amount:
        yield f"its parts do not add up to {kept.amount}"


def _named(read: _Read, rule: str) -> Iterator[str]:
    """Every document is named; whatever else is named was rejected; no piece is read as two."""
    if not read.documents:
        yield "no document is settled"
    numbers = {number for number, _ in read.documents}
    may_be = _STRONG | _BY_TEXT[rule]
    evidence = [hit for hit in read.hits if hit.reading in may_be]
    named = {hit.number for hit in evidence}
    for number in sorted(numbers - named):
        yield f"“{shortened(number)}” is settled and not named"
    strong = {hit.number for hit in read.hits if hit.reading in _STRONG}
    for number in sorted(strong - numbers - read.rejected):
        yield f"“{shortened(number)}” is named, but neither settled nor rejected"
    yield from _read_twice(read, evidence, numbers)


def _read_twice(read: _Read, evidence: Sequence[_Hit], numbers: set[str]) -> Iterator[str]:
    """A piece that settles a document by a weak reading may be no other one, unless that was rejected."""
    settled = [hit for hit in evidence if hit.number in numbers]
    for one in settled:
        rivals = settled if one.reading in _STRONG else read.hits
        for other in rivals:
            overlap = one.part == other.part and one.start < other.end and other.start < one.end
            is_other = one.number != other.number and other.number not in read.rejected
            if overlap and is_other:
                yield f"{one.text} is read as “{shortened(other.number)}” as well"

"""The audit pack of one document: its facts as they were sealed, and the chain up to its head (O27).

Whoever has the file can prove it with nothing but this module's rules: every fact hashes to the
digest its seal covers, every seal to the one after it, the last to the head that was handed out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from faktura.domain.sealing import GENESIS, digest_of_written, seal_hash, seal_root


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain of seals at a moment (UTC); hashes are hexadecimal."""

    tenant: str
    seal: int
    hash: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class PackedFact:
    """A fact: `rows` are its own values and those of its parts, exactly as they were hashed."""

    table: str
    place: str
    seal: int
    sha256: str
    rows: list[list[object]]


@dataclass(frozen=True, slots=True)
class PackedSeal:
    """A link of the chain; `digests` are those of all its facts where the pack holds one of them."""

    seq: int
    prev: str
    root: str
    facts: int
    hash: str
    recorded_at: datetime
    digests: tuple[str, ...] | None = None


def problems_of_facts(
    facts: Sequence[PackedFact], seals: Mapping[int, PackedSeal]
) -> Iterator[tuple[str, str]]:
    """Place and problem of each fact that is not what its seal covers, or is there twice."""
    covered = {no: frozenset(one.digests) for no, one in seals.items() if one.digests is not None}
    seen: set[str] = set()
    for fact in facts:
        try:
            digest = digest_of_written(fact.rows).hex()
        except (TypeError, ValueError, RecursionError):
            yield fact.place, "its values cannot be hashed"
            continue
        if digest != fact.sha256:
            yield fact.place, "its content does not match its hash"
        elif fact.seal not in covered:
            yield fact.place, f"seal {fact.seal} is not in the pack with its facts"
        elif digest not in covered[fact.seal]:
            yield fact.place, f"seal {fact.seal} does not cover it"
        elif digest in seen:
            yield fact.place, "it is in the pack twice"
        seen.add(digest)


def problems_of_chain(seals: Sequence[PackedSeal], head: Head) -> Iterator[tuple[str, str]]:
    """Place and problem of each link that does not hold, from the first seal to the head."""
    before: PackedSeal | None = None
    for seal in seals:
        place = f"seal {seal.seq}"
        if before is not None and (seal.seq, seal.prev) != (before.seq + 1, before.hash):
            yield place, "it does not follow the seal before it"
        if before is None and seal.seq == 1 and seal.prev != GENESIS.hex():
            yield place, "it is the first one and follows another"
        if _hash_of(seal) != seal.hash:
            yield place, "its hash does not match its content"
        if seal.digests is not None and not _covers(seal):
            yield place, "its facts are not those that were sealed"
        before = seal
    if before is None or (before.seq, before.hash) != (head.seal, head.hash):
        yield "head", "the chain does not end at the head that the pack names"


def problems_of_head(
    seals: Sequence[PackedSeal], head: Head, expected: Head
) -> Iterator[tuple[str, str]]:
    """Whether the chain, which ends at `head`, holds the head that was kept elsewhere before."""
    place = f"seal {expected.seal}"
    if head.tenant != expected.tenant:
        yield "head", f"the pack is of tenant “{head.tenant}”, the kept head of “{expected.tenant}”"
    # The seal before the first one stands in it; before the very first one there was no seal.
    known = {seal.seq: seal.hash for seal in seals} | {one.seq - 1: one.prev for one in seals[:1]}
    if expected.seal not in known:
        yield place, "the head that was kept is of a seal that is not in the pack"
    elif known[expected.seal] != expected.hash:
        yield place, "it is not the seal whose hash was kept: the chain was written anew"


def _hash_of(seal: PackedSeal) -> str | None:
    try:
        prev, root = bytes.fromhex(seal.prev), bytes.fromhex(seal.root)
        return seal_hash(prev, seal.seq, root, seal.facts, seal.recorded_at).hex()
    except (ValueError, OverflowError):
        return None


def _covers(seal: PackedSeal) -> bool:
    try:
        digests = [bytes.fromhex(one) for one in seal.digests or ()]
    except ValueError:
        return False
    return len(digests) == seal.facts and seal_root(digests).hex() == seal.root

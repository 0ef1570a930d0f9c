"""Proof that nothing sealed was changed, removed, added or reordered (O15)."""

from collections.abc import Iterator, Sequence

from faktura.domain.audit_pack import Head
from faktura.domain.sealing import GENESIS, seal_hash, seal_root
from faktura.domain.violations import Proof, Violation
from faktura.services.proof_of_renderings import renderings_are_sealed
from faktura.store.sealed_facts import (
    Seal,
    chain_end,
    entry_numbers,
    facts_of_seals,
    facts_outside_seals,
    seal_batches,
    seal_hash_of,
)
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx


def seals_hold(tx: Tx) -> Iterator[Violation]:
    """The chain is whole up to its head, each seal covers exactly its facts, none lies outside."""
    seq, link = 0, GENESIS
    for batch in seal_batches(tx):
        for seal in batch:
            yield from _link(seal, seq + 1, link)
            seq, link = seal.seq, seal.hash
        yield from _facts(tx, batch)
    for place in facts_outside_seals(tx):
        yield _broken(place, "it lies under no seal or belongs to no fact")
    yield from _head(tx, seq, link)
    yield from renderings_are_sealed(tx)


def head_is_kept(tx: Tx, expected: Head) -> Iterator[Violation]:
    """The chain holds the seal that was written down elsewhere: it was not written anew (O15)."""
    key = read_tenant(tx).key
    if expected.tenant != key:
        yield _broken("head", f"the kept head is of tenant “{expected.tenant}”, not of “{key}”")
        return
    # A head that was kept before the first fact is of no seal.
    found = seal_hash_of(tx, expected.seal) if expected.seal else GENESIS
    if found is None:
        yield _broken(f"seal {expected.seal}", "the chain ends before the head that was kept")
    elif found.hex() != expected.hash:
        problem = "it is not the seal whose hash was kept: the chain was written anew"
        yield _broken(f"seal {expected.seal}", problem)


def _broken(place: str, problem: str) -> Violation:
    return Violation(Proof.SEALS, place, problem)


def _link(seal: Seal, expected: int, prev: bytes) -> Iterator[Violation]:
    place = f"seal {seal.seq}"
    if seal.seq != expected:
        yield _broken(f"seal {expected}", f"it is missing; seal {seal.seq} follows")
    elif seal.prev != prev:
        yield _broken(place, "it does not follow the seal before it")
    if seal.hash != seal_hash(seal.prev, seal.seq, seal.root, seal.facts, seal.recorded_at):
        yield _broken(place, "its hash does not match its content")


def _facts(tx: Tx, seals: Sequence[Seal]) -> Iterator[Violation]:
    digests: dict[int, list[bytes]] = {seal.seq: [] for seal in seals}
    for fact in facts_of_seals(tx, seals[0].seq, seals[-1].seq):
        if fact.digest != fact.stored:
            yield _broken(fact.place, "its content does not match its hash")
        if fact.seal_seq in digests:
            digests[fact.seal_seq].append(fact.digest)
    for seal in seals:
        found = digests[seal.seq]
        if len(found) != seal.facts:
            problem = f"{seal.facts} facts were sealed, {len(found)} are there"
            yield _broken(f"seal {seal.seq}", problem)
        elif seal_root(found) != seal.root:
            yield _broken(f"seal {seal.seq}", "its facts are not those that were sealed")


def _head(tx: Tx, seq: int, link: bytes) -> Iterator[Violation]:
    head = chain_end(tx)
    if head is None:
        yield _broken("chain_head", "the tenant has no chain of seals")
        return
    if (head.seal_seq, head.seal_hash) != (seq, link):
        yield _broken("chain_head", f"the chain ends at seal {seq}, its head is {head.seal_seq}")
    expected = 1
    for number in entry_numbers(tx):
        if number != expected:
            yield _broken(f"journal_entry {expected}", f"it is missing; {number} follows")
        expected = number + 1
    if expected - 1 != head.entry_seq:
        problem = f"the journal ends at {expected - 1}, the chain's head says {head.entry_seq}"
        yield _broken("chain_head", problem)

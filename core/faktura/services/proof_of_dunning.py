"""Proof of dunning: notices are as they were written, their charges are owed, levels follow (F084)."""

from collections.abc import Iterator
from hashlib import sha256

from faktura.domain.violations import Proof, Violation
from faktura.store.dunning_proofs import (
    ItemSums,
    NoticeFacts,
    charges_without_notice,
    item_sums,
    last_items,
    notices,
    stored_levels,
)
from faktura.store.transaction import Tx


def dunning_holds(tx: Tx) -> Iterator[Violation]:
    """Every notice is the one that was told, its document and entry are what it charges.

    The level of a document is what its last notice raised it to, and nothing else says so.
    """
    sums = item_sums(tx)
    for notice in notices(tx):
        for problem in _problems(notice, sums.get(notice.id)):
            yield _violation(f"dunning_notice {notice.id}", problem)
    for number in charges_without_notice(tx):
        yield _violation(f"document {number}", "it charges what no notice says")
    yield from _levels_follow(tx)


def _problems(notice: NoticeFacts, items: ItemSums | None) -> Iterator[str]:
    if notice.told_hash != sha256(notice.snapshot.encode()).hexdigest():
        yield "what it says is not what was told when it was written"
    if items is None:
        yield "it reminds of no document"
        return
    if (items.open, items.interest, items.flat) != (notice.open, notice.interest, notice.flat):
        yield "its sums are not those of its documents"
    charges = notice.fee + notice.flat + notice.interest
    if notice.document_gross != (charges or None):
        yield f"it charges {charges}, its document says {notice.document_gross or 0}"
    if charges and notice.is_posted and notice.posted != (charges, notice.fee + notice.flat):
        yield f"it charges {charges}, the journal says {notice.posted[0]}"
    if charges and not notice.is_posted and not notice.is_draft:
        yield "its charges are not in the journal"


def _levels_follow(tx: Tx) -> Iterator[Violation]:
    """The projection against the items: the two are read in the same order, by document."""
    wanted = {one.document_id: one for one in last_items(tx)}
    for stored in stored_levels(tx):
        expected = wanted.pop(stored.document_id, None)
        if stored != expected:
            place = f"dunning_level {stored.document_id}"
            yield _violation(place, "it is not what the document's notices say")
    for missing in wanted:
        yield _violation(f"dunning_level {missing}", "notices name a level that is not kept")


def _violation(place: str, problem: str) -> Violation:
    return Violation(Proof.DUNNING, place, problem)

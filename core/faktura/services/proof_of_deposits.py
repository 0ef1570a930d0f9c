"""Proof of the deposits: whatever counts for one is taxed, to the cent, and nothing else is (F061)."""

from collections.abc import Iterator
from uuid import UUID

from faktura.domain.deposit_facts import received_parts
from faktura.domain.journal import balance
from faktura.domain.violations import Proof, Violation
from faktura.kernel.money import Money
from faktura.kernel.terms import EntryKind, Slot
from faktura.store.deposits import DepositState, all_deposits, posted_receipts
from faktura.store.journal import read_drafts
from faktura.store.transaction import Tx

_Posted = dict[tuple[UUID, Slot], int]


def deposits_are_taxed(tx: Tx) -> Iterator[Violation]:
    """The entries of each deposit come to what its allocations brought, and to the VAT in that."""
    waiting = _waiting(tx)
    for states in all_deposits(tx):
        posted = posted_receipts(tx, [state.record.id for state in states])
        for state in states:
            yield from _violations(state, posted, waiting)


def _violations(state: DepositState, posted: _Posted, waiting: _Posted) -> Iterator[Violation]:
    own, currency = state.record.id, state.record.currency
    parts = received_parts(state.shares, [receipt.payment for receipt in state.receipts])
    tax = sum(share.tax for shares in parts.values() for share in shares)
    for slot, expected in ((Slot.DEPOSITS_REQUESTED, state.received.minor), (Slot.VAT, -tax)):
        found = posted.get((own, slot), 0) + waiting.get((own, slot), 0)
        if found != expected:
            yield Violation(
                Proof.ACCOUNTS,
                f"deposit {state.record.number}",
                f"its receipts post {Money(abs(found), currency)} on {slot}, its payments bring"
                f" {Money(abs(expected), currency)}",
            )


def _waiting(tx: Tx) -> _Posted:
    """What entries of receipts that miss an account will post, debits positive."""
    found: _Posted = {}
    for draft in read_drafts(tx):
        entry = draft.entry
        if entry.kind is EntryKind.DEPOSIT_RECEIVED and entry.document_id is not None:
            for leg in entry.legs:
                key = entry.document_id, leg.slot
                found[key] = found.get(key, 0) + balance([leg])
    return found

"""What a transaction has written so far about one customer, before it is rolled back (O11)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from faktura.domain.documents import DocumentRecord
from faktura.domain.journal import Entry
from faktura.kernel.money import Money
from faktura.plugin import JournalEntryData
from faktura.store.accounts import account_heads
from faktura.store.documents import read_documents
from faktura.store.journal import JournalFilter, read_drafts, read_entries
from faktura.store.sealed_facts import chain_end
from faktura.store.tables import document
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the facts stood: the last seal and journal entry, and the customer's balance."""

    seal_seq: int
    entry_seq: int
    drafts: frozenset[str]
    balance: Money


@dataclass(frozen=True, slots=True)
class Written:
    """What came after a mark: documents and entries in the order in which they were made.

    `drafts` are entries that wait for an account; `balance` is the customer's now.
    """

    documents: tuple[DocumentRecord, ...]
    entries: tuple[JournalEntryData, ...]
    drafts: tuple[Entry, ...]
    balance: Money


def mark(tx: Tx, customer_id: UUID, currency: str) -> Mark:
    """Where the facts stand now; the customer's lock is held, so that only this transaction adds."""
    end = chain_end(tx)
    return Mark(
        0 if end is None else end.seal_seq,
        0 if end is None else end.entry_seq,
        frozenset(draft.key for draft in read_drafts(tx)),
        _balance(tx, customer_id, currency),
    )


def written_since(tx: Tx, customer_id: UUID, before: Mark) -> Written:
    """What was written about the customer behind the mark."""
    d = document.c
    ids = tx.connection.execute(
        select(d.id).where(
            d.tenant_id == tx.tenant_id,
            d.customer_id == customer_id,
            d.seal_seq > before.seal_seq,
        )
    ).scalars()
    documents = sorted(read_documents(tx, list(ids)), key=lambda one: one.id)
    entries = read_entries(tx, JournalFilter(after_seq=before.entry_seq))
    return Written(
        tuple(documents),
        tuple(sorted(entries, key=lambda one: one.seq)),
        tuple(draft.entry for draft in read_drafts(tx) if draft.key not in before.drafts),
        _balance(tx, customer_id, before.balance.currency),
    )


def _balance(tx: Tx, customer_id: UUID, currency: str) -> Money:
    head = account_heads(tx, [customer_id]).get((customer_id, currency))
    return Money(0, currency) if head is None else head.balance

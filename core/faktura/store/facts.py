"""Writing facts: documents, account transactions, journal entries and events under one seal.

Everything a transaction states is gathered first, then written in one go: numbers and the chain's
head are locked for as long as the writing takes and no longer.
"""

from itertools import chain

from faktura.store.accounts import settle_open_items, write_open_items
from faktura.store.bulk import bulk_write
from faktura.store.document_links import write_links
from faktura.store.dunning_writing import charges_documents
from faktura.store.event_details import write_details
from faktura.store.fact_rows import (
    Facts,
    FrozenDocument,
    allocation_rows,
    document_rows,
    draft_entry_rows,
    entry_rows,
    event_rows,
    transaction_rows,
)
from faktura.store.fact_tables import (
    ALLOCATIONS,
    DOCUMENTS,
    ENTRIES,
    EVENTS,
    TRANSACTIONS,
    insert_facts,
)
from faktura.store.openings import opening_documents
from faktura.store.seals import lock_head, write_seal
from faktura.store.tables import draft_entry
from faktura.store.transaction import Tx

__all__ = ["Facts", "FrozenDocument", "write_facts"]


def write_facts(tx: Tx, facts: Facts) -> int:
    """Write all facts and their seal; returns the seal's number. Nothing is written for nothing.

    The open items of new documents are added, then allocations rewrite those that they touch.
    """
    complete = [entry for entry in facts.entries if not entry.missing]
    head = lock_head(tx, entries=len(complete))
    now = tx.now()
    digests: list[bytes] = []
    for kind, stated in (
        (
            DOCUMENTS,
            chain(
                document_rows(facts.documents, now),
                opening_documents(facts.openings, now),
                charges_documents(facts.charges, now),
            ),
        ),
        (TRANSACTIONS, transaction_rows(facts.transactions, now)),
        (ALLOCATIONS, allocation_rows(facts.allocations)),
        (ENTRIES, entry_rows(complete, head.first_entry_seq, head.locked_to, now)),
        (EVENTS, event_rows(facts.events, now)),
    ):
        digests += insert_facts(tx, kind, stated, head.seal_seq)
    write_details(tx, facts.events)
    write_links(tx, [(frozen.id, frozen.draft) for frozen in facts.documents])
    write_open_items(tx, facts.open_items)
    settle_open_items(tx, facts.allocations)
    missing = [entry for entry in facts.entries if entry.missing]
    bulk_write(tx, draft_entry, draft_entry_rows(tx, missing, now))
    write_seal(tx, head, digests)
    return head.seal_seq

"""Writing facts: documents, account transactions, journal entries and events under one seal.

Everything a transaction states is gathered first, then written in one go: numbers and the chain's
head are locked for as long as the writing takes and no longer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain
from uuid import UUID

from faktura.domain.account import AccountTransaction
from faktura.domain.costs import single_centre
from faktura.domain.events import Event
from faktura.domain.invoices import DraftDocument
from faktura.domain.journal import Entry
from faktura.kernel.canonical import canonical_json
from faktura.store.accounts import Allocation, OpenItem, settle_open_items, write_open_items
from faktura.store.bulk import Row, bulk_write
from faktura.store.codec import to_json
from faktura.store.cost_columns import costs_text
from faktura.store.document_links import write_links
from faktura.store.dunning_writing import FrozenCharges, charges_documents
from faktura.store.event_details import write_details
from faktura.store.fact_tables import (
    ALLOCATIONS,
    DOCUMENTS,
    ENTRIES,
    EVENTS,
    TRANSACTIONS,
    Fact,
    insert_facts,
)
from faktura.store.openings import FrozenOpening, opening_documents
from faktura.store.seals import Head, lock_head, write_seal
from faktura.store.tables import draft_entry
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class FrozenDocument:
    """A numbered document, ready to be written: `snapshot` and each derivation are JSON text."""

    id: UUID
    number: str
    draft: DraftDocument
    snapshot: str
    derivations: tuple[str, ...]
    run_id: UUID | None


@dataclass(slots=True)
class Facts:
    """What one transaction states; entries without all accounts become drafts."""

    documents: list[FrozenDocument] = field(default_factory=list)
    transactions: list[AccountTransaction] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    open_items: list[OpenItem] = field(default_factory=list)
    openings: list[FrozenOpening] = field(default_factory=list)
    charges: list[FrozenCharges] = field(default_factory=list)


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
                _documents(facts.documents, now),
                opening_documents(facts.openings, now),
                charges_documents(facts.charges, now),
            ),
        ),
        (TRANSACTIONS, _transactions(facts.transactions, now)),
        (ALLOCATIONS, _allocations(facts.allocations)),
        (ENTRIES, _entries(complete, head, now)),
        (EVENTS, _events(facts.events, now)),
    ):
        digests += insert_facts(tx, kind, stated, head.seal_seq)
    write_details(tx, facts.events)
    write_links(tx, [(frozen.id, frozen.draft) for frozen in facts.documents])
    write_open_items(tx, facts.open_items)
    settle_open_items(tx, facts.allocations)
    _write_drafts(tx, [entry for entry in facts.entries if entry.missing])
    write_seal(tx, head, digests)
    return head.seal_seq


def _documents(documents: Sequence[FrozenDocument], now: datetime) -> Iterator[Fact]:
    for frozen in documents:
        draft = frozen.draft
        yield (
            (
                frozen.id,
                frozen.number,
                draft.kind,
                draft.customer.id,
                None if draft.single_contract is None else draft.single_contract.id,
                frozen.run_id,
                draft.issued_on,
                draft.due_on,
                draft.service.start,
                draft.service.end,
                draft.currency,
                draft.net.minor,
                draft.tax.minor,
                draft.gross.minor,
                frozen.snapshot,
                now,
            ),
            _lines(frozen),
        )


def _lines(frozen: FrozenDocument) -> list[Row]:
    return [
        (
            no,
            charge.article.number,
            charge.article.name,
            charge.text or charge.article.description,
            charge.quantity,
            charge.unit,
            charge.price,
            charge.base,
            charge.list_net.minor,
            charge.discount_amount.minor,
            charge.net.minor,
            charge.tax.case,
            charge.tax.category,
            charge.tax.rate,
            charge.tax.country,
            charge.service.start,
            charge.service.end,
            centre := single_centre(charge.costs),
            derivation,
            costs_text(charge.costs) if centre is None else None,
        )
        for no, (charge, derivation) in enumerate(
            zip(frozen.draft.charges, frozen.derivations, strict=True), 1
        )
    ]


def _transactions(transactions: Sequence[AccountTransaction], now: datetime) -> Iterator[Fact]:
    for posted in transactions:
        yield (
            (
                posted.customer_id,
                posted.amount.currency,
                posted.no,
                posted.fact,
                posted.value_date,
                now,
                posted.text,
                posted.source,
                posted.amount.minor,
                posted.balance_after.minor,
                posted.document_id,
                posted.remittance,
            ),
            (),
        )


def _allocations(allocations: Sequence[Allocation]) -> Iterator[Fact]:
    for new in allocations:
        yield (
            (
                new.document_id,
                new.no,
                new.customer_id,
                new.amount.currency,
                new.transaction_no,
                new.amount.minor,
                new.movement_id,
                new.entry_key,
                new.reverses_no,
            ),
            (),
        )


def _booked_on(value_date: date, locked_to: date | None) -> date | None:
    """The first open day, for a fact of a month that is locked; None for its value date (P24)."""
    if locked_to is None or value_date > locked_to:
        return None
    return locked_to + timedelta(days=1)


def _entries(entries: Sequence[Entry], head: Head, now: datetime) -> Iterator[Fact]:
    locked_to = head.locked_to
    for seq, entry in enumerate(entries, head.first_entry_seq):
        yield (
            (
                seq,
                entry.key,
                entry.kind,
                entry.value_date,
                now,
                entry.currency,
                entry.text,
                entry.document_id,
                entry.customer_id,
                entry.reverses_key,
                _booked_on(entry.value_date, locked_to),
                entry.service_month,
                entry.created_by,
            ),
            [
                (
                    no,
                    side.slot,
                    side.account,
                    side.side,
                    side.minor,
                    side.debtor,
                    side.tax_case,
                    side.tax_rate,
                    side.tax_country,
                    side.cost_centre,
                    side.cost_object,
                )
                for no, side in enumerate(entry.legs, 1)
            ],
        )


def _events(events: Sequence[Event], now: datetime) -> Iterator[Fact]:
    for happened in events:
        yield (
            (
                happened.object_id,
                happened.sequence,
                happened.object_type,
                happened.type,
                now,
                canonical_json(happened.data),
            ),
            (),
        )


def _write_drafts(tx: Tx, entries: Sequence[Entry]) -> None:
    now = tx.now()
    rows: list[Row] = [
        (tx.tenant_id, entry.key, " ".join(entry.missing), to_json(entry, Entry), now)
        for entry in entries
    ]
    bulk_write(tx, draft_entry, rows)

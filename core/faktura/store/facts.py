"""Writing facts: documents, account transactions, journal entries and events under one seal.

Everything a transaction states is gathered first, then written in one go: numbers and the chain's
head are locked for as long as the writing takes and no longer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from faktura.domain.account import AccountTransaction
from faktura.domain.events import Event
from faktura.domain.invoices import DraftDocument
from faktura.domain.journal import Entry
from faktura.domain.sealing import fact_digest
from faktura.kernel.canonical import canonical_json
from faktura.store.bulk import Row, bulk_write
from faktura.store.codec import to_json
from faktura.store.seals import lock_head, write_seal
from faktura.store.tables import (
    account_transaction,
    document,
    document_line,
    draft_entry,
    event,
    journal_entry,
    leg,
)
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
    entries: list[Entry] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def write_facts(tx: Tx, facts: Facts) -> int:
    """Write all facts and their seal; returns the seal's number. Nothing is written for nothing."""
    complete = [entry for entry in facts.entries if not entry.missing]
    head = lock_head(tx, entries=len(complete))
    digests: list[bytes] = []
    _write_documents(tx, facts.documents, head.seal_seq, digests)
    _write_transactions(tx, facts.transactions, head.seal_seq, digests)
    _write_entries(tx, complete, head.first_entry_seq, head.seal_seq, digests)
    _write_drafts(tx, [entry for entry in facts.entries if entry.missing])
    _write_events(tx, facts.events, head.seal_seq, digests)
    write_seal(tx, head, digests)
    return head.seal_seq


def _write_documents(
    tx: Tx, documents: Sequence[FrozenDocument], seal_seq: int, digests: list[bytes]
) -> None:
    tenant, now = tx.tenant_id, tx.now()
    rows: list[Row] = []
    lines: list[Row] = []
    for frozen in documents:
        draft = frozen.draft
        core = (
            frozen.id,
            frozen.number,
            draft.kind,
            draft.customer.id,
            draft.contract.id,
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
        )
        own = _lines(frozen)
        digest = fact_digest(core, *own)
        digests.append(digest)
        rows.append((tenant, *core, digest, seal_seq, now))
        lines.extend((tenant, frozen.id, *line) for line in own)
    bulk_write(tx, document, rows)
    bulk_write(tx, document_line, lines)


def _lines(frozen: FrozenDocument) -> list[Row]:
    """The lines' columns after (tenant, document)."""
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
            charge.article.cost_centre,
            derivation,
        )
        for no, (charge, derivation) in enumerate(
            zip(frozen.draft.charges, frozen.derivations, strict=True), 1
        )
    ]


def _write_transactions(
    tx: Tx, transactions: Sequence[AccountTransaction], seal_seq: int, digests: list[bytes]
) -> None:
    tenant, now = tx.tenant_id, tx.now()
    rows: list[Row] = []
    for posted in transactions:
        core = (
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
        )
        digest = fact_digest(core)
        digests.append(digest)
        rows.append((tenant, *core, digest, seal_seq))
    bulk_write(tx, account_transaction, rows)


def _write_entries(
    tx: Tx, entries: Sequence[Entry], first_seq: int, seal_seq: int, digests: list[bytes]
) -> None:
    tenant, now = tx.tenant_id, tx.now()
    rows: list[Row] = []
    legs: list[Row] = []
    for seq, entry in enumerate(entries, first_seq):
        core = (
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
        )
        own: list[Row] = [
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
            )
            for no, side in enumerate(entry.legs, 1)
        ]
        digest = fact_digest(core, *own)
        digests.append(digest)
        rows.append((tenant, *core, digest, seal_seq))
        legs.extend((tenant, seq, *side) for side in own)
    bulk_write(tx, journal_entry, rows)
    bulk_write(tx, leg, legs)


def _write_drafts(tx: Tx, entries: Sequence[Entry]) -> None:
    now = tx.now()
    rows: list[Row] = [
        (tx.tenant_id, entry.key, " ".join(entry.missing), to_json(entry, Entry), now)
        for entry in entries
    ]
    bulk_write(tx, draft_entry, rows)


def _write_events(tx: Tx, events: Sequence[Event], seal_seq: int, digests: list[bytes]) -> None:
    tenant, now = tx.tenant_id, tx.now()
    rows: list[Row] = []
    for happened in events:
        core = (
            happened.object_id,
            happened.sequence,
            happened.object_type,
            happened.type,
            now,
            canonical_json(happened.data),
        )
        digest = fact_digest(core)
        digests.append(digest)
        rows.append((tenant, *core, digest, seal_seq))
    bulk_write(tx, event, rows)

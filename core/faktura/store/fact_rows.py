"""What a transaction states, and the rows it becomes: each fact's sealed values and those of its parts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from faktura.domain.account import AccountTransaction
from faktura.domain.costs import single_centre
from faktura.domain.events import Event
from faktura.domain.invoices import DraftDocument
from faktura.domain.journal import Entry
from faktura.kernel.canonical import canonical_json
from faktura.store.accounts import Allocation, OpenItem
from faktura.store.bulk import Row
from faktura.store.codec import to_json
from faktura.store.cost_columns import costs_text
from faktura.store.dunning_writing import FrozenCharges
from faktura.store.fact_tables import Fact
from faktura.store.openings import FrozenOpening
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


def document_rows(documents: Sequence[FrozenDocument], now: datetime) -> Iterator[Fact]:
    """Documents with their lines."""
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


def transaction_rows(transactions: Sequence[AccountTransaction], now: datetime) -> Iterator[Fact]:
    """Account transactions."""
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


def allocation_rows(allocations: Sequence[Allocation]) -> Iterator[Fact]:
    """Allocations."""
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


def entry_rows(
    entries: Sequence[Entry], first_seq: int, locked_to: date | None, now: datetime
) -> Iterator[Fact]:
    """Journal entries numbered from `first_seq`; `locked_to` is the last day that is locked (P24)."""
    for seq, entry in enumerate(entries, first_seq):
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


def event_rows(events: Sequence[Event], now: datetime) -> Iterator[Fact]:
    """Events."""
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


def draft_entry_rows(tx: Tx, entries: Sequence[Entry], now: datetime) -> list[Row]:
    """Entries that wait for an account, as rows of their table."""
    return [
        (tx.tenant_id, entry.key, " ".join(entry.missing), to_json(entry, Entry), now)
        for entry in entries
    ]

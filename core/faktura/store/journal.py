"""The journal: posted entries as exporters take them, and drafts."""

import json
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select, update

from faktura.domain.journal import Entry
from faktura.kernel.money import Money
from faktura.kernel.terms import DocumentKind, EntryKind, PaymentMethod, Side, Slot, TaxCase
from faktura.plugin import JournalEntryData, LegData
from faktura.store.codec import from_json, to_json
from faktura.store.pages import page_after
from faktura.store.tables import (
    customer,
    document,
    document_upload,
    draft_entry,
    journal_entry,
    leg,
)
from faktura.store.transaction import Tx
from faktura.store.types import Day

_PAGE = 500
# The accounting date: of a month that is open.
BOOKED_ON = func.coalesce(journal_entry.c.booked_on, journal_entry.c.value_date, type_=Day())
_CLAIMS = frozenset({EntryKind.INVOICE, EntryKind.CORRECTION, EntryKind.DEPOSIT})
# Whose turnover needs the buyer's VAT id in the recapitulative statement (§ 18a UStG).
_NAMES_BUYER = frozenset({TaxCase.INTRA_COMMUNITY, TaxCase.REVERSE_CHARGE})


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """An entry that waits for an account; `missing` are the account keys to set (F106)."""

    key: str
    missing: tuple[str, ...]
    entry: Entry
    since: datetime


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Entries of accounting dates `start`..`end`, both inclusive; several conditions hold together.

    `account` is a ledger account or a debtor that any leg touches, `cost_centre` that of any leg.
    `late` asks for entries whose month was locked before they came, False for all others.
    `after_seq` leaves out those up to that place in the journal.
    """

    start: date | None = None
    end: date | None = None
    account: str | None = None
    after_seq: int | None = None
    kinds: tuple[EntryKind, ...] = ()
    document: str | None = None
    customer: str | None = None
    cost_centre: str | None = None
    late: bool | None = None


def read_entries(tx: Tx, wanted: JournalFilter) -> Iterator[JournalEntryData]:
    """Posted entries with their legs in the order (accounting date, seq); streamed in pages."""
    return entries_where(tx, _conditions(tx, wanted))


def read_entry(tx: Tx, key: str) -> JournalEntryData | None:
    """The posted entry of that key, if there is one."""
    e = journal_entry.c
    return next(entries_where(tx, [e.tenant_id == tx.tenant_id, e.entry_key == key]), None)


def journal_page(tx: Tx, wanted: JournalFilter, limit: int) -> list[JournalEntryData]:
    """The first entries of a filter in the order of the journal (seq), with their legs.

    New entries come behind all others in this order, whatever their dates: no page misses one.
    """
    query = _entries(_conditions(tx, wanted), None).order_by(None).order_by(journal_entry.c.seq)
    rows = tx.connection.execute(query.limit(limit)).all()
    legs = _legs(tx, [row.seq for row in rows])
    return [_entry(row, legs[row.seq]) for row in rows]


def entries_where(
    tx: Tx, conditions: Sequence[ColumnElement[bool]], linked_at: str | None = None
) -> Generator[JournalEntryData, None, None]:
    """Entries that meet conditions on `journal_entry`, as `read_entries` gives them.

    `linked_at` is the export target whose ids of document images they bear.
    """
    query = _entries(conditions, linked_at)
    rows = tx.connection.execute(query, execution_options={"yield_per": _PAGE})
    try:
        for page in rows.partitions():
            legs = _legs(tx, [row.seq for row in page])
            for row in page:
                yield _entry(row, legs[row.seq])
    finally:
        rows.close()


def _entries(conditions: Sequence[ColumnElement[bool]], linked_at: str | None) -> Select[Any]:
    e, d, c, u = journal_entry.c, document.c, customer.c, document_upload.c
    image = (
        (u.tenant_id == e.tenant_id) & (u.target == linked_at) & (u.document_id == e.document_id)
    )
    return (
        select(
            u.guid.label("document_link"),
            journal_entry,
            d.number.label("document_number"),
            d.kind.label("document_kind"),
            d.due_on,
            d.snapshot,
            c.number.label("customer_number"),
            c.name.label("customer_name"),
        )
        .outerjoin(document, (d.tenant_id == e.tenant_id) & (d.id == e.document_id))
        .outerjoin(customer, (c.tenant_id == e.tenant_id) & (c.id == e.customer_id))
        .outerjoin(document_upload, image)
        .where(*conditions)
        .order_by(BOOKED_ON, e.seq)
    )


def _conditions(tx: Tx, wanted: JournalFilter) -> list[ColumnElement[bool]]:
    e = journal_entry.c
    conditions: list[ColumnElement[bool]] = [e.tenant_id == tx.tenant_id]
    if wanted.start is not None:
        conditions.append(wanted.start <= BOOKED_ON)
    if wanted.end is not None:
        conditions.append(wanted.end >= BOOKED_ON)
    if wanted.after_seq is not None:
        conditions.append(e.seq > wanted.after_seq)
    if wanted.account is not None:
        at = (leg.c.account == wanted.account) | (leg.c.debtor == wanted.account)
        conditions.append(_with_leg(tx, at))
    if wanted.cost_centre is not None:
        conditions.append(_with_leg(tx, leg.c.cost_centre == wanted.cost_centre))
    conditions += _concerning(wanted)
    return conditions


def _with_leg(tx: Tx, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    touched = select(leg.c.entry_seq).where(leg.c.tenant_id == tx.tenant_id, condition)
    return journal_entry.c.seq.in_(touched)


def _concerning(wanted: JournalFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.kinds:
        conditions.append(journal_entry.c.kind.in_(wanted.kinds))
    if wanted.document is not None:
        conditions.append(document.c.number == wanted.document)
    if wanted.customer is not None:
        conditions.append(customer.c.number == wanted.customer)
    if wanted.late is not None:
        # A tenant without a lock has no late entry.
        booked_on = journal_entry.c.booked_on
        conditions.append(booked_on.is_not(None) if wanted.late else booked_on.is_(None))
    return conditions


def _legs(tx: Tx, seqs: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {seq: [] for seq in seqs}
    for row in tx.connection.execute(
        select(leg)
        .where(leg.c.tenant_id == tx.tenant_id, leg.c.entry_seq.in_(seqs))
        .order_by(leg.c.entry_seq, leg.c.no)
    ):
        found[row.entry_seq].append(row)
    return found


def _entry(row: Any, legs: Sequence[Any]) -> JournalEntryData:
    kind = EntryKind(row.kind)
    snapshot: dict[str, Any] = json.loads(row.snapshot) if row.snapshot else {}
    buyer: dict[str, Any] = snapshot.get("buyer", {})
    mandate: dict[str, str] | None = buyer.get("mandate")
    # Due date and mandate belong to the claim, not to what settles it.
    is_claim = kind in _CLAIMS
    is_debited = snapshot.get("paymentMethod") == PaymentMethod.SEPA_DEBIT
    return JournalEntryData(
        seq=row.seq,
        key=row.entry_key,
        kind=kind,
        value_date=row.value_date,
        recorded_at=row.recorded_at,
        currency=row.currency,
        text=row.text,
        document_number=row.document_number,
        document_kind=DocumentKind(row.document_kind) if row.document_kind else None,
        due_on=row.due_on if is_claim else None,
        customer_number=row.customer_number,
        # As on the document: an entry does not follow a later change of name.
        customer_name=buyer.get("name") or row.customer_name,
        reverses_key=row.reverses_key,
        booked_on=row.booked_on or row.value_date,
        service_month=row.service_month,
        created_by=row.created_by,
        document_link=row.document_link,
        sha256=row.content_hash.hex(),
        mandate=mandate["reference"] if mandate and is_claim and is_debited else None,
        legs=tuple(_leg(side, row.currency, buyer.get("vatId") or None) for side in legs),
    )


def _leg(row: Any, currency: str, buyer_vat_id: str | None) -> LegData:
    tax_case = TaxCase(row.tax_case) if row.tax_case else None
    return LegData(
        no=row.no,
        account=row.account,
        slot=Slot(row.slot),
        side=Side(row.side),
        amount=Money(row.minor, currency).decimal,
        debtor=row.debtor,
        tax_case=tax_case,
        tax_rate=row.tax_rate,
        tax_country=row.tax_country,
        buyer_vat_id=buyer_vat_id if tax_case in _NAMES_BUYER else None,
        cost_centre=row.cost_centre,
        cost_object=row.cost_object,
    )


def read_drafts(
    tx: Tx, *, after: str | None = None, limit: int | None = None
) -> Iterator[DraftEntry]:
    """Entries that wait for an account, by key, those behind the key `after`; streamed."""
    query = select(draft_entry).where(draft_entry.c.tenant_id == tx.tenant_id)
    query = page_after(query, draft_entry.c.entry_key, after, limit)
    for row in tx.connection.execute(query, execution_options={"yield_per": _PAGE}):
        yield DraftEntry(
            row.entry_key, tuple(row.missing.split()), from_json(row.data, Entry), row.created_at
        )


def delete_drafts(tx: Tx, keys: Sequence[str]) -> None:
    """Take drafts away that are posted now."""
    d = draft_entry.c
    for start in range(0, len(keys), _PAGE):
        tx.connection.execute(
            delete(draft_entry).where(
                d.tenant_id == tx.tenant_id, d.entry_key.in_(keys[start : start + _PAGE])
            )
        )


def rewrite_draft(tx: Tx, entry: Entry) -> None:
    """Keep what is known by now of a draft that still waits for another account."""
    d = draft_entry.c
    tx.connection.execute(
        update(draft_entry)
        .where(d.tenant_id == tx.tenant_id, d.entry_key == entry.key)
        .values(missing=" ".join(entry.missing), data=to_json(entry, Entry))
    )

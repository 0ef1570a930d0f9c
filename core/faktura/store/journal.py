"""The journal: posted entries as exporters take them, balances per account, and drafts."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, exists, func, select, update

from faktura.domain.journal import Entry
from faktura.kernel.money import Money
from faktura.kernel.terms import DocumentKind, EntryKind, PaymentMethod, Side, Slot, TaxCase
from faktura.plugin import JournalEntryData, LegData
from faktura.store.codec import from_json, to_json
from faktura.store.tables import customer, document, draft_entry, export_entry, journal_entry, leg
from faktura.store.transaction import Tx

_PAGE = 500
_CLAIMS = frozenset({EntryKind.INVOICE, EntryKind.CORRECTION, EntryKind.DEPOSIT})
# Whose turnover needs the buyer's VAT id in the recapitulative statement (§ 18a UStG).
_NAMES_BUYER = frozenset({TaxCase.INTRA_COMMUNITY, TaxCase.REVERSE_CHARGE})


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """The sums of an account: debits, credits and their difference (debits positive)."""

    account: str
    debit: Money
    credit: Money

    @property
    def balance(self) -> Money:
        """Debits minus credits."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """An entry that waits for an account; `missing` are the account keys to set (F106)."""

    key: str
    missing: tuple[str, ...]
    entry: Entry
    since: datetime


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Entries of value dates `start`..`end`, both inclusive; `account` touched by any leg.

    `after_seq` leaves out those up to that place in the journal. `unexported` names a target: only entries that were never exported to it. Opening balances are
    left out then: who keeps the books has them from the system that they come from (P54).
    """

    start: date | None = None
    end: date | None = None
    account: str | None = None
    unexported: str | None = None
    after_seq: int | None = None


def read_entries(tx: Tx, wanted: JournalFilter) -> Iterator[JournalEntryData]:
    """Posted entries with their legs in the order (value date, seq); streamed in pages."""
    rows = tx.connection.execute(_entries(tx, wanted), execution_options={"yield_per": _PAGE})
    for page in rows.partitions():
        legs = _legs(tx, [row.seq for row in page])
        for row in page:
            yield _entry(row, legs[row.seq])


def _entries(tx: Tx, wanted: JournalFilter) -> Select[Any]:
    e, d, c = journal_entry.c, document.c, customer.c
    return (
        select(
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
        .where(*_conditions(tx, wanted))
        .order_by(e.value_date, e.seq)
    )


def _conditions(tx: Tx, wanted: JournalFilter) -> list[ColumnElement[bool]]:
    e = journal_entry.c
    conditions: list[ColumnElement[bool]] = [e.tenant_id == tx.tenant_id]
    if wanted.start is not None:
        conditions.append(e.value_date >= wanted.start)
    if wanted.end is not None:
        conditions.append(e.value_date <= wanted.end)
    if wanted.after_seq is not None:
        conditions.append(e.seq > wanted.after_seq)
    if wanted.account is not None:
        touched = select(leg.c.entry_seq).where(
            leg.c.tenant_id == tx.tenant_id,
            (leg.c.account == wanted.account) | (leg.c.debtor == wanted.account),
        )
        conditions.append(e.seq.in_(touched))
    if wanted.unexported is not None:
        # Not NOT IN: PostgreSQL would compare every entry with all that ever went out.
        gone = exists().where(
            export_entry.c.tenant_id == e.tenant_id,
            export_entry.c.target == wanted.unexported,
            export_entry.c.entry_seq == e.seq,
        )
        conditions += [~gone, e.kind != EntryKind.OPENING]
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
    )


def account_balances(tx: Tx, until: date | None = None) -> list[AccountBalance]:
    """Every account's sums up to that value date (inclusive), by currency and account."""
    e, side = journal_entry.c, leg.c
    query = (
        select(
            e.currency,
            side.account,
            func.sum(case((side.side == Side.DEBIT, side.minor), else_=0)).label("debit"),
            func.sum(case((side.side == Side.CREDIT, side.minor), else_=0)).label("credit"),
        )
        .select_from(journal_entry)
        .join(leg, (side.tenant_id == e.tenant_id) & (side.entry_seq == e.seq))
        .where(e.tenant_id == tx.tenant_id)
        .group_by(e.currency, side.account)
        .order_by(e.currency, side.account)
    )
    if until is not None:
        query = query.where(e.value_date <= until)
    return [
        AccountBalance(
            row.account,
            Money(int(row.debit), row.currency),
            Money(int(row.credit), row.currency),
        )
        for row in tx.connection.execute(query)
    ]


def read_drafts(tx: Tx) -> Iterator[DraftEntry]:
    """Entries that wait for an account, by key; streamed."""
    rows = tx.connection.execute(
        select(draft_entry)
        .where(draft_entry.c.tenant_id == tx.tenant_id)
        .order_by(draft_entry.c.entry_key),
        execution_options={"yield_per": _PAGE},
    )
    for row in rows:
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

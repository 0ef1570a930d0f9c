"""What the simulator's invariants read of books and accounts: what is new since a seal, in plain queries.

Nothing here is what the product decides by. A fact's seal tells when it came: whoever has looked up to a
seal asks for what lies behind it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import case, func, select

from faktura.kernel.terms import AccountFact, DocumentKind, Side, Slot
from faktura.store.batches import in_batches
from faktura.store.streams import streamed
from faktura.store.tables import (
    account_transaction,
    allocation,
    chain_head,
    customer,
    document,
    document_line,
    draft_entry,
    journal_entry,
    leg,
    number_range,
    open_item,
)
from faktura.store.transaction import Tx

d, t, a, e, c = document.c, account_transaction.c, allocation.c, journal_entry.c, customer.c
_SIGNED = case((leg.c.side == Side.DEBIT, leg.c.minor), else_=-leg.c.minor)
Account = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """The head of a document; amounts in minor units."""

    id: UUID
    number: str
    kind: DocumentKind
    customer_id: UUID
    issued_on: date
    net: int
    tax: int
    gross: int


@dataclass(frozen=True, slots=True)
class IssuedLine:
    """A line of a document; amounts in minor units."""

    document_id: UUID
    no: int
    quantity: Decimal
    price: Decimal
    base: Decimal
    list_net: int
    discount: int
    net: int
    category: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A transaction of a customer's account; a positive amount is owed to us."""

    customer_id: UUID
    debtor: str
    currency: str
    no: int
    fact: AccountFact
    amount: int
    balance_after: int
    source: str
    document_id: UUID | None


@dataclass(frozen=True, slots=True)
class EntrySum:
    """A journal entry: how many legs it has, and debits less credits."""

    seq: int
    key: str
    legs: int
    difference: int


@dataclass(frozen=True, slots=True)
class Allocated:
    """A part of an account's transaction that counts for a document; negative where taken back."""

    document_id: UUID
    customer_id: UUID
    currency: str
    transaction_no: int
    amount: int
    seal: int


def last_seal(tx: Tx) -> int:
    """The number of the newest seal; 0 where nothing was ever written."""
    h = chain_head.c
    return int(
        tx.connection.execute(select(h.seal_seq).where(h.tenant_id == tx.tenant_id)).scalar() or 0
    )


def documents_since(tx: Tx, seal: int) -> list[IssuedDocument]:
    """Documents behind a seal, in the order in which they were sealed."""
    rows = tx.connection.execute(
        select(d.id, d.number, d.kind, d.customer_id, d.issued_on, d.net, d.tax, d.gross)
        .where(d.tenant_id == tx.tenant_id, d.seal_seq > seal)
        .order_by(d.seal_seq, d.id)
    )
    return [
        IssuedDocument(
            row.id,
            row.number,
            DocumentKind(row.kind),
            row.customer_id,
            row.issued_on,
            row.net,
            row.tax,
            row.gross,
        )
        for row in rows
    ]


def lines_since(tx: Tx, seal: int) -> Iterator[IssuedLine]:
    """The lines of documents behind a seal, in the order of `documents_since`; streamed."""
    own = document_line.c
    rows = streamed(
        tx,
        select(
            *(own.document_id, own.no, own.quantity, own.price, own.price_base),
            *(own.list_net, own.discount, own.net, own.tax_category, own.tax_rate),
        )
        .join(document, (d.tenant_id == own.tenant_id) & (d.id == own.document_id))
        .where(d.tenant_id == tx.tenant_id, own.tenant_id == tx.tenant_id, d.seal_seq > seal)
        .order_by(d.seal_seq, d.id, own.no),
    )
    for row in rows:
        yield IssuedLine(*row)


def counters_of_ranges(tx: Tx) -> list[tuple[str, date, str, int, int]]:
    """Every number range: name, first day, prefix, width, and the counter that it gives next."""
    r = number_range.c
    rows = tx.connection.execute(
        select(r.name, r.valid_from, r.prefix, r.width, r.next)
        .where(r.tenant_id == tx.tenant_id)
        .order_by(r.name, r.valid_from)
    )
    return [(row.name, row.valid_from, row.prefix, row.width, int(row.next)) for row in rows]


def account_lines_since(tx: Tx, seal: int) -> Iterator[AccountLine]:
    """Transactions behind a seal, account by account in their order; streamed."""
    rows = streamed(
        tx,
        select(
            t.customer_id,
            c.debtor_account,
            t.currency,
            t.no,
            t.fact,
            t.amount,
            t.balance_after,
            t.source,
            t.document_id,
        )
        .join(customer, (c.tenant_id == t.tenant_id) & (c.id == t.customer_id))
        .where(t.tenant_id == tx.tenant_id, t.seal_seq > seal)
        .order_by(t.customer_id, t.currency, t.no),
    )
    for row in rows:
        yield AccountLine(
            row.customer_id,
            row.debtor_account,
            row.currency,
            row.no,
            AccountFact(row.fact),
            row.amount,
            row.balance_after,
            row.source,
            row.document_id,
        )


def entries_since(tx: Tx, seq: int) -> Iterator[EntrySum]:
    """Journal entries with a higher number, in their order; streamed."""
    rows = streamed(
        tx,
        select(
            e.seq,
            e.entry_key,
            func.count(leg.c.no).label("legs"),
            func.coalesce(func.sum(_SIGNED), 0).label("difference"),
        )
        .outerjoin(leg, (leg.c.tenant_id == e.tenant_id) & (leg.c.entry_seq == e.seq))
        .where(e.tenant_id == tx.tenant_id, e.seq > seq)
        .group_by(e.seq, e.entry_key)
        .order_by(e.seq),
    )
    for row in rows:
        yield EntrySum(row.seq, row.entry_key, int(row.legs), int(row.difference))


def receivables_since(tx: Tx, seq: int) -> dict[tuple[str, str], int]:
    """What entries with a higher number add to each debtor's receivables, by currency."""
    rows = tx.connection.execute(
        select(leg.c.debtor, e.currency, func.sum(_SIGNED).label("total"))
        .join(journal_entry, (e.tenant_id == leg.c.tenant_id) & (e.seq == leg.c.entry_seq))
        .where(
            leg.c.tenant_id == tx.tenant_id,
            leg.c.entry_seq > seq,
            leg.c.slot == Slot.RECEIVABLES,
        )
        .group_by(leg.c.debtor, e.currency)
    )
    return {(row.debtor or "", row.currency): int(row.total) for row in rows}


def waiting_entries(tx: Tx) -> int:
    """How many entries wait as drafts for an account."""
    own = draft_entry.c
    return int(
        tx.connection.execute(
            select(func.count()).select_from(draft_entry).where(own.tenant_id == tx.tenant_id)
        ).scalar_one()
    )


def allocations_since(tx: Tx, seal: int) -> Iterator[Allocated]:
    """Allocations behind a seal, in the order in which they were sealed; streamed."""
    rows = streamed(
        tx,
        select(a.document_id, a.customer_id, a.currency, a.transaction_no, a.amount, a.seal_seq)
        .where(a.tenant_id == tx.tenant_id, a.seal_seq > seal)
        .order_by(a.seal_seq, a.document_id, a.no),
    )
    for row in rows:
        yield Allocated(*row)


def open_of_documents(tx: Tx, document_ids: Collection[UUID]) -> dict[UUID, int]:
    """What the open items of these documents say; documents without one are absent."""
    o = open_item.c
    found: dict[UUID, int] = {}
    for batch in in_batches(sorted(document_ids)):
        rows = tx.connection.execute(
            select(o.document_id, o.open).where(
                o.tenant_id == tx.tenant_id, o.document_id.in_(batch)
            )
        )
        found |= {row.document_id: int(row.open) for row in rows}
    return found


def open_of_customers(tx: Tx, customer_ids: Collection[UUID]) -> dict[Account, int]:
    """The sum of these customers' open items, by currency."""
    o = open_item.c
    found: dict[Account, int] = {}
    for batch in in_batches(sorted(customer_ids)):
        rows = tx.connection.execute(
            select(o.customer_id, o.currency, func.sum(o.open).label("total"))
            .where(o.tenant_id == tx.tenant_id, o.customer_id.in_(batch))
            .group_by(o.customer_id, o.currency)
        )
        found |= {(row.customer_id, row.currency): int(row.total) for row in rows}
    return found

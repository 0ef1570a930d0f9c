"""Deposits: what was requested, what money counts for them, which final invoice deducts them (F061)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, select

from faktura.domain.deposit_facts import (
    DepositPayment,
    Shares,
    added,
    record_shares,
)
from faktura.domain.document_kinds import KINDS
from faktura.domain.documents import DocumentRecord
from faktura.domain.standing_allocations import standing_numbers
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact, DocumentKind, DocumentLinkKind, EntryKind, Side, Slot
from faktura.store.accounts import Allocation, allocation_from_row
from faktura.store.batches import in_batches
from faktura.store.documents import read_documents
from faktura.store.tables import (
    account_transaction,
    allocation,
    document,
    document_link,
    journal_entry,
    leg,
)
from faktura.store.transaction import Tx

_CLAIMS = frozenset(rules.fact for rules in KINDS.values())
_DEPOSITS_A_BATCH = 500


@dataclass(frozen=True, slots=True)
class Receipt:
    """An allocation of money to a deposit and the value date of that money.

    `claim_id` is the document whose credit it is, None for a payment.
    """

    allocation: Allocation
    value_date: date
    claim_id: UUID | None

    @property
    def payment(self) -> DepositPayment:
        """The same as the rules see it."""
        own = self.allocation
        return DepositPayment(own.no, own.amount.minor, own.reverses_no)


@dataclass(frozen=True, slots=True)
class DepositState:
    """A deposit invoice, what corrections left of it, and the money that counts for it, in order.

    `deducted_by` is the number of the final invoice that deducts it, unless that was cancelled.
    """

    record: DocumentRecord
    shares: Shares
    receipts: tuple[Receipt, ...]
    deducted_by: str | None

    @property
    def gross(self) -> Money:
        """What is requested after all corrections."""
        return Money(sum(share.gross for share in self.shares), self.record.currency)

    @property
    def received(self) -> Money:
        """What is received and not given back."""
        minor = sum(receipt.allocation.amount.minor for receipt in self.receipts)
        return Money(minor, self.record.currency)

    @property
    def live(self) -> tuple[Receipt, ...]:
        """The receipts that count now: neither undone nor undoing."""
        standing = standing_numbers(
            (receipt.allocation.no, receipt.allocation.reverses_no) for receipt in self.receipts
        )
        return tuple(
            receipt
            for receipt in self.receipts
            if receipt.allocation.reverses_no is None and receipt.allocation.no in standing
        )


def deposit_ids(tx: Tx, contract_id: UUID) -> list[UUID]:
    """The deposit invoices of a contract, in the order of their numbers."""
    d = document.c
    return list(
        tx.connection.execute(
            select(d.id)
            .where(
                d.tenant_id == tx.tenant_id,
                d.contract_id == contract_id,
                d.kind == DocumentKind.DEPOSIT,
            )
            .order_by(func.length(d.number), d.number)
        ).scalars()
    )


def all_deposits(tx: Tx) -> Iterator[list[DepositState]]:
    """All deposits of the tenant as they stand, in batches."""
    d = document.c
    ids = tx.connection.execute(
        select(d.id)
        .where(d.tenant_id == tx.tenant_id, d.kind == DocumentKind.DEPOSIT)
        .order_by(d.id)
    ).scalars()
    left = iter(ids.all())
    while batch := list(islice(left, _DEPOSITS_A_BATCH)):
        yield read_deposits(tx, batch)


def posted_receipts(tx: Tx, ids: Sequence[UUID]) -> dict[tuple[UUID, Slot], int]:
    """What posted receipts of deposits came to by slot, debits positive, in minor units."""
    e, own = journal_entry.c, leg.c
    signed = func.sum(case((own.side == Side.DEBIT, own.minor), else_=-own.minor))
    rows = tx.connection.execute(
        select(e.document_id, own.slot, signed.label("total"))
        .join(leg, (own.tenant_id == e.tenant_id) & (own.entry_seq == e.seq))
        .where(
            e.tenant_id == tx.tenant_id,
            e.kind == EntryKind.DEPOSIT_RECEIVED,
            e.document_id.in_(ids),
        )
        .group_by(e.document_id, own.slot)
    )
    return {(row.document_id, Slot(row.slot)): int(row.total) for row in rows}


def deposits_among(tx: Tx, document_ids: Collection[UUID]) -> set[UUID]:
    """Which of these documents are deposit invoices."""
    d = document.c
    found: set[UUID] = set()
    for batch in in_batches(sorted(document_ids)):
        found |= set(
            tx.connection.execute(
                select(d.id).where(
                    d.tenant_id == tx.tenant_id,
                    d.id.in_(batch),
                    d.kind == DocumentKind.DEPOSIT,
                )
            ).scalars()
        )
    return found


def read_deposits(tx: Tx, ids: Sequence[UUID]) -> list[DepositState]:
    """Deposits as they stand, in the given order; their customers are locked by who decides."""
    if not ids:
        return []
    corrections = _corrections(tx, ids)
    others = {one for found in corrections.values() for one in found}
    records = {record.id: record for record in read_documents(tx, {*ids, *others})}
    receipts = _receipts(tx, ids)
    deducted = _deducted(tx, ids)
    return [
        DepositState(
            records[own],
            added(
                record_shares(records[own]),
                *(record_shares(records[one]) for one in corrections.get(own, ())),
            ),
            tuple(receipts.get(own, ())),
            deducted.get(own),
        )
        for own in ids
    ]


def _corrections(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    links = document_link.c
    found: dict[UUID, list[UUID]] = {}
    for row in tx.connection.execute(
        select(links.document_id, links.original_id).where(
            links.tenant_id == tx.tenant_id,
            links.original_id.in_(ids),
            links.kind == DocumentLinkKind.CORRECTS,
        )
    ):
        found.setdefault(row.original_id, []).append(row.document_id)
    return found


def _receipts(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, list[Receipt]]:
    a, t, links = allocation.c, account_transaction.c, document_link.c
    # A correction of the deposit itself is no money: it takes the request back.
    takes_back = exists().where(
        links.tenant_id == a.tenant_id,
        links.document_id == t.document_id,
        links.original_id == a.document_id,
        links.kind == DocumentLinkKind.CORRECTS,
    )
    rows = tx.connection.execute(
        select(allocation, t.value_date, t.fact, t.document_id.label("from_document"))
        .join(account_transaction, _of(a.customer_id, a.currency, a.transaction_no))
        .where(a.tenant_id == tx.tenant_id, a.document_id.in_(ids), ~takes_back)
        .order_by(a.document_id, a.no)
    )
    found: dict[UUID, list[Receipt]] = {}
    for row in rows:
        own = allocation_from_row(row)
        claim = row.from_document if AccountFact(row.fact) in _CLAIMS else None
        found.setdefault(own.document_id, []).append(Receipt(own, row.value_date, claim))
    return found


def _of(
    customer_id: ColumnElement[UUID], currency: ColumnElement[str], no: ColumnElement[int]
) -> ColumnElement[bool]:
    t, a = account_transaction.c, allocation.c
    return and_(
        t.tenant_id == a.tenant_id,
        t.customer_id == customer_id,
        t.currency == currency,
        t.no == no,
    )


def _deducted(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, str]:
    links, d = document_link.c, document.c
    taken_back, cancelling = document_link.alias(), document.alias()
    cancelled = exists().where(
        taken_back.c.tenant_id == links.tenant_id,
        taken_back.c.original_id == links.document_id,
        taken_back.c.kind == DocumentLinkKind.CORRECTS,
        cancelling.c.tenant_id == links.tenant_id,
        cancelling.c.id == taken_back.c.document_id,
        cancelling.c.kind == DocumentKind.CANCELLATION,
    )
    rows = tx.connection.execute(
        select(links.original_id, d.number)
        .join(document, (d.tenant_id == links.tenant_id) & (d.id == links.document_id))
        .where(
            links.tenant_id == tx.tenant_id,
            links.original_id.in_(ids),
            links.kind == DocumentLinkKind.DEDUCTS,
            ~cancelled,
        )
    )
    return {row.original_id: row.number for row in rows}


def value_dates(
    tx: Tx, customer_id: UUID, currency: str, numbers: Iterable[int]
) -> dict[int, date]:
    """The value dates of transactions of a customer's account, by number."""
    t = account_transaction.c
    rows = tx.connection.execute(
        select(t.no, t.value_date).where(
            t.tenant_id == tx.tenant_id,
            t.customer_id == customer_id,
            t.currency == currency,
            t.no.in_(sorted(numbers)),
        )
    )
    return {row.no: row.value_date for row in rows}


def deduction_allocations(tx: Tx, final_id: UUID) -> list[Allocation]:
    """What a final invoice deducted, as allocations to it, in the order of its deposits."""
    a, t = allocation.c, account_transaction.c
    rows = tx.connection.execute(
        select(allocation)
        .join(account_transaction, _of(a.customer_id, a.currency, a.transaction_no))
        .where(
            a.tenant_id == tx.tenant_id,
            a.document_id == final_id,
            a.reverses_no.is_(None),
            t.fact == AccountFact.DEPOSIT_DEDUCTED,
        )
        .order_by(a.no)
    )
    return [allocation_from_row(row) for row in rows]

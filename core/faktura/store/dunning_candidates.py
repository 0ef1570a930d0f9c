"""What a dunning run reads, set by set: overdue documents, what holds them, what was open when."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from faktura.domain.attempts import LIVE
from faktura.domain.dunning import DUNNED, NEVER_DUNNED, Debtor, OverdueDocument, Reached
from faktura.domain.run_chunks import Chunk
from faktura.kernel.payment_terms import AttemptChannel, AttemptState
from faktura.kernel.terms import AccountFact, DocumentKind, DocumentLinkKind
from faktura.store.batches import in_batches
from faktura.store.simulated_dates import at_real_date
from faktura.store.tables import (
    account_transaction,
    allocation,
    document,
    document_link,
    dunning_item,
    dunning_level,
    dunning_notice,
    open_item,
    payment_attempt,
)
from faktura.store.transaction import Tx

o, d, v = open_item.c, document.c, dunning_level.c
# A page that a customer opened and left is no debit that is under way.
_ONLY_OPENED = (AttemptState.CREATED, AttemptState.ACTION_NEEDED)
_TAKEN_BACK = frozenset({AccountFact.RETURN, AccountFact.CHARGEBACK})


@dataclass(frozen=True, slots=True)
class Movement:
    """What changed what is open of a document, and on which day; `minor` > 0 settles it.

    `corrects` where a correction of that very document did: what it takes off was never owed.
    """

    document_id: UUID
    value_date: date
    minor: int
    is_taken_back: bool
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class OpenOfCustomer:
    """What is open of a customer's document that may be overdue, is a charge, or is credit."""

    kind: DocumentKind
    currency: str
    document: OverdueDocument


def overdue_documents(
    tx: Tx, on: date, customer_id: UUID | None = None
) -> Iterator[tuple[UUID, UUID, int]]:
    """Customer, document and open amount of all that may be overdue, by customer; streamed.

    Without customers to whom a notice of that day went out already. Of one customer only where one is
    named; else without those who live on a day of their own (O23).
    """
    of = at_real_date(tx, o.customer_id) if customer_id is None else (o.customer_id == customer_id,)
    written = exists().where(
        dunning_notice.c.tenant_id == o.tenant_id,
        dunning_notice.c.customer_id == o.customer_id,
        dunning_notice.c.dunned_on == on,
    )
    rows = tx.connection.execute(
        select(o.customer_id, o.document_id, o.open)
        .join(document, and_(d.tenant_id == o.tenant_id, d.id == o.document_id))
        .where(
            o.tenant_id == tx.tenant_id,
            o.open > 0,
            o.due_on < on,
            d.kind.in_(sorted(DUNNED)),
            ~written,
            *of,
        )
        .order_by(o.customer_id, o.document_id),
        execution_options={"yield_per": 5000},
    )
    for row in rows:
        yield row.customer_id, row.document_id, row.open


def customers_of_chunk(tx: Tx, chunk: Chunk, on: date) -> list[UUID]:
    """The customers of a chunk of whom something may be overdue; without those written to that day."""
    written = select(dunning_notice.c.customer_id).where(
        dunning_notice.c.tenant_id == tx.tenant_id,
        dunning_notice.c.customer_id.between(chunk.first_customer, chunk.last_customer),
        dunning_notice.c.dunned_on == on,
    )
    alone = chunk.first_customer == chunk.last_customer
    rows = tx.connection.execute(
        select(o.customer_id)
        .where(
            *(() if alone else at_real_date(tx, o.customer_id)),
            o.tenant_id == tx.tenant_id,
            o.customer_id.between(chunk.first_customer, chunk.last_customer),
            o.open > 0,
            o.due_on < on,
            o.customer_id.not_in(written),
        )
        .distinct()
    )
    return list(rows.scalars())


def open_of_customers(tx: Tx, customer_ids: Collection[UUID]) -> list[OpenOfCustomer]:
    """All that is open of these customers, each one's oldest due first; they are locked.

    With what is dunned of each document.
    """
    found: list[OpenOfCustomer] = []
    for batch in in_batches(sorted(customer_ids)):
        rows = tx.connection.execute(
            _open(tx).where(o.customer_id.in_(batch)).order_by(o.customer_id, o.due_on, o.number)
        )
        found += [_open_of_customer(row) for row in rows]
    return found


def _open(tx: Tx) -> Select[Any]:
    return (
        select(
            d.id,
            d.number,
            d.kind,
            d.customer_id,
            d.currency,
            d.issued_on,
            d.due_on,
            d.gross,
            o.open,
            v.level,
            v.dunned_on,
            v.interest_until,
            v.flat_charged,
        )
        .select_from(open_item)
        .join(document, and_(d.tenant_id == o.tenant_id, d.id == o.document_id))
        .outerjoin(dunning_level, and_(v.tenant_id == o.tenant_id, v.document_id == o.document_id))
        .where(o.tenant_id == tx.tenant_id)
    )


def _open_of_customer(row: Any) -> OpenOfCustomer:
    reached = (
        NEVER_DUNNED
        if row.level is None
        else Reached(row.level, row.dunned_on, row.interest_until, row.flat_charged)
    )
    one = OverdueDocument(
        row.id,
        row.number,
        row.customer_id,
        row.issued_on,
        row.due_on,
        row.gross,
        row.open,
        reached,
    )
    return OpenOfCustomer(DocumentKind(row.kind), row.currency, one)


def in_running_debits(tx: Tx, document_ids: Collection[UUID]) -> set[UUID]:
    """Which of these documents somebody collects by an attempt that is not decided.

    A file of debits that the bank has not answered consists of such attempts.
    """
    a = payment_attempt.c
    only_opened = and_(a.channel == AttemptChannel.PAGE, a.state.in_(_ONLY_OPENED))
    return _with_attempts(tx, document_ids, and_(a.state.in_(LIVE), ~only_opened))


def to_be_tried_again(tx: Tx, document_ids: Collection[UUID]) -> set[UUID]:
    """Which of these documents have a failed attempt that another one is to follow."""
    return _with_attempts(tx, document_ids, payment_attempt.c.retry_at.is_not(None))


def _with_attempts(
    tx: Tx, document_ids: Collection[UUID], wanted: ColumnElement[bool]
) -> set[UUID]:
    a = payment_attempt.c
    found: set[UUID] = set()
    for batch in in_batches(document_ids):
        rows = tx.connection.execute(
            select(a.document_id).where(
                a.tenant_id == tx.tenant_id, a.document_id.in_(batch), wanted
            )
        )
        found |= set(rows.scalars())
    return found


def movements_of(tx: Tx, document_ids: Sequence[UUID]) -> dict[UUID, list[Movement]]:
    """What settled these documents and what took that back, each one's by value date."""
    a, t, links = allocation.c, account_transaction.c, document_link.c
    found: dict[UUID, list[Movement]] = {}
    for batch in in_batches(document_ids):
        rows = tx.connection.execute(
            select(
                a.document_id,
                t.value_date,
                a.amount,
                a.reverses_no,
                t.fact,
                links.document_id.is_not(None).label("corrects"),
            )
            .join(
                account_transaction,
                and_(
                    t.tenant_id == a.tenant_id,
                    t.customer_id == a.customer_id,
                    t.currency == a.currency,
                    t.no == a.transaction_no,
                ),
            )
            .outerjoin(
                document_link,
                and_(
                    links.tenant_id == a.tenant_id,
                    links.document_id == t.document_id,
                    links.original_id == a.document_id,
                    links.kind == DocumentLinkKind.CORRECTS,
                ),
            )
            .where(a.tenant_id == tx.tenant_id, a.document_id.in_(batch))
            .order_by(a.document_id, t.value_date, a.no)
        )
        for row in rows:
            taken_back = row.reverses_no is not None and AccountFact(row.fact) in _TAKEN_BACK
            found.setdefault(row.document_id, []).append(
                Movement(row.document_id, row.value_date, row.amount, taken_back, row.corrects)
            )
    return found


def debtors_of(tx: Tx, document_ids: Sequence[UUID]) -> dict[UUID, Debtor]:
    """Who owes these documents, by what is frozen in them (§ 286 Abs. 3 BGB)."""
    found: dict[UUID, Debtor] = {}
    for batch in in_batches(document_ids):
        rows = tx.connection.execute(
            select(d.id, d.snapshot).where(d.tenant_id == tx.tenant_id, d.id.in_(batch))
        )
        for row in rows:
            head = json.loads(row.snapshot)
            found[row.id] = Debtor(
                bool(head["buyer"]["isBusiness"]), bool(head.get("consumerNotice"))
            )
    return found


def first_notices(tx: Tx, document_ids: Collection[UUID]) -> dict[UUID, date]:
    """The day of the first notice that raised each of these documents to a level."""
    i, n = dunning_item.c, dunning_notice.c
    found: dict[UUID, date] = {}
    for batch in in_batches(document_ids):
        rows = tx.connection.execute(
            select(i.document_id, func.min(n.dunned_on).label("first"))
            .join(dunning_notice, and_(n.tenant_id == i.tenant_id, n.id == i.notice_id))
            .where(i.tenant_id == tx.tenant_id, i.document_id.in_(batch), i.level > 0)
            .group_by(i.document_id)
        )
        found |= {row.document_id: row.first for row in rows}
    return found


def unused_credit(tx: Tx, customer_ids: Collection[UUID]) -> dict[tuple[UUID, str], int]:
    """What of customers' payments counts for no document, by (customer, currency), in minor units.

    That is by how much their documents are open for more than their accounts owe.
    """
    t = account_transaction.c
    found: dict[tuple[UUID, str], int] = {}
    for batch in in_batches(sorted(customer_ids)):
        own = (o.tenant_id == tx.tenant_id) & o.customer_id.in_(batch)
        opened = select(o.customer_id, o.currency, func.sum(o.open)).where(own)
        for customer_id, currency, minor in tx.connection.execute(
            opened.group_by(o.customer_id, o.currency)
        ):
            found[customer_id, currency] = int(minor)
        balances = select(t.customer_id, t.currency, func.sum(t.amount)).where(
            t.tenant_id == tx.tenant_id, t.customer_id.in_(batch)
        )
        for customer_id, currency, minor in tx.connection.execute(
            balances.group_by(t.customer_id, t.currency)
        ):
            key = customer_id, currency
            found[key] = found.get(key, 0) - int(minor)
    return {key: minor for key, minor in found.items() if minor > 0}

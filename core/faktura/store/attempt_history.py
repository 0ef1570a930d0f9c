"""What is known of one attempt besides its row: events, deliveries that name it, bookings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select

from faktura.domain.attempts import Attempt
from faktura.kernel.money import Money
from faktura.store.tables import (
    account_transaction,
    allocation,
    chargeback,
    event,
    inbox,
    journal_entry,
    payment_refund,
)
from faktura.store.transaction import Tx

# What one transaction writes has moments of its own.
_SAME_WRITE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event about an attempt."""

    at: datetime
    type: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery, or what a poll found, that names an attempt; `effect` is what it did."""

    at: datetime
    event_id: str
    type: str
    state: str
    effect: str | None


@dataclass(frozen=True, slots=True)
class Booked:
    """A transaction of the customer's account that an attempt caused; negative is money received."""

    on: date
    fact: str
    amount: Money
    text: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A journal entry that an attempt caused."""

    on: date
    kind: str
    key: str
    text: str


def events_about(tx: Tx, attempt: Attempt) -> list[Happened]:
    """The attempt's events, in their order."""
    e = event.c
    rows = tx.connection.execute(
        select(e.occurred_at, e.type, e.data)
        .where(e.tenant_id == tx.tenant_id, e.object_id == attempt.id)
        .order_by(e.sequence)
    )
    return [Happened(row.occurred_at, row.type, json.loads(row.data)) for row in rows]


def deliveries_about(tx: Tx, attempt: Attempt) -> list[Delivered]:
    """Deliveries of its account, since it was made, that name it or its payment; oldest first."""
    i = inbox.c
    names = [str(attempt.id), attempt.id.hex, *([attempt.reference] if attempt.reference else [])]
    said = [
        column.contains(name, autoescape=True) for column in (i.facts, i.payload) for name in names
    ]
    rows = tx.connection.execute(
        select(i.received_at, i.event_id, i.type, i.state, i.effect)
        .where(
            i.tenant_id == tx.tenant_id,
            i.instance == attempt.instance,
            i.received_at >= attempt.created_at,
            or_(*said),
        )
        .order_by(i.received_at, i.id)
    )
    return [
        Delivered(row.received_at, row.event_id, row.type, row.state, row.effect) for row in rows
    ]


def bookings_of(tx: Tx, attempt: Attempt) -> list[Booked]:
    """What it caused on the customer's account, in the order of recording."""
    t = account_transaction.c
    rows = tx.connection.execute(
        select(t.value_date, t.fact, t.amount, t.currency, t.text)
        .where(
            t.tenant_id == tx.tenant_id,
            t.customer_id == attempt.customer_id,
            _caused(tx, attempt, t.source, t.document_id),
        )
        .order_by(t.currency, t.no)
    )
    return [
        Booked(row.value_date, row.fact, Money(row.amount, row.currency), row.text) for row in rows
    ]


def entries_of(tx: Tx, attempt: Attempt) -> list[Posted]:
    """What it caused in the journal, in its order; entries that lack an account are drafts."""
    j = journal_entry.c
    rows = tx.connection.execute(
        select(j.value_date, j.kind, j.entry_key, j.text)
        .where(
            j.tenant_id == tx.tenant_id,
            j.customer_id == attempt.customer_id,
            _caused(tx, attempt, j.entry_key, j.document_id),
        )
        .order_by(j.seq)
    )
    return [Posted(row.value_date, row.kind, row.entry_key, row.text) for row in rows]


def _caused(
    tx: Tx, attempt: Attempt, booked_as: ColumnElement[Any], document_id: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Whether a booking is the attempt's own, of its refund, or of a movement of our bank for it."""
    r = payment_refund.c
    refunds = tx.connection.execute(
        select(r.id).where(r.tenant_id == tx.tenant_id, r.attempt_id == attempt.id)
    ).scalars()
    names = [attempt.booking, *(f"refund:{one.hex}" for one in refunds)]
    own = [booked_as.contains(name, autoescape=True) for name in names]
    of_bank = [booked_as.contains(name, autoescape=True) for name in _movements(tx, attempt)]
    # A movement may pay for many; credit and the bank's fee name no document.
    its_document = document_id.is_(None) | (document_id == attempt.document_id)
    return or_(*own, or_(false(), *of_bank) & its_document)


def _movements(tx: Tx, attempt: Attempt) -> list[str]:
    """The movements of our bank that returned it, and that paid its document until it ended."""
    c, p, t = chargeback.c, allocation.c, account_transaction.c
    found = set(
        tx.connection.execute(
            select(c.movement_id).where(c.tenant_id == tx.tenant_id, c.attempt_id == attempt.id)
        ).scalars()
    )
    if attempt.file_no is not None and attempt.ended_at is not None:
        of_transaction = (
            (t.tenant_id == p.tenant_id)
            & (t.customer_id == p.customer_id)
            & (t.currency == p.currency)
            & (t.no == p.transaction_no)
        )
        paid = select(p.movement_id).join(account_transaction, of_transaction)
        found |= set(
            tx.connection.execute(
                paid.where(
                    p.tenant_id == tx.tenant_id,
                    p.document_id == attempt.document_id,
                    t.recorded_at.between(attempt.created_at, attempt.ended_at + _SAME_WRITE),
                )
            ).scalars()
        )
    return sorted(str(one) for one in found if one is not None)

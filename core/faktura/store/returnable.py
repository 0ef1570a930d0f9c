"""What returned debits may undo, and which returns are booked: read for a chunk of movements at once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from faktura.domain.attempts import Attempt
from faktura.domain.chargebacks import Chargeback
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.payment_terms import AttemptState, ChargebackState
from faktura.kernel.terms import AccountFact, PaymentMethod
from faktura.store.attempts import attempt_from_row
from faktura.store.batches import in_batches
from faktura.store.chargebacks import chargeback_from_row
from faktura.store.tables import (
    account_transaction,
    bank_account,
    bank_transaction,
    chargeback,
    document,
    payment_attempt,
    payment_means,
)
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A booked return with its chargeback; `data` is the parser's record as JSON."""

    chargeback: Chargeback
    movement_id: UUID
    bank_iban: str
    booked_on: date
    data: str


def customers_with_account(tx: Tx, fingerprints: Iterable[str]) -> set[UUID]:
    """Customers who ever gave a mandate on one of these accounts."""
    m = payment_means.c
    found: set[UUID] = set()
    for batch in in_batches(sorted(set(fingerprints))):
        found |= set(
            tx.connection.execute(
                select(m.customer_id).where(
                    m.tenant_id == tx.tenant_id,
                    m.creditor_id.is_not(None),
                    m.fingerprint.in_(batch),
                )
            ).scalars()
        )
    return found


def numbers_paid_since(tx: Tx, customer_ids: Iterable[UUID], day: date) -> set[str]:
    """Documents of these customers that were paid with a value date since that day, inclusive."""
    t, d = account_transaction.c, document.c
    found: set[str] = set()
    for batch in in_batches(sorted(set(customer_ids))):
        found |= set(
            tx.connection.execute(
                select(d.number)
                .join(account_transaction, (t.tenant_id == d.tenant_id) & (t.document_id == d.id))
                .where(
                    t.tenant_id == tx.tenant_id,
                    t.customer_id.in_(batch),
                    t.fact == AccountFact.PAYMENT,
                    t.value_date >= day,
                )
            ).scalars()
        )
    return found


def movement_records(tx: Tx, movement_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The parsers' records of these movements, as JSON."""
    t = bank_transaction.c
    found: dict[UUID, str] = {}
    for batch in in_batches(sorted(set(movement_ids))):
        rows = tx.connection.execute(
            select(t.id, t.data).where(t.tenant_id == tx.tenant_id, t.id.in_(batch))
        )
        found.update((row.id, row.data) for row in rows)
    return found


def debits_of_documents(tx: Tx, document_ids: Iterable[UUID]) -> dict[UUID, list[Attempt]]:
    """The debits by which these documents were collected, whether they came back or not."""
    a = payment_attempt.c
    found: dict[UUID, list[Attempt]] = {}
    for batch in in_batches(sorted(set(document_ids))):
        rows = tx.connection.execute(
            select(payment_attempt)
            .where(
                a.tenant_id == tx.tenant_id,
                a.document_id.in_(batch),
                a.method == PaymentMethod.SEPA_DEBIT,
                a.state.in_((AttemptState.SUCCEEDED, AttemptState.CHARGED_BACK)),
            )
            .order_by(a.document_id, a.id)
        )
        for row in rows:
            found.setdefault(row.document_id, []).append(attempt_from_row(row))
    return found


def booked_returns(
    tx: Tx, first: date, days: Collection[date], words: Collection[str]
) -> list[ReturnRow]:
    """Returns that stand and were booked since the first day, oldest first.

    Only those of these days, and those whose record or documents have one of these words, in upper
    case: what the texts of fees may name.
    """
    c, t, b = chargeback.c, bank_transaction.c, bank_account.c
    rows = tx.connection.execute(
        select(chargeback, t.booked_on, t.data, b.iban)
        .join(bank_transaction, (t.tenant_id == c.tenant_id) & (t.id == c.movement_id))
        .join(bank_account, (b.tenant_id == t.tenant_id) & (b.id == t.bank_account_id))
        .where(
            c.tenant_id == tx.tenant_id,
            c.state != ChargebackState.WON,
            t.state == MovementState.RETURNED,
            t.booked_on >= first,
        )
        .order_by(t.booked_on, t.id)
    )
    return [
        ReturnRow(chargeback_from_row(row), row.movement_id, row.iban, row.booked_on, row.data)
        for row in rows
        if row.booked_on in days or _has_one(f"{row.data} {row.done or ''}".upper(), words)
    ]


def _has_one(told: str, words: Collection[str]) -> bool:
    return any(word in told for word in words)


@dataclass(frozen=True, slots=True)
class OpenDebit:
    """Money that went out, of which nothing is decided yet."""

    movement_id: UUID
    bank_iban: str
    booked_on: date
    data: str


def open_debits(tx: Tx, days: Collection[date]) -> list[OpenDebit]:
    """What went out on these days and waits for a decision."""
    t, b = bank_transaction.c, bank_account.c
    rows = tx.connection.execute(
        select(t.id, t.booked_on, t.data, b.iban)
        .join(bank_account, (b.tenant_id == t.tenant_id) & (b.id == t.bank_account_id))
        .where(
            t.tenant_id == tx.tenant_id,
            t.state == MovementState.OPEN,
            t.amount < 0,
            t.booked_on.in_(sorted(days)),
        )
    )
    return [OpenDebit(row.id, row.iban, row.booked_on, row.data) for row in rows]


def chargebacks_of_movement(tx: Tx, movement_id: UUID) -> list[Chargeback]:
    """The chargebacks of a return, the last one first: it may have been undone and booked again."""
    c = chargeback.c
    rows = tx.connection.execute(
        select(chargeback)
        .where(c.tenant_id == tx.tenant_id, c.movement_id == movement_id)
        .order_by(c.opened_at.desc(), c.id.desc())
    )
    return [chargeback_from_row(row) for row in rows]

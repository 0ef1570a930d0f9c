"""The payment double's events, each a hint, and the facts behind them: what is so now."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from typing_extensions import override

from faktura.kernel.payment_terms import PaymentFactKind
from faktura.plugin import (
    EventReading,
    PaymentFact,
    PolledEvents,
    Polling,
    ProviderEvent,
)
from faktura.testing.double_base import DoublePart
from faktura.testing.double_rows import Row, row_of
from faktura.testing.double_store import DoubleStore

_PAYMENTS = {
    "SUCCEEDED": PaymentFactKind.PAYMENT_SUCCEEDED,
    "PENDING": PaymentFactKind.PAYMENT_PENDING,
    "DECLINED": PaymentFactKind.PAYMENT_FAILED,
    "CANCELLED": PaymentFactKind.PAYMENT_CANCELLED,
    "ACTION_NEEDED": PaymentFactKind.ACTION_NEEDED,
}
_A_POLL = 100


class DoubleEvents(DoublePart, EventReading, Polling):
    """Lists its events and says what is so now behind each."""

    @override
    async def events_since(self, cursor: str, since: datetime) -> PolledEvents:
        """Up to a hundred events behind the cursor, in their order."""
        with self.store.changing() as books:
            rows = books.execute(
                "SELECT no, type, subject, at FROM event WHERE no > ? AND at >= ?"
                " ORDER BY no LIMIT ?",
                [int(cursor or 0), "" if cursor else since.isoformat(), _A_POLL],
            ).fetchall()
        events = tuple(_event(*row) for row in rows)
        last = str(rows[-1][0]) if rows else cursor
        return PolledEvents(events=events, cursor=last, more=len(rows) == _A_POLL)

    @override
    async def facts(self, event: ProviderEvent) -> Sequence[PaymentFact]:
        """The state of what the event names, as it is now."""
        what, _, name = str(event.payload.get("subject", "")).partition(":")
        with self.store.changing() as books:
            match what:
                case "payment":
                    return [_of_payment(_row(books, int(name)))]
                case "dispute":
                    return [_of_dispute(books, int(name))]
                case "refund":
                    return [_of_refund(books, int(name))]
                case "means":
                    return [
                        PaymentFact(
                            kind=PaymentFactKind.MEANS_GONE,
                            occurred_at=event.occurred_at or self.now(),
                            means_reference=name,
                        )
                    ]
                case _:
                    return []


def events_of(store: DoubleStore) -> tuple[ProviderEvent, ...]:
    """All events that happened at the double."""
    with store.changing() as books:
        rows = books.execute("SELECT no, type, subject, at FROM event ORDER BY no").fetchall()
    return tuple(_event(*row) for row in rows)


def _event(no: int, kind: str, subject: str, at: str) -> ProviderEvent:
    return ProviderEvent(
        id=f"de_{no}",
        type=kind,
        occurred_at=datetime.fromisoformat(at),
        payload={"subject": subject},
    )


def _row(books: sqlite3.Connection, no: int) -> Row:
    return row_of(books.execute("SELECT * FROM payment WHERE no = ?", [no]).fetchone())


def _of_payment(row: Row) -> PaymentFact:
    return PaymentFact(
        kind=_PAYMENTS.get(row.state, PaymentFactKind.IGNORED),
        occurred_at=row.at,
        tenant=row.tenant,
        attempt=UUID(row.attempt),
        reference=row.reference,
        amount=row.amount,
        currency=row.currency,
        fee=row.fee,
        code=row.code,
        hard=row.hard,
    )


def _of_dispute(books: sqlite3.Connection, no: int) -> PaymentFact:
    payment, amount, fee, code, state, at = books.execute(
        "SELECT payment, amount, fee, code, state, at FROM dispute WHERE no = ?", [no]
    ).fetchone()
    row = _row(books, payment)
    return PaymentFact(
        kind=PaymentFactKind(f"CHARGEBACK_{state}"),
        occurred_at=datetime.fromisoformat(at),
        tenant=row.tenant,
        attempt=UUID(row.attempt),
        reference=row.reference,
        subject=f"dd_{no}",
        amount=Decimal(amount),
        currency=row.currency,
        fee=Decimal(fee),
        code=code,
    )


def _of_refund(books: sqlite3.Connection, no: int) -> PaymentFact:
    key, payment, amount, state, at = books.execute(
        "SELECT key, payment, amount, state, at FROM refund WHERE no = ?", [no]
    ).fetchone()
    row = _row(books, payment)
    ours = len(key) == len(row.key)
    kind = PaymentFactKind(f"REFUND_{state}") if ours else PaymentFactKind.EXTERNAL_REFUND
    return PaymentFact(
        kind=kind,
        occurred_at=datetime.fromisoformat(at),
        tenant=row.tenant,
        attempt=UUID(row.attempt),
        reference=row.reference,
        subject=f"dr_{no}",
        refund=UUID(key) if ours else None,
        amount=Decimal(amount),
        currency=row.currency,
    )

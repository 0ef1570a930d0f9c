"""Credit of payments that count for no document, as a deposit can be made of it (F061, P37)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from faktura.domain.deposit_facts import CreditPart
from faktura.domain.document_kinds import KINDS
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact
from faktura.store.tables import account_transaction, allocation, journal_entry
from faktura.store.transaction import Tx

_CLAIMS = frozenset(rules.fact for rules in KINDS.values())


@dataclass(frozen=True, slots=True)
class Credit:
    """What of a customer's payments counts for no document, oldest first; `total` is what is left.

    `total` is less than the sum of the parts where some of it was paid out again.
    """

    parts: tuple[CreditPart, ...]
    total: Money


def free_credit(tx: Tx, customer_id: UUID, currency: str) -> Credit:
    """What of a customer's payments counts for no document; the customer is locked."""
    t, a = account_transaction.c, allocation.c
    spent = (
        select(a.transaction_no, func.sum(a.amount).label("total"))
        .where(a.tenant_id == tx.tenant_id, a.customer_id == customer_id, a.currency == currency)
        .group_by(a.transaction_no)
        .subquery()
    )
    rows = tx.connection.execute(
        select(account_transaction, func.coalesce(spent.c.total, 0).label("spent"))
        .outerjoin(spent, spent.c.transaction_no == t.no)
        .where(
            t.tenant_id == tx.tenant_id,
            t.customer_id == customer_id,
            t.currency == currency,
            t.fact.not_in(sorted(_CLAIMS)),
        )
        .order_by(t.value_date, t.no)
    ).all()
    left = [(row, -row.amount - int(row.spent)) for row in rows]
    # A payment that was set unpaid is no credit: what took it back names the same booking.
    taken_back: dict[str, int] = {}
    for row, minor in left:
        if minor < 0:
            booking = _booking(row.source)
            taken_back[booking] = taken_back.get(booking, 0) + minor
    keys = _payment_keys(tx, customer_id)
    parts = [
        CreditPart(
            row.no,
            Money(minor, currency),
            row.value_date,
            _movement(row.source),
            keys.get(row.source, row.source),
        )
        for row, rest in left
        for minor in (rest + taken_back.get(_booking(row.source), 0),)
        if minor > 0 and AccountFact(row.fact) is AccountFact.PAYMENT
    ]
    return Credit(tuple(parts), Money(sum(minor for _, minor in left), currency))


def _booking(source: str) -> str:
    """What a source says behind its first word: the movement, and which booking of it."""
    return source.partition(":")[2]


def _movement(source: str) -> UUID | None:
    try:
        return UUID(_booking(source).partition(":")[0])
    except ValueError:
        return None


def _payment_keys(tx: Tx, customer_id: UUID) -> dict[str, str]:
    """Keys of the entries of posted payments without invoice, by their source."""
    e = journal_entry.c
    posted = tx.connection.execute(
        select(e.entry_key).where(
            e.tenant_id == tx.tenant_id,
            e.customer_id == customer_id,
            e.document_id.is_(None),
            e.entry_key.like("pay:%"),
        )
    ).scalars()
    return {key.rpartition(":")[0]: key for key in posted}

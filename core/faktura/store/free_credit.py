"""Credit of payments that count for no document, as a deposit can be made of it (F061, P37)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from faktura.domain.deposit_facts import CreditPart
from faktura.domain.document_kinds import KINDS
from faktura.domain.journal import Entry
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact
from faktura.store.batches import in_batches
from faktura.store.codec import from_json
from faktura.store.tables import account_transaction, allocation, draft_entry, journal_entry
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
    free = [
        (row, minor)
        for row, rest in left
        for minor in (rest + taken_back.get(_booking(row.source), 0),)
        if minor > 0 and AccountFact(row.fact) is AccountFact.PAYMENT
    ]
    keys = _payment_keys(tx, customer_id)
    lacking = {row.source for row, _ in free if (row.source, row.document_id) not in keys}
    keys |= _keys_of_drafts(tx, customer_id, lacking)
    parts = [
        CreditPart(
            row.no,
            Money(minor, currency),
            row.value_date,
            _movement(row.source),
            keys.get((row.source, row.document_id), row.source),
        )
        for row, minor in free
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


def _payment_keys(tx: Tx, customer_id: UUID) -> dict[tuple[str, UUID | None], str]:
    """Keys of the entries of posted payments, by their source and the document they were booked for.

    That is none, or one that was cancelled since.
    """
    e = journal_entry.c
    posted = tx.connection.execute(
        select(e.entry_key, e.document_id).where(
            e.tenant_id == tx.tenant_id,
            e.customer_id == customer_id,
            e.entry_key.like("pay:%"),
        )
    )
    return {(row.entry_key.rpartition(":")[0], row.document_id): row.entry_key for row in posted}


def _keys_of_drafts(
    tx: Tx, customer_id: UUID, sources: Collection[str]
) -> dict[tuple[str, UUID | None], str]:
    """The same of payments that are no entries yet, as an account lacks (F106)."""
    d, found = draft_entry.c, {}
    for batch in in_batches(sorted(sources)):
        rows = tx.connection.execute(
            select(d.data).where(
                d.tenant_id == tx.tenant_id,
                or_(*(d.entry_key.startswith(f"{one}:", autoescape=True) for one in batch)),
            )
        ).scalars()
        for entry in (from_json(data, Entry) for data in rows):
            if entry.customer_id == customer_id:
                found[entry.key.rpartition(":")[0], entry.document_id] = entry.key
    return found

"""What a bank movement was booked as: account transactions and journal entries (F065)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from faktura.domain.journal import Entry, Leg
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact, EntryKind, Side, Slot, TaxCase
from faktura.store.codec import from_json
from faktura.store.tables import account_transaction, allocation, draft_entry, journal_entry, leg
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class BookedPayment:
    """What a payment brought on an account, and how much of it counts for no document."""

    customer_id: UUID
    amount: Money
    unallocated: Money


def booked_payments(
    tx: Tx,
    customer_ids: Collection[UUID],
    source: str,
    fact: AccountFact = AccountFact.PAYMENT,
) -> list[BookedPayment]:
    """The payments of that source on these customers' accounts, in recording order.

    Of refunds, money that went out, amounts are negative.
    """
    t, a = account_transaction.c, allocation.c
    spent = (
        select(func.coalesce(func.sum(a.amount), 0))
        .where(
            a.tenant_id == t.tenant_id,
            a.customer_id == t.customer_id,
            a.currency == t.currency,
            a.transaction_no == t.no,
        )
        .correlate(account_transaction)
        .scalar_subquery()
    )
    rows = tx.connection.execute(
        select(t.customer_id, t.currency, t.amount, spent.label("spent"))
        .where(
            t.tenant_id == tx.tenant_id,
            t.customer_id.in_(sorted(customer_ids)),
            t.fact == fact,
            t.source == source,
        )
        .order_by(t.customer_id, t.currency, t.no)
    )
    return [
        BookedPayment(
            row.customer_id,
            Money(-row.amount, row.currency),
            Money(-row.amount - int(row.spent), row.currency),
        )
        for row in rows
    ]


def entries_of_keys(tx: Tx, keys: Sequence[str]) -> list[Entry]:
    """The posted entries of these keys, then those that wait for an account."""
    e, d = journal_entry.c, draft_entry.c
    posted = tx.connection.execute(
        select(journal_entry)
        .where(e.tenant_id == tx.tenant_id, e.entry_key.in_(keys))
        .order_by(e.seq)
    ).all()
    waiting = tx.connection.execute(
        select(d.data)
        .where(d.tenant_id == tx.tenant_id, d.entry_key.in_(keys))
        .order_by(d.entry_key)
    ).scalars()
    legs = _legs(tx, [row.seq for row in posted])
    return [
        *(
            Entry(
                row.entry_key,
                EntryKind(row.kind),
                row.value_date,
                row.currency,
                row.text,
                tuple(legs[row.seq]),
                row.document_id,
                row.customer_id,
                row.reverses_key,
            )
            for row in posted
        ),
        *(from_json(data, Entry) for data in waiting),
    ]


def _legs(tx: Tx, seqs: Sequence[int]) -> dict[int, list[Leg]]:
    found: dict[int, list[Leg]] = {seq: [] for seq in seqs}
    for row in tx.connection.execute(
        select(leg)
        .where(leg.c.tenant_id == tx.tenant_id, leg.c.entry_seq.in_(seqs))
        .order_by(leg.c.entry_seq, leg.c.no)
    ):
        found[row.entry_seq].append(
            Leg(
                Slot(row.slot),
                row.account,
                Side(row.side),
                row.minor,
                row.debtor,
                TaxCase(row.tax_case) if row.tax_case else None,
                row.tax_rate,
                row.tax_country,
                row.cost_centre,
                None,
                row.cost_object,
            )
        )
    return found

"""What the simulator's invariants read of the bank's movements, in plain queries."""

import json
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, func, select

from faktura.kernel.bank_terms import MovementState
from faktura.store.batches import in_batches
from faktura.store.tables import allocation, bank_account, bank_transaction
from faktura.store.transaction import Tx

# Rows that stand for a booking of the bank's own book: others announce one, or are its parts.
_BOOKED = (MovementState.PREVIEW, MovementState.EXPANDED)


def movements_known(tx: Tx, iban: str) -> tuple[int, int]:
    """How many bookings of a bank account we know, and what they come to."""
    m, b = bank_transaction.c, bank_account.c
    row = tx.connection.execute(
        select(func.count().label("bookings"), func.coalesce(func.sum(m.amount), 0).label("total"))
        .join(bank_account, (b.tenant_id == m.tenant_id) & (b.id == m.bank_account_id))
        .where(m.tenant_id == tx.tenant_id, b.iban == iban, m.state.not_in(_BOOKED))
    ).one()
    return int(row.bookings), int(row.total)


def returns_known(tx: Tx, iban: str) -> int:
    """How many bookings of a bank account stand as returned debits.

    One whose payment settled nothing counts as well: that is credit, which a person takes back.
    """
    m, b, p, a = bank_transaction.c, bank_account.c, bank_transaction.alias("paid").c, allocation.c
    settled = exists().where(a.tenant_id == p.tenant_id, a.movement_id == p.id)
    was_credit = exists().where(
        p.tenant_id == m.tenant_id,
        p.end_to_end_id == m.end_to_end_id,
        p.state == MovementState.BOOKED,
        ~settled,
    )
    query = (
        select(func.count())
        .select_from(bank_transaction)
        .join(bank_account, (b.tenant_id == m.tenant_id) & (b.id == m.bank_account_id))
        .where(
            m.tenant_id == tx.tenant_id,
            b.iban == iban,
            m.amount < 0,
            (m.state == MovementState.RETURNED) | ((m.state == MovementState.OPEN) & was_credit),
        )
    )
    return int(tx.connection.execute(query).scalar_one())


def booked_movements(tx: Tx, after: datetime) -> list[UUID]:
    """Movements that count as booked and came since that moment, which is one of them."""
    m = bank_transaction.c
    rows = tx.connection.execute(
        select(m.id)
        .where(
            m.tenant_id == tx.tenant_id,
            m.imported_at >= after,
            m.state == MovementState.BOOKED,
            m.amount > 0,
        )
        .order_by(m.id)
    )
    return list(rows.scalars())


def waiting_movements(tx: Tx, until: date) -> dict[int, UUID]:
    """Movements booked up to that day that still wait, by the number that the bank gave them."""
    m = bank_transaction.c
    rows = tx.connection.execute(
        select(m.id, m.data).where(
            m.tenant_id == tx.tenant_id, m.state == MovementState.OPEN, m.booked_on <= until
        )
    )
    references = ((json.loads(row.data).get("source_ref") or "", row.id) for row in rows)
    return {int(ref[1:]): movement for ref, movement in references if ref[1:].isdecimal()}


def amounts_of_movements(tx: Tx, ids: Collection[UUID]) -> dict[UUID, int]:
    """The amounts of these movements; those that do not exist are absent."""
    m = bank_transaction.c
    found: dict[UUID, int] = {}
    for batch in in_batches(sorted(ids)):
        rows = tx.connection.execute(
            select(m.id, m.amount).where(m.tenant_id == tx.tenant_id, m.id.in_(batch))
        )
        found.update((row.id, row.amount) for row in rows)
    return found

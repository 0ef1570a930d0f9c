"""Who pays from which account: confirmed by people, said by mandates, or of exactly that name."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from faktura.domain.matches import Outcome
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.payment_terms import MeansState
from faktura.kernel.terms import AccountFact
from faktura.store.batches import in_batches
from faktura.store.tables import (
    account_transaction,
    bank_transaction,
    customer,
    match_decision,
    open_item,
    payer_account,
    payment_means,
)
from faktura.store.transaction import Tx

p = payer_account.c
# ISO 13616: no IBAN is longer, nor is another account number in ISO 20022.
_LONGEST_ACCOUNT = 34
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class ConfirmedPayment:
    """A booked movement about which a person decided: the parser's record as JSON, the proof."""

    movement_id: UUID
    data: str
    proof: Any


def account_key(iban: str) -> str:
    """An account number as it is kept and compared: without blanks, in upper case."""
    return "".join(iban.split()).upper()


def learn_payer(tx: Tx, iban: str | None, customer_id: UUID, movement_id: UUID) -> None:
    """Know from now on that the customer pays from the account, as a person confirmed.

    Nothing changes where that was known, and for money of which the bank names no account. Only
    confirmations by people teach, never a rule (banking 4.2).
    """
    key = account_key(iban or "")
    if not key or len(key) > _LONGEST_ACCOUNT:
        return
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    tx.connection.execute(
        insert(payer_account)
        .values(
            tenant_id=tx.tenant_id,
            iban=key,
            customer_id=customer_id,
            movement_id=movement_id,
            learned_at=tx.now(),
        )
        .on_conflict_do_nothing()
    )


def forget_payer(tx: Tx, movement_id: UUID) -> list[tuple[str, UUID]]:
    """Forget what a confirmation taught that is taken back: gives each account and its customer."""
    rows = tx.connection.execute(
        delete(payer_account)
        .where(p.tenant_id == tx.tenant_id, p.movement_id == movement_id)
        .returning(p.iban, p.customer_id)
    )
    return sorted((row.iban, row.customer_id) for row in rows)


def confirmed_payments(tx: Tx, customer_id: UUID) -> Iterator[ConfirmedPayment]:
    """What paid documents of the customer, is booked, and was decided last by a person."""
    s, t, d = account_transaction.c, bank_transaction.c, match_decision.c
    sources = tx.connection.execute(
        select(s.source).where(
            s.tenant_id == tx.tenant_id,
            s.customer_id == customer_id,
            s.fact == AccountFact.PAYMENT,
            s.document_id.is_not(None),
        )
    ).scalars()
    last = (
        select(func.max(d.no))
        .where(d.tenant_id == t.tenant_id, d.movement_id == t.id)
        .correlate(bank_transaction)
        .scalar_subquery()
    )
    for batch in in_batches(sorted(_movements(sources))):
        rows = tx.connection.execute(
            select(t.id, t.data, d.proof)
            .join(match_decision, (d.tenant_id == t.tenant_id) & (d.movement_id == t.id))
            .where(
                t.tenant_id == tx.tenant_id,
                t.id.in_(batch),
                t.state == MovementState.BOOKED,
                d.no == last,
                d.outcome == Outcome.ASSIGNED,
            )
            .order_by(t.id)
        ).all()
        for row in rows:
            yield ConfirmedPayment(row.id, row.data, json.loads(row.proof))


def _movements(sources: Iterable[str]) -> set[UUID]:
    """The movements that sources name; behind its first word a source has its booking's name."""
    found = set()
    for source in sources:
        name = source.split(":")[1]
        if _UUID.fullmatch(name):
            found.add(UUID(name))
    return found


def payers_of(tx: Tx, ibans: Iterable[str]) -> dict[str, set[UUID]]:
    """The customers who are known to pay from these accounts, by `account_key`; absent where none."""
    found: dict[str, set[UUID]] = {}
    for batch in in_batches(sorted({account_key(iban) for iban in ibans})):
        rows = tx.connection.execute(
            select(p.iban, p.customer_id).where(p.tenant_id == tx.tenant_id, p.iban.in_(batch))
        )
        for row in rows:
            found.setdefault(row.iban, set()).add(row.customer_id)
    return found


def mandate_payers(tx: Tx) -> dict[str, set[UUID]]:
    """Customers with anything open, by the fingerprint of each account that they gave a mandate on."""
    m = payment_means.c
    rows = tx.connection.execute(
        select(m.fingerprint, m.customer_id).where(
            m.tenant_id == tx.tenant_id,
            m.creditor_id.is_not(None),
            m.state == MeansState.ACTIVE,
            m.fingerprint.is_not(None),
            _owes(tx, m.customer_id),
        )
    )
    found: dict[str, set[UUID]] = {}
    for row in rows:
        found.setdefault(row.fingerprint, set()).add(row.customer_id)
    return found


def names_that_owe(tx: Tx) -> list[tuple[UUID, str]]:
    """Customers with anything open, and their names."""
    rows = tx.connection.execute(
        select(customer.c.id, customer.c.name).where(
            customer.c.tenant_id == tx.tenant_id, _owes(tx, customer.c.id)
        )
    )
    return [(row.id, row.name) for row in rows]


def _owes(tx: Tx, customer_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    o = open_item.c
    # A set of its own: asked row by row, SQLite walks all open items for each.
    return customer_id.in_(select(o.customer_id).where(o.tenant_id == tx.tenant_id))

"""Chargebacks as rows: one a subject, changed while their customer is locked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError

from faktura.domain.chargebacks import Chargeback, Course
from faktura.kernel.errors import Conflict, NotFound
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import ChargebackState, FollowUp
from faktura.kernel.terms import PaymentMethod
from faktura.store.codec import from_json, to_json
from faktura.store.document_contracts import of_projects, with_contract
from faktura.store.tables import (
    account_transaction,
    allocation,
    chargeback,
    customer,
    document,
    payment_attempt,
)
from faktura.store.transaction import Tx

c = chargeback.c


@dataclass(frozen=True, slots=True)
class ChargebackFilter:
    """Which chargebacks are wanted; what is None filters nothing. `since` is inclusive.

    With `projects`, only those of one document that is theirs.
    """

    states: Collection[ChargebackState] | None = None
    projects: Collection[UUID] | None = None
    method: PaymentMethod | None = None
    customer_number: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedChargeback:
    """A chargeback with the numbers that people know; no document where several were returned."""

    chargeback: Chargeback
    customer_number: str
    document_number: str | None


def write_chargeback(tx: Tx, new: Chargeback) -> None:
    """Add a chargeback; raises Conflict where its subject is known already (P35)."""
    try:
        tx.connection.execute(
            chargeback.insert().values(tenant_id=tx.tenant_id, id=new.id, **_columns(new))
        )
    except IntegrityError as exc:
        raise Conflict(f"the chargeback {new.subject} is known already", place="subject") from exc


def rewrite_chargeback(tx: Tx, changed: Chargeback) -> None:
    """Keep a chargeback as it is now; the caller has locked it, or its customer."""
    tx.connection.execute(
        update(chargeback)
        .where(c.tenant_id == tx.tenant_id, c.id == changed.id)
        .values({**_columns(changed), "changed_at": tx.now()})
    )


def find_chargeback(tx: Tx, subject: str) -> Chargeback | None:
    """The chargeback of that subject, locked; None where it is not known yet."""
    row = tx.connection.execute(
        select(chargeback)
        .where(c.tenant_id == tx.tenant_id, c.subject == subject)
        .with_for_update()
    ).one_or_none()
    return None if row is None else chargeback_from_row(row)


def lock_chargeback(tx: Tx, chargeback_id: UUID) -> Chargeback:
    """The chargeback, locked; raises NotFound."""
    row = tx.connection.execute(
        select(chargeback)
        .where(c.tenant_id == tx.tenant_id, c.id == chargeback_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise no_chargeback(chargeback_id)
    return chargeback_from_row(row)


def no_chargeback(chargeback_id: UUID) -> NotFound:
    """There is none of that id."""
    return NotFound(f"there is no chargeback {chargeback_id}", place="chargeback")


def chargebacks_of_attempt(tx: Tx, attempt_id: UUID) -> list[Chargeback]:
    """All chargebacks of an attempt, in the order in which they were opened."""
    rows = tx.connection.execute(
        select(chargeback)
        .where(c.tenant_id == tx.tenant_id, c.attempt_id == attempt_id)
        .order_by(c.opened_at, c.id)
    )
    return [chargeback_from_row(row) for row in rows]


def read_chargeback(
    tx: Tx, chargeback_id: UUID, projects: Collection[UUID] | None = None
) -> ListedChargeback:
    """The chargeback; raises NotFound, also outside `projects` (None: all of them)."""
    query = _listed(tx, projects).where(c.id == chargeback_id)
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        raise no_chargeback(chargeback_id)
    return _with_numbers(row)


def list_chargebacks(
    tx: Tx, wanted: ChargebackFilter, *, after: UUID | None = None, limit: int | None = None
) -> list[ListedChargeback]:
    """Chargebacks, newest first, of those older than `after`."""
    query = _listed(tx, wanted.projects)
    if wanted.states is not None:
        query = query.where(c.state.in_(sorted(wanted.states)))
    if wanted.method is not None:
        query = query.where(c.method == wanted.method)
    if wanted.customer_number is not None:
        query = query.where(customer.c.number == wanted.customer_number)
    if wanted.since is not None:
        query = query.where(c.opened_at >= wanted.since)
    if after is not None:
        query = query.where(c.id < after)
    rows = tx.connection.execute(query.order_by(c.id.desc()).limit(limit))
    return [_with_numbers(row) for row in rows]


def numbers_paid_as(tx: Tx, customer_id: UUID, booking: str) -> set[str]:
    """Documents that the payment of that name ever counted for, though it may not now."""
    a, d, t = allocation.c, document.c, account_transaction.c
    # By the account, which lies together: no index leads from an entry's key to its allocation.
    own = select(t.document_id).where(
        t.tenant_id == tx.tenant_id, t.customer_id == customer_id, t.document_id.is_not(None)
    )
    rows = tx.connection.execute(
        select(d.number)
        .join(allocation, (a.tenant_id == d.tenant_id) & (a.document_id == d.id))
        .where(
            a.tenant_id == tx.tenant_id,
            a.document_id.in_(own),
            a.entry_key.startswith(f"pay:{booking}:", autoescape=True),
        )
    )
    return set(rows.scalars())


def documents_of_attempts(tx: Tx, attempt_ids: Collection[UUID]) -> dict[UUID, str]:
    """The numbers of the documents that these attempts collect; absent where none is ours."""
    a, d = payment_attempt.c, document.c
    rows = tx.connection.execute(
        select(a.id, d.number)
        .join(document, (a.tenant_id == d.tenant_id) & (a.document_id == d.id))
        .where(a.tenant_id == tx.tenant_id, a.id.in_(sorted(attempt_ids)))
    )
    return {row.id: row.number for row in rows}


def documents_tried_since(tx: Tx, since: datetime) -> list[UUID]:
    """The documents that somebody tried to collect since then."""
    a = payment_attempt.c
    rows = tx.connection.execute(
        select(a.document_id)
        .where(a.tenant_id == tx.tenant_id, a.created_at >= since)
        .distinct()
        .order_by(a.document_id)
    )
    return list(rows.scalars())


def _listed(tx: Tx, projects: Collection[UUID] | None) -> Select[Any]:
    d = document.c
    query = (
        select(
            chargeback,
            customer.c.number.label("customer_number"),
            d.number.label("document_number"),
        )
        .join(customer, (customer.c.tenant_id == c.tenant_id) & (customer.c.id == c.customer_id))
        .outerjoin(document, (d.tenant_id == c.tenant_id) & (d.id == c.document_id))
        .where(c.tenant_id == tx.tenant_id)
    )
    return query if projects is None else with_contract(query).where(of_projects(projects))


def _with_numbers(row: Any) -> ListedChargeback:
    return ListedChargeback(chargeback_from_row(row), row.customer_number, row.document_number)


def _columns(one: Chargeback) -> dict[str, object]:
    return {
        "subject": one.subject,
        "attempt_id": one.attempt_id,
        "movement_id": one.movement_id,
        "document_id": one.document_id,
        "customer_id": one.customer_id,
        "method": one.method,
        "currency": one.amount.currency,
        "amount": one.amount.minor,
        "fee": one.fee.minor,
        "reason": one.reason,
        "state": one.state,
        "follow_up": one.follow_up,
        "done": to_json(one.course, Course),
        "value_date": one.value_date,
        "opened_at": one.opened_at,
        "changed_at": one.changed_at,
    }


def chargeback_from_row(row: Any) -> Chargeback:
    """The chargeback that a row keeps."""
    return Chargeback(
        id=row.id,
        subject=row.subject,
        customer_id=row.customer_id,
        method=PaymentMethod(row.method),
        amount=Money(row.amount, row.currency),
        fee=Money(row.fee, row.currency),
        reason=row.reason,
        state=ChargebackState(row.state),
        follow_up=FollowUp(row.follow_up),
        value_date=row.value_date,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        attempt_id=row.attempt_id,
        movement_id=row.movement_id,
        document_id=row.document_id,
        course=Course() if row.done is None else from_json(row.done, Course),
    )

"""Refunds over providers as rows; whoever changes one holds its customer's lock, then the row's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update

from faktura.domain.attempts import Attempt
from faktura.domain.provider_refunds import ASKED, ProviderRefund
from faktura.kernel.errors import NotFound
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import RefundState
from faktura.store.document_contracts import of_projects, with_contract
from faktura.store.tables import customer, document, payment_attempt, payment_refund
from faktura.store.transaction import Tx

r = payment_refund.c
a = payment_attempt.c


@dataclass(frozen=True, slots=True)
class RefundFilter:
    """Which refunds are wanted; what is None filters nothing."""

    states: Collection[RefundState] | None = None
    projects: Collection[UUID] | None = None
    customer_number: str | None = None


@dataclass(frozen=True, slots=True)
class ListedRefund:
    """A refund with the numbers that people know; `invoice_number` is what the payment was for."""

    refund: ProviderRefund
    customer_number: str
    invoice_number: str
    instance: str


def write_refund(tx: Tx, new: ProviderRefund) -> None:
    """Add a refund."""
    tx.connection.execute(
        payment_refund.insert().values(tenant_id=tx.tenant_id, id=new.id, **_columns(new))
    )


def rewrite_refund(tx: Tx, changed: ProviderRefund) -> None:
    """Keep a refund as it is now; the caller has locked it."""
    tx.connection.execute(
        update(payment_refund)
        .where(r.tenant_id == tx.tenant_id, r.id == changed.id)
        .values(_columns(changed))
    )


def lock_refund(tx: Tx, refund_id: UUID) -> ProviderRefund:
    """The refund, locked; raises NotFound."""
    row = tx.connection.execute(
        select(payment_refund)
        .where(r.tenant_id == tx.tenant_id, r.id == refund_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise _no_refund(refund_id)
    return _refund(row)


def find_refund(tx: Tx, attempt_id: UUID, reference: str) -> ProviderRefund | None:
    """The refund of an attempt's payment that its provider calls so; None where it is not known."""
    row = tx.connection.execute(
        select(payment_refund)
        .where(r.tenant_id == tx.tenant_id, r.attempt_id == attempt_id, r.reference == reference)
        .order_by(r.created_at, r.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else _refund(row)


def read_refund(tx: Tx, refund_id: UUID, projects: Collection[UUID] | None = None) -> ListedRefund:
    """The refund; raises NotFound, also outside `projects` (None: all of them)."""
    row = tx.connection.execute(_listed(tx, projects).where(r.id == refund_id)).one_or_none()
    if row is None:
        raise _no_refund(refund_id)
    return _with_numbers(row)


def list_refunds(
    tx: Tx, wanted: RefundFilter, *, after: UUID | None = None, limit: int | None = None
) -> list[ListedRefund]:
    """Refunds, newest first, of those older than `after`."""
    query = _listed(tx, wanted.projects)
    if wanted.states is not None:
        query = query.where(r.state.in_(sorted(wanted.states)))
    if wanted.customer_number is not None:
        query = query.where(customer.c.number == wanted.customer_number)
    if after is not None:
        query = query.where(r.id < after)
    rows = tx.connection.execute(query.order_by(r.id.desc()).limit(limit))
    return [_with_numbers(row) for row in rows]


def refunds_to_check(tx: Tx, now: datetime, limit: int) -> list[ListedRefund]:
    """Refunds that somebody must ask about by now, the longest waiting first."""
    rows = tx.connection.execute(
        _listed(tx, None)
        .where(r.state.in_(sorted(ASKED)), r.next_check_at <= now)
        .order_by(r.next_check_at, r.id)
        .limit(limit)
    )
    return [_with_numbers(row) for row in rows]


def refund_under_way(tx: Tx, instance: str) -> UUID | None:
    """A refund over that account whose outcome is not known yet; None where there is none."""
    return tx.connection.execute(
        select(r.id)
        .join(payment_attempt, (a.tenant_id == r.tenant_id) & (a.id == r.attempt_id))
        .where(r.tenant_id == tx.tenant_id, a.instance == instance, r.state.in_(sorted(ASKED)))
        .order_by(r.id)
        .limit(1)
    ).scalar_one_or_none()


def given_back(tx: Tx, attempt: Attempt) -> Money:
    """What was refunded of an attempt's payment."""
    return _sum(tx, attempt, {RefundState.SUCCEEDED})


def promised(tx: Tx, attempt: Attempt) -> Money:
    """What was refunded of an attempt's payment, or is asked for."""
    return _sum(tx, attempt, {RefundState.SUCCEEDED, *ASKED})


def asked_of_credit(tx: Tx, customer_id: UUID, document_id: UUID | None, currency: str) -> Money:
    """What refunds that are under way will take of a document's credit, or of the free one (None)."""
    whose = r.document_id.is_(None) if document_id is None else r.document_id == document_id
    minor = tx.connection.execute(
        select(func.coalesce(func.sum(r.amount), 0))
        .join(payment_attempt, (a.tenant_id == r.tenant_id) & (a.id == r.attempt_id))
        .where(
            r.tenant_id == tx.tenant_id,
            a.customer_id == customer_id,
            r.currency == currency,
            r.state.in_(sorted(ASKED)),
            whose,
        )
    ).scalar_one()
    return Money(int(minor), currency)


def _sum(tx: Tx, attempt: Attempt, states: Collection[RefundState]) -> Money:
    minor = tx.connection.execute(
        select(func.coalesce(func.sum(r.amount), 0)).where(
            r.tenant_id == tx.tenant_id, r.attempt_id == attempt.id, r.state.in_(sorted(states))
        )
    ).scalar_one()
    return Money(int(minor), attempt.amount.currency)


def _listed(tx: Tx, projects: Collection[UUID] | None) -> Select[Any]:
    query = (
        select(
            payment_refund,
            customer.c.number.label("customer_number"),
            document.c.number.label("invoice_number"),
            a.instance,
        )
        .join(payment_attempt, (a.tenant_id == r.tenant_id) & (a.id == r.attempt_id))
        .join(customer, (customer.c.tenant_id == a.tenant_id) & (customer.c.id == a.customer_id))
        .join(document, (document.c.tenant_id == a.tenant_id) & (document.c.id == a.document_id))
        .where(r.tenant_id == tx.tenant_id)
    )
    return query if projects is None else with_contract(query).where(of_projects(projects))


def _with_numbers(row: Any) -> ListedRefund:
    return ListedRefund(_refund(row), row.customer_number, row.invoice_number, row.instance)


def _no_refund(refund_id: UUID) -> NotFound:
    return NotFound(f"there is no refund {refund_id}", place="refund")


def _columns(one: ProviderRefund) -> dict[str, object]:
    return {
        "attempt_id": one.attempt_id,
        "document_id": one.document_id,
        "currency": one.amount.currency,
        "amount": one.amount.minor,
        "state": one.state,
        "request": one.request,
        "reference": one.reference,
        "first_sent_at": one.first_sent_at,
        "last_sent_at": one.last_sent_at,
        "tries": one.tries,
        "looks": one.looks,
        "next_check_at": one.next_check_at,
        "outcome": one.outcome,
        "reason": one.reason,
        "asked_by": one.asked_by,
        "created_at": one.created_at,
        "ended_at": one.ended_at,
    }


def _refund(row: Any) -> ProviderRefund:
    return ProviderRefund(
        id=row.id,
        attempt_id=row.attempt_id,
        amount=Money(row.amount, row.currency),
        request=row.request,
        reason=row.reason,
        created_at=row.created_at,
        document_id=row.document_id,
        state=RefundState(row.state),
        reference=row.reference,
        first_sent_at=row.first_sent_at,
        last_sent_at=row.last_sent_at,
        tries=row.tries,
        looks=row.looks,
        next_check_at=row.next_check_at,
        outcome=row.outcome,
        asked_by=row.asked_by,
        ended_at=row.ended_at,
    )

"""What a run of collections reads, set by set: due documents, their attempts, their chargebacks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, literal, select, tuple_

from faktura.domain.attempts import LIVE, Attempt
from faktura.kernel.payment_terms import AttemptChannel, AttemptState, ChargebackState, FailureClass
from faktura.store.attempts import attempt_from_row
from faktura.store.batches import in_batches
from faktura.store.payable import DocumentState, state_from_row
from faktura.store.tables import chargeback, document, dunning_notice, open_item, payment_attempt
from faktura.store.transaction import Tx

a, d, o, n = payment_attempt.c, document.c, open_item.c, dunning_notice.c
_REFUSED = (FailureClass.HARD, FailureClass.SOFT)
_PAID = (AttemptState.SUCCEEDED, AttemptState.CHARGED_BACK)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open document that may be collected; its customer may be paying it on a page."""

    document_id: UUID
    customer_id: UUID


def due_documents(tx: Tx, until: date, after: Candidate | None, limit: int) -> list[Candidate]:
    """Open documents due by that day that nobody collects, behind `after`; a customer's together."""
    return _candidates(tx, o.due_on <= until, after, limit)


def retried_documents(
    tx: Tx, now: datetime, after: Candidate | None, limit: int
) -> list[Candidate]:
    """Open documents whose failed attempt is to be followed by another one by now."""
    # Not "exists": that would go through all retries for each open document.
    again = select(a.document_id).where(a.tenant_id == tx.tenant_id, a.retry_at <= now)
    return _candidates(tx, o.document_id.in_(again), after, limit)


def _candidates(
    tx: Tx, wanted: ColumnElement[bool], after: Candidate | None, limit: int
) -> list[Candidate]:
    live = exists().where(
        a.tenant_id == o.tenant_id,
        a.document_id == o.document_id,
        a.state.in_(LIVE),
        a.channel != AttemptChannel.PAGE,
    )
    # No mandate covers what a notice charges: whoever owes that pays it themselves.
    charges = exists().where(n.tenant_id == o.tenant_id, n.document_id == o.document_id)
    query = (
        select(o.document_id, o.customer_id)
        .where(o.tenant_id == tx.tenant_id, o.open > 0, wanted, ~live, ~charges)
        .order_by(o.customer_id, o.document_id)
        .limit(limit)
    )
    if after is not None:
        place = tuple_(o.customer_id, o.document_id)
        query = query.where(place > tuple_(*_typed(after)))
    rows = tx.connection.execute(query)
    return [Candidate(row.document_id, row.customer_id) for row in rows]


def _typed(after: Candidate) -> tuple[Any, Any]:
    return (
        literal(after.customer_id, o.customer_id.type),
        literal(after.document_id, o.document_id.type),
    )


def owners(tx: Tx, document_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Whose these documents are, by document."""
    return {
        row.id: row.customer_id
        for batch in in_batches(document_ids)
        for row in tx.connection.execute(
            select(d.id, d.customer_id).where(d.tenant_id == tx.tenant_id, d.id.in_(batch))
        )
    }


def numbers_of(tx: Tx, document_ids: Collection[UUID]) -> list[str]:
    """The numbers of these documents."""
    return sorted(one.number for one in states_of(tx, document_ids).values())


def states_of(tx: Tx, document_ids: Collection[UUID]) -> dict[UUID, DocumentState]:
    """These documents as they stand now; the caller holds their customers' locks."""
    found: dict[UUID, DocumentState] = {}
    for batch in in_batches(document_ids):
        rows = tx.connection.execute(
            select(d.id, d.number, d.kind, d.customer_id, d.currency, d.issued_on, d.due_on, o.open)
            .outerjoin(open_item, (o.tenant_id == d.tenant_id) & (o.document_id == d.id))
            .where(d.tenant_id == tx.tenant_id, d.id.in_(batch))
        )
        for row in rows:
            found[row.id] = state_from_row(row)
    return found


def own_attempts(tx: Tx, document_ids: Collection[UUID]) -> dict[UUID, list[Attempt]]:
    """The attempts that we made for each of these documents, oldest first.

    Of the customers' own, on pages, only those that became money.
    """
    found: dict[UUID, list[Attempt]] = {}
    for batch in in_batches(document_ids):
        for row in tx.connection.execute(_own(tx, batch).order_by(a.document_id, a.id)):
            found.setdefault(row.document_id, []).append(attempt_from_row(row))
    return found


def _own(tx: Tx, document_ids: Collection[UUID]) -> Select[Any]:
    return select(payment_attempt).where(
        a.tenant_id == tx.tenant_id,
        a.document_id.in_(document_ids),
        (a.channel != AttemptChannel.PAGE) | a.state.in_(_PAID),
    )


def given_up_with(tx: Tx, customer_id: UUID, means_id: UUID) -> list[UUID]:
    """The last attempts of a customer's open documents that this means refused, with none to follow."""
    later = payment_attempt.alias("later")
    rows = tx.connection.execute(
        select(a.id)
        .join(open_item, (o.tenant_id == a.tenant_id) & (o.document_id == a.document_id))
        .where(
            a.tenant_id == tx.tenant_id,
            o.customer_id == customer_id,
            a.means_id == means_id,
            a.state == AttemptState.FAILED,
            a.failure.in_(_REFUSED),
            a.retry_at.is_(None),
            o.open > 0,
            ~exists().where(
                later.c.tenant_id == a.tenant_id,
                later.c.document_id == a.document_id,
                later.c.id > a.id,
            ),
        )
    )
    return list(rows.scalars())


def disputed_documents(tx: Tx, document_ids: Collection[UUID]) -> set[UUID]:
    """Which of these documents have a chargeback that is not decided."""
    c = chargeback.c
    found: set[UUID] = set()
    for batch in in_batches(document_ids):
        found |= set(
            tx.connection.execute(
                select(c.document_id).where(
                    c.tenant_id == tx.tenant_id,
                    c.document_id.in_(batch),
                    c.state == ChargebackState.OPEN,
                )
            ).scalars()
        )
    return found

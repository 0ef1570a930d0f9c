"""Billed periods of items that stand, and what becomes of them when a document is taken back."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from faktura.domain.contract_life import StandingPeriod
from faktura.kernel.errors import Conflict
from faktura.kernel.periods import Period
from faktura.kernel.terms import Origin
from faktura.store.activities import WAITING
from faktura.store.batches import in_batches
from faktura.store.tables import activity
from faktura.store.transaction import Tx


def standing_periods(tx: Tx, contract_id: UUID) -> list[StandingPeriod]:
    """The billed periods of a contract's items that are not reversed, by day."""
    a = activity.c
    rows = tx.connection.execute(
        select(a.id, a.item_id, a.origin, a.service_start, a.service_end, a.document_id, a.line_no)
        .where(
            a.tenant_id == tx.tenant_id,
            a.contract_id == contract_id,
            a.item_id.is_not(None),
            a.billed,
            a.reversed_by.is_(None),
        )
        .order_by(a.service_start, a.id)
    )
    return [
        StandingPeriod(
            row.id,
            row.item_id,
            Origin(row.origin),
            Period(row.service_start, row.service_end),
            row.document_id,
            row.line_no,
        )
        for row in rows
    ]


def activities_of(tx: Tx, document_ids: Sequence[UUID]) -> list[Any]:
    """The activities that documents bill and that stand, as rows, by document and line."""
    a = activity.c
    return [
        row
        for batch in in_batches(document_ids)
        for row in tx.connection.execute(
            select(activity)
            .where(
                a.tenant_id == tx.tenant_id,
                a.document_id.in_(batch),
                a.reversed_by.is_(None),
            )
            .order_by(a.document_id, a.line_no)
        )
    ]


def mark_reversed(tx: Tx, reversed_by: Iterable[tuple[UUID, UUID]]) -> None:
    """Mark activities as reversed, each with the id of the document or change that does it.

    Raises Conflict where one is reversed already: the transaction must not be committed then.
    """
    rows = [{"own": own, "by": by} for own, by in reversed_by]
    if not rows:
        return
    marked = tx.connection.execute(
        update(activity)
        .where(
            activity.c.tenant_id == tx.tenant_id,
            activity.c.id == bindparam("own"),
            activity.c.reversed_by.is_(None),
        )
        .values(reversed_by=bindparam("by")),
        rows,
    ).rowcount
    if marked != len(rows):
        raise Conflict(f"{len(rows) - marked} of {len(rows)} activities are reversed already")


def drop_waiting(tx: Tx, activity_ids: Collection[UUID]) -> None:
    """Forget activities that wait and are not to be billed any more."""
    for batch in in_batches(activity_ids):
        tx.connection.execute(
            delete(activity).where(
                activity.c.tenant_id == tx.tenant_id, activity.c.id.in_(batch), WAITING
            )
        )

"""Dunning notices as people ask for them, and how far a document is dunned."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select

from faktura.domain.dunning_notices import DunningNotice, RemindedDocument
from faktura.domain.snapshot_fields import Frozen, day_of_snapshot, rows_of_snapshot
from faktura.kernel.errors import NotFound
from faktura.kernel.money import Money
from faktura.store.batches import in_batches
from faktura.store.tables import (
    customer,
    document,
    dunning_item,
    dunning_level,
    dunning_notice,
    open_item,
)
from faktura.store.transaction import Tx

n = dunning_notice.c
# The document that the charges are owed by, beside those that a notice reminds of.
charges = document.alias("charges")


@dataclass(frozen=True, slots=True)
class NoticeFilter:
    """Which notices are wanted; what is None filters nothing."""

    customer_number: str | None = None
    document_number: str | None = None
    run_id: UUID | None = None


def list_notices(
    tx: Tx, wanted: NoticeFilter, *, after: UUID | None = None, limit: int | None = None
) -> list[DunningNotice]:
    """Notices, newest first, of those older than `after`."""
    query = _notices(tx)
    if wanted.customer_number is not None:
        query = query.where(customer.c.number == wanted.customer_number)
    if wanted.document_number is not None:
        query = query.where(_reminds_of(wanted.document_number))
    if wanted.run_id is not None:
        query = query.where(n.run_id == wanted.run_id)
    if after is not None:
        query = query.where(n.id < after)
    return [_notice(row) for row in tx.connection.execute(query.order_by(n.id.desc()).limit(limit))]


def notices_of_run(tx: Tx, run_id: UUID) -> list[UUID]:
    """The ids of a run's notices by their customer's number: all of them, without what they say."""
    rows = tx.connection.execute(
        select(n.id)
        .join(customer, (customer.c.tenant_id == n.tenant_id) & (customer.c.id == n.customer_id))
        .where(n.tenant_id == tx.tenant_id, n.run_id == run_id)
        .order_by(customer.c.number, n.currency)
    )
    return list(rows.scalars())


def read_notice(tx: Tx, notice_id: UUID) -> DunningNotice:
    """The notice; raises NotFound."""
    row = tx.connection.execute(_notices(tx).where(n.id == notice_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no dunning notice {notice_id}", place="notice")
    return _notice(row)


def dunning_levels(tx: Tx, document_ids: Collection[UUID]) -> dict[UUID, int]:
    """How far these documents are dunned, from 1; absent where they never were (F083)."""
    level = dunning_level.c
    found: dict[UUID, int] = {}
    for batch in in_batches(sorted(document_ids)):
        rows = tx.connection.execute(
            select(level.document_id, level.level).where(
                level.tenant_id == tx.tenant_id, level.document_id.in_(batch)
            )
        )
        found |= {row.document_id: row.level for row in rows}
    return found


def _reminds_of(number: str) -> ColumnElement[bool]:
    """Whether the notice reminds of the document of that number."""
    item, d = dunning_item.c, document.c
    return exists(
        select(item.notice_id)
        .join(document, (d.tenant_id == item.tenant_id) & (d.id == item.document_id))
        .where(item.tenant_id == n.tenant_id, item.notice_id == n.id, d.number == number)
    )


def _notices(tx: Tx) -> Select[Any]:
    return (
        select(
            dunning_notice,
            customer.c.number.label("customer_number"),
            customer.c.name.label("customer_name"),
            charges.c.number.label("charges_number"),
            open_item.c.open.label("charges_open"),
        )
        .join(customer, (customer.c.tenant_id == n.tenant_id) & (customer.c.id == n.customer_id))
        .outerjoin(charges, (charges.c.tenant_id == n.tenant_id) & (charges.c.id == n.document_id))
        .outerjoin(
            open_item,
            (open_item.c.tenant_id == n.tenant_id) & (open_item.c.document_id == n.document_id),
        )
        .where(n.tenant_id == tx.tenant_id)
    )


def _notice(row: Any) -> DunningNotice:
    snapshot = cast("Frozen", json.loads(row.snapshot))
    currency = row.currency

    def money(minor: object) -> Money:
        return Money(cast("int", minor), currency)

    return DunningNotice(
        id=row.id,
        run_id=row.run_id,
        customer_number=row.customer_number,
        customer_name=row.customer_name,
        dunned_on=row.dunned_on,
        level=row.level,
        pay_by=row.pay_by,
        open=money(row.open),
        credit=money(snapshot["credit"]),
        fee=money(row.fee),
        flat=money(row.flat),
        interest=money(row.interest),
        total=money(snapshot["total"]),
        recorded_at=row.recorded_at,
        charges=row.charges_number,
        charges_open=None if row.document_id is None else money(row.charges_open or 0),
        items=tuple(_item(one, currency) for one in rows_of_snapshot(snapshot, "items")),
        earlier=tuple(
            (str(one["number"]), money(one["open"]))
            for one in rows_of_snapshot(snapshot, "earlierCharges")
        ),
        snapshot=snapshot,
    )


def _item(frozen: Frozen, currency: str) -> RemindedDocument:
    amounts = {
        name: Money(cast("int", frozen[name]), currency)
        for name in ("gross", "open", "interest", "flat")
    }
    return RemindedDocument(
        number=str(frozen["number"]),
        issued_on=day_of_snapshot(frozen, "issuedOn"),
        due_on=day_of_snapshot(frozen, "dueOn"),
        level=cast("int", frozen["level"]),
        interest_from=_day(frozen["interestFrom"]),
        interest_until=_day(frozen["interestUntil"]),
        **amounts,
    )


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))

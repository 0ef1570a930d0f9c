"""Deferrals that run at a day, document by document, and how much of their invoices was paid then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select

from faktura.domain.deferral import next_month
from faktura.domain.deferral_entries import Deferral
from faktura.kernel.money import Money
from faktura.kernel.terms import DocumentKind, DocumentLinkKind
from faktura.store.batches import in_batches
from faktura.store.deferrals import deferral_from_row
from faktura.store.tables import (
    account_transaction,
    allocation,
    customer,
    deferral,
    document,
    document_link,
    line_correction,
)
from faktura.store.transaction import Tx

_STREAM = {"yield_per": 2000}


@dataclass(frozen=True, slots=True)
class RunningDeferrals:
    """A document with its deferrals that run, in the order of their lines."""

    document_id: UUID
    number: str
    kind: DocumentKind
    customer_number: str
    customer_name: str
    issued_on: date
    gross: Money
    deferrals: tuple[Deferral, ...]


@dataclass(frozen=True, slots=True)
class RunningQuery:
    """Deferrals that are not over when `month` is; `after` is the number that a list goes on behind.

    With `by_invoice` a correction's deferrals stand with those of the invoice that it corrects.
    """

    month: date
    customer_number: str | None = None
    after: str | None = None
    by_invoice: bool = False


@dataclass(frozen=True, slots=True)
class PaidUntil:
    """What was settled of an invoice until a day, in minor units.

    `corrected` is what corrections of it took off, `paid` all the rest.
    """

    corrected: int
    paid: int


def running_deferrals(tx: Tx, wanted: RunningQuery) -> Iterator[RunningDeferrals]:
    """Documents with deferrals that run, by number; streamed."""
    # Whoever reads a page stops in the middle: the server's cursor is closed with the generator.
    with tx.connection.execute(_running(tx, wanted), execution_options=_STREAM) as rows:
        for document_id, own in groupby(rows, key=attrgetter("own_id")):
            listed: list[Any] = list(own)
            first = listed[0]
            yield RunningDeferrals(
                document_id,
                first.number,
                DocumentKind(first.kind),
                first.customer_number,
                first.customer_name,
                first.issued_on,
                Money(first.gross, first.currency),
                tuple(deferral_from_row(row) for row in listed),
            )


def _running(tx: Tx, wanted: RunningQuery) -> Select[Any]:
    f, d, c, taken = deferral.c, document.c, customer.c, line_correction.c
    own: ColumnElement[UUID] = f.document_id
    query = select(
        deferral,
        d.id.label("own_id"),
        d.number,
        d.kind,
        d.issued_on,
        d.gross,
        c.number.label("customer_number"),
        c.name.label("customer_name"),
    ).select_from(deferral)
    if wanted.by_invoice:
        own = func.coalesce(taken.original_id, f.document_id, type_=f.document_id.type)
        query = query.outerjoin(
            line_correction,
            and_(
                taken.tenant_id == f.tenant_id,
                taken.document_id == f.document_id,
                taken.line_no == f.line_no,
            ),
        )
    query = (
        query.join(document, (d.tenant_id == f.tenant_id) & (d.id == own))
        .join(customer, (c.tenant_id == d.tenant_id) & (c.id == d.customer_id))
        .where(
            f.tenant_id == tx.tenant_id,
            f.booked_month <= wanted.month,
            # The first day after the service lies behind the first of the month that follows.
            f.service_end > next_month(wanted.month),
        )
        .order_by(d.number, f.document_id, f.line_no)
    )
    if wanted.customer_number is not None:
        query = query.where(c.number == wanted.customer_number)
    return query if wanted.after is None else query.where(d.number > wanted.after)


def paid_until(tx: Tx, document_ids: Sequence[UUID], at: date) -> dict[UUID, PaidUntil]:
    """What counts for these documents by value dates up to that day (inclusive)."""
    a, t, links = allocation.c, account_transaction.c, document_link.c
    corrects = exists().where(
        links.tenant_id == a.tenant_id,
        links.document_id == t.document_id,
        links.original_id == a.document_id,
        links.kind == DocumentLinkKind.CORRECTS,
    )
    corrected = func.sum(case((corrects, a.amount), else_=0))
    found: dict[UUID, PaidUntil] = {}
    for batch in in_batches(document_ids):
        rows = tx.connection.execute(
            select(a.document_id, corrected.label("corrected"), func.sum(a.amount).label("total"))
            .join(
                account_transaction,
                and_(
                    t.tenant_id == a.tenant_id,
                    t.customer_id == a.customer_id,
                    t.currency == a.currency,
                    t.no == a.transaction_no,
                ),
            )
            .where(a.tenant_id == tx.tenant_id, a.document_id.in_(batch), t.value_date <= at)
            .group_by(a.document_id)
        )
        for row in rows:
            taken = int(row.corrected)
            found[row.document_id] = PaidUntil(taken, int(row.total) - taken)
    return found

"""Deferrals of revenue: a row a line, and the month that each of them posts next (F108)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update

from faktura.domain.deferral_entries import Deferral, DeferredDocument
from faktura.kernel.accounting_terms import DeferralMethod
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import TaxCase
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.cost_columns import costs_from_text, costs_text
from faktura.store.tables import article, deferral, document, document_line
from faktura.store.transaction import Tx

_STREAM = {"yield_per": 2000}


def write_deferrals(tx: Tx, deferrals: Sequence[Deferral]) -> None:
    """Add the deferrals of documents that are written; the month of their booking is due."""
    rows: list[Row] = [
        (
            tx.tenant_id,
            one.document_id,
            one.line_no,
            one.method,
            one.net.currency,
            one.net.minor,
            one.service.start,
            one.service.end,
            one.booked_month,
            one.account,
            one.tax_case,
            one.tax_rate,
            one.tax_country,
            costs_text(one.costs),
            one.due_month,
        )
        for one in deferrals
    ]
    bulk_write(tx, deferral, rows)


def methods_of_lines(
    tx: Tx, document_ids: Collection[UUID]
) -> dict[tuple[UUID, int], DeferralMethod]:
    """How lines of these documents are deferred, by document and line; others are absent."""
    f = deferral.c
    found: dict[tuple[UUID, int], DeferralMethod] = {}
    for batch in in_batches(sorted(document_ids)):
        rows = tx.connection.execute(
            select(f.document_id, f.line_no, f.method).where(
                f.tenant_id == tx.tenant_id, f.document_id.in_(batch)
            )
        )
        found.update(((row.document_id, row.line_no), DeferralMethod(row.method)) for row in rows)
    return found


def oldest_due(tx: Tx, through: date) -> date | None:
    """The first day of the oldest month that has postings due, up to that of `through`."""
    f = deferral.c
    found: date | None = tx.connection.execute(
        select(func.min(f.next_month)).where(
            f.tenant_id == tx.tenant_id, f.next_month <= through.replace(day=1)
        )
    ).scalar_one()
    return found


def due_documents(tx: Tx, month: date, limit: int) -> list[DeferredDocument]:
    """Documents with lines that post that month next, about `limit` lines of them, locked.

    Never a part of a document's lines: together they make its one entry. Nothing where somebody
    else posted these meanwhile.
    """
    f = deferral.c
    first = tx.connection.execute(
        select(f.document_id).where(f.tenant_id == tx.tenant_id, f.next_month == month).limit(limit)
    ).scalars()
    # Locked in the order of their keys, so that two who post wait for each other and not in a ring.
    rows = tx.connection.execute(
        _with_document(tx)
        .where(f.next_month == month, f.document_id.in_(set(first)))
        .order_by(f.document_id, f.line_no)
        .with_for_update(of=deferral)
    )
    found = list(_documents(rows))
    if all(one.account for document in found for one in document.deferrals):
        return found
    groups = _groups(tx, [document.document_id for document in found])
    return [
        replace(document, deferrals=tuple(_with_group(one, groups) for one in document.deferrals))
        for document in found
    ]


def _with_document(tx: Tx) -> Select[Any]:
    f, d = deferral.c, document.c
    return (
        select(deferral, d.number, d.customer_id)
        .join(document, (d.tenant_id == f.tenant_id) & (d.id == f.document_id))
        .where(f.tenant_id == tx.tenant_id)
    )


def _documents(rows: Iterable[Any]) -> Iterator[DeferredDocument]:
    for document_id, own in groupby(rows, key=attrgetter("document_id")):
        listed = list(own)
        deferrals = tuple(deferral_from_row(row) for row in listed)
        yield DeferredDocument(document_id, listed[0].number, listed[0].customer_id, deferrals)


def _with_group(one: Deferral, groups: Mapping[tuple[UUID, int], str]) -> Deferral:
    return replace(one, group=groups.get((one.document_id, one.line_no)))


def _groups(tx: Tx, document_ids: Collection[UUID]) -> dict[tuple[UUID, int], str]:
    """The product groups of these documents' lines: they may name an account that is missing."""
    line, a = document_line.c, article.c
    found: dict[tuple[UUID, int], str] = {}
    for batch in in_batches(document_ids):
        rows = tx.connection.execute(
            select(line.document_id, line.no, a.product_group_key)
            .join(article, (a.tenant_id == line.tenant_id) & (a.number == line.article_number))
            .where(line.tenant_id == tx.tenant_id, line.document_id.in_(batch))
        )
        found.update(((row.document_id, row.no), row.product_group_key) for row in rows)
    return found


def deferral_from_row(row: Any) -> Deferral:
    """The deferral behind a row of all the table's columns."""
    return Deferral(
        row.document_id,
        row.line_no,
        DeferralMethod(row.method),
        Money(row.net, row.currency),
        Period(row.service_start, row.service_end),
        row.booked_month,
        row.account,
        TaxCase(row.tax_case),
        row.tax_rate,
        row.tax_country,
        costs_from_text(row.costs),
        row.next_month,
    )


def move_on(tx: Tx, moves: Iterable[tuple[Deferral, date | None]]) -> None:
    """Let each deferral post next the month that stands beside it; None when all is posted."""
    by_month: dict[date | None, list[Deferral]] = {}
    for one, month in moves:
        by_month.setdefault(month, []).append(one)
    for month, moved in by_month.items():
        _change(tx, moved, next_month=month)


def _change(tx: Tx, deferrals: Iterable[Deferral], **values: object) -> None:
    """Give all of them the same values: a statement for each line number, and documents are alike."""
    f = deferral.c
    by_line: dict[int, list[UUID]] = {}
    for one in deferrals:
        by_line.setdefault(one.line_no, []).append(one.document_id)
    for line_no, document_ids in by_line.items():
        for batch in in_batches(document_ids):
            tx.connection.execute(
                update(deferral)
                .where(
                    f.tenant_id == tx.tenant_id,
                    f.line_no == line_no,
                    f.document_id.in_(batch),
                )
                .values(**values)
            )


def fill_accounts(tx: Tx, account_of: Callable[[Deferral], str | None]) -> None:
    """Give deferrals without revenue account the one that is known by now."""
    f = deferral.c
    rows = tx.connection.execute(
        select(deferral).where(f.tenant_id == tx.tenant_id, f.account.is_(None))
    ).all()
    if not rows:
        return
    groups = _groups(tx, {row.document_id for row in rows})
    by_account: dict[str, list[Deferral]] = {}
    for row in rows:
        one = _with_group(deferral_from_row(row), groups)
        account = account_of(one)
        if account is not None:
            by_account.setdefault(account, []).append(one)
    for account, found in by_account.items():
        _change(tx, found, account=account)


def all_deferrals(tx: Tx) -> Iterator[DeferredDocument]:
    """Every document with deferrals, by id; streamed."""
    f = deferral.c
    rows = tx.connection.execute(
        _with_document(tx).order_by(f.document_id, f.line_no), execution_options=_STREAM
    )
    yield from _documents(rows)

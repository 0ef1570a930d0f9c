"""What the proofs of `faktura verify` ask about documents, their numbers, activities and contents."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select

from faktura.domain.billing_plan import BillableContract
from faktura.domain.document_kinds import BILLING, DOCUMENT_RANGES
from faktura.domain.numbering import NumberFormat
from faktura.kernel.terms import DocumentKind
from faktura.store.billable import views_of
from faktura.store.catalogue import Catalogue
from faktura.store.tables import (
    activity,
    allocation,
    bank_upload,
    contract,
    debit_file,
    document,
    document_line,
    export_batch,
    number_range,
    open_item,
    rendering,
    subscription,
    subscription_item,
)
from faktura.store.transaction import Tx
from faktura.store.verification import STREAM

_CONTRACTS_A_BATCH = 500
# Lines of other documents bill nothing: they take back, or ask for a deposit (F061).
_BILLING = (DocumentKind.INVOICE, DocumentKind.FINAL)


@dataclass(frozen=True, slots=True)
class NumberRange:
    """A range of document numbers as of its format from a day on; `next` is the next counter."""

    name: str
    valid_from: date
    format: NumberFormat
    next: int


@dataclass(frozen=True, slots=True)
class BilledPeriod:
    """A billed period of an item, half-open; `first_paid_day` is the item's."""

    contract: str
    contract_id: UUID
    item_id: UUID
    start: date
    end: date
    first_paid_day: date


@dataclass(frozen=True, slots=True)
class KeptContent:
    """Bytes that a row names: where, their SHA-256, and their size where the row has it."""

    place: str
    sha256: bytes
    size: int | None = None


def document_ranges(tx: Tx) -> list[NumberRange]:
    """The ranges of document numbers, latest format first."""
    r = number_range.c
    rows = tx.connection.execute(
        select(number_range)
        .where(r.tenant_id == tx.tenant_id, r.name.in_(sorted(DOCUMENT_RANGES)))
        .order_by(r.valid_from.desc())
    )
    return [
        NumberRange(row.name, row.valid_from, NumberFormat(row.prefix, row.width), row.next)
        for row in rows
    ]


def document_numbers(tx: Tx) -> Iterator[tuple[str, date]]:
    """Numbers with their dates of issue, shorter numbers first; streamed.

    Opening items have those of another system: they are in no range (P54).
    """
    d = document.c
    rows = tx.connection.execute(
        select(d.number, d.issued_on)
        .where(d.tenant_id == tx.tenant_id, d.kind != DocumentKind.OPENING)
        .order_by(func.length(d.number), d.number),
        execution_options=STREAM,
    )
    for row in rows:
        yield row.number, row.issued_on


def lines_billed_otherwise(tx: Tx) -> Iterator[tuple[str, int, int, int]]:
    """Number, line, count of activities that say the same, and how many there should be.

    A line of an invoice bills one activity, reversed or not; one of any other document bills none.
    """
    d, own, a = document.c, document_line.c, activity.c
    says = (a.document_id, a.line_no, a.net, a.service_start, a.service_end)
    # Grouped first: no index leads from a line to its activities, one pass over them does.
    billed = (
        select(*says, func.count().label("times"))
        .where(a.tenant_id == tx.tenant_id, a.document_id.is_not(None), a.billed)
        .group_by(*says)
        .subquery()
    )
    b = billed.c
    same = and_(
        b.net == own.net, b.service_start == own.service_start, b.service_end == own.service_end
    )
    right = func.coalesce(func.sum(case((same, b.times), else_=0)), 0)
    wanted = case((d.kind.in_(sorted(BILLING)), 1), else_=0)
    rows = tx.connection.execute(
        select(d.number, own.no, right.label("times"), wanted.label("wanted"))
        .select_from(document_line)
        .join(document, (d.tenant_id == own.tenant_id) & (d.id == own.document_id))
        .outerjoin(billed, (b.document_id == own.document_id) & (b.line_no == own.no))
        .where(own.tenant_id == tx.tenant_id, d.kind.in_(_BILLING))
        .group_by(d.number, d.kind, own.no)
        .having((right != wanted) | (func.coalesce(func.sum(b.times), 0) != wanted)),
        execution_options=STREAM,
    )
    for row in rows:
        yield row.number, row.no, int(row.times), row.wanted


def activities_without_line(tx: Tx) -> Iterator[str]:
    """Places of billed activities whose document has no such line."""
    a, own = activity.c, document_line.c
    line = and_(own.tenant_id == a.tenant_id, own.document_id == a.document_id, own.no == a.line_no)
    rows = tx.connection.execute(
        select(a.id)
        .outerjoin(document_line, line)
        .where(a.tenant_id == tx.tenant_id, a.document_id.is_not(None), own.no.is_(None)),
        execution_options=STREAM,
    )
    for row in rows:
        yield f"activity {row.id}"


def billed_periods(tx: Tx) -> Iterator[BilledPeriod]:
    """Periods of items that are not reversed, item by item in order; streamed.

    Those that wait to be billed again are among them.
    """
    a, i, s, c = activity.c, subscription_item.c, subscription.c, contract.c
    tenant = tx.tenant_id
    rows = tx.connection.execute(
        select(
            c.number,
            a.contract_id,
            a.item_id,
            a.service_start,
            a.service_end,
            i.start,
            s.term_start,
            s.payment_start,
        )
        .join(subscription_item, (i.tenant_id == tenant) & (i.id == a.item_id))
        .join(subscription, (s.tenant_id == tenant) & (s.id == i.subscription_id))
        .join(contract, (c.tenant_id == tenant) & (c.id == i.contract_id))
        .where(a.tenant_id == tenant, a.item_id.is_not(None), a.reversed_by.is_(None))
        .order_by(a.item_id, a.service_start, a.service_end),
        execution_options=STREAM,
    )
    for row in rows:
        first = max(row.start, row.term_start, row.payment_start or row.term_start)
        yield BilledPeriod(
            row.number, row.contract_id, row.item_id, row.service_start, row.service_end, first
        )


def wrong_open_items(tx: Tx) -> Iterator[str]:
    """Numbers of documents whose open item is not what the facts leave open."""
    d, o = document.c, open_item.c
    paid = (
        select(allocation.c.document_id, func.sum(allocation.c.amount).label("total"))
        .where(allocation.c.tenant_id == tx.tenant_id)
        .group_by(allocation.c.document_id)
        .subquery()
    )
    rest = d.gross - func.coalesce(paid.c.total, 0)
    same: ColumnElement[bool] = case(
        (rest == 0, o.open.is_(None)),
        (o.open.is_(None), rest == 0),
        else_=and_(
            o.open == rest,
            o.customer_id == d.customer_id,
            o.number == d.number,
            o.currency == d.currency,
            o.due_on == d.due_on,
        ),
    )
    rows = tx.connection.execute(
        select(d.number)
        .outerjoin(open_item, (o.tenant_id == d.tenant_id) & (o.document_id == d.id))
        .outerjoin(paid, paid.c.document_id == d.id)
        .where(d.tenant_id == tx.tenant_id, ~same),
        execution_options=STREAM,
    )
    for row in rows:
        yield row.number
    strays = tx.connection.execute(
        select(o.number)
        .outerjoin(document, (d.tenant_id == o.tenant_id) & (d.id == o.document_id))
        .where(o.tenant_id == tx.tenant_id, d.id.is_(None)),
        execution_options=STREAM,
    )
    for row in strays:
        yield row.number


def planned_contracts(
    tx: Tx, catalogue: Catalogue
) -> Iterator[list[tuple[BillableContract, date | None]]]:
    """All contracts as the plan sees them, with the stored day on which each is next due."""
    c = contract.c
    last: UUID | None = None
    while True:
        after = [c.id > last] if last is not None else []
        rows = tx.connection.execute(
            select(contract)
            .where(c.tenant_id == tx.tenant_id, *after)
            .order_by(c.id)
            .limit(_CONTRACTS_A_BATCH)
        ).all()
        if not rows:
            return
        views = views_of(tx, rows, catalogue)
        yield [(view, row.next_due_on) for view, row in zip(views, rows, strict=True)]
        last = rows[-1].id


def kept_contents(tx: Tx) -> Iterator[KeptContent]:
    """All bytes that rows name: renderings, uploads, exported files, files of debits; streamed."""
    yield from _renderings(tx)
    yield from _uploads(tx)
    yield from _exports(tx)
    yield from _debit_files(tx)


def _renderings(tx: Tx) -> Iterator[KeptContent]:
    d, r = document.c, rendering.c
    rows = tx.connection.execute(
        select(d.number, r.format, r.rule_set, r.sha256, r.size)
        .join(document, (d.tenant_id == r.tenant_id) & (d.id == r.document_id))
        .where(r.tenant_id == tx.tenant_id)
        .order_by(d.number, r.format),
        execution_options=STREAM,
    )
    for row in rows:
        place = f"rendering of document {row.number} as {row.format} ({row.rule_set})"
        yield KeptContent(place, row.sha256, row.size)


def _uploads(tx: Tx) -> Iterator[KeptContent]:
    u = bank_upload.c
    rows = tx.connection.execute(
        select(u.filename, u.sha256).where(u.tenant_id == tx.tenant_id), execution_options=STREAM
    )
    for row in rows:
        yield KeptContent(f"bank_upload {row.filename}", row.sha256)


def _exports(tx: Tx) -> Iterator[KeptContent]:
    b = export_batch.c
    rows = tx.connection.execute(
        select(b.target, b.no, b.files).where(b.tenant_id == tx.tenant_id), execution_options=STREAM
    )
    for row in rows:
        for file in json.loads(row.files):
            place = f"export_batch {row.target} {row.no}, file {file['name']}"
            yield KeptContent(place, bytes.fromhex(file["sha256"]), file["size"])


def _debit_files(tx: Tx) -> Iterator[KeptContent]:
    f = debit_file.c
    rows = tx.connection.execute(
        select(f.instance, f.no, f.sha256).where(f.tenant_id == tx.tenant_id),
        execution_options=STREAM,
    )
    for row in rows:
        yield KeptContent(f"file {row.no} of debits of {row.instance}", row.sha256)

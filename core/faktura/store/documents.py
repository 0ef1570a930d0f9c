"""Issued documents: read as they were frozen, and their rendered bytes."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from faktura.domain.documents import DocumentRecord, LineRecord
from faktura.kernel.errors import NotFound, shortened
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import ArticleUnit, DocumentKind, TaxCase, TaxCategory
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import customer, document, document_line, open_item, rendering
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in a list; `open` is what is not settled."""

    id: UUID
    number: str
    kind: DocumentKind
    customer_number: str
    customer_name: str
    issued_on: date
    due_on: date
    gross: Money
    open: Money


@dataclass(frozen=True, slots=True)
class Rendering:
    """Bytes of a document in a format, as they lie in the content store.

    A document has one rendering for each format and version of the format's rules.
    """

    document_id: UUID
    format: str
    sha256: bytes
    size: int
    media_type: str
    rule_set: str


def read_document(tx: Tx, number: str) -> DocumentRecord:
    """The document of that number with its lines; raises NotFound."""
    d = document.c
    rows = tx.connection.execute(
        select(document).where(d.tenant_id == tx.tenant_id, d.number == number)
    ).all()
    if not rows:
        raise NotFound(f"there is no document {number}", place="number")
    return _with_lines(tx, rows)[0]


def read_documents(tx: Tx, ids: Iterable[UUID]) -> list[DocumentRecord]:
    """The documents of these ids with their lines, by number."""
    d = document.c
    rows = tx.connection.execute(
        select(document).where(d.tenant_id == tx.tenant_id, d.id.in_(list(ids))).order_by(d.number)
    ).all()
    return _with_lines(tx, rows)


def _with_lines(tx: Tx, rows: Sequence[Any]) -> list[DocumentRecord]:
    currencies = {row.id: row.currency for row in rows}
    lines: dict[UUID, list[LineRecord]] = {row.id: [] for row in rows}
    c = document_line.c
    for row in tx.connection.execute(
        select(document_line)
        .where(c.tenant_id == tx.tenant_id, c.document_id.in_(list(lines)))
        .order_by(c.document_id, c.no)
    ):
        lines[row.document_id].append(_line(row, currencies[row.document_id]))
    return [_record(row, tuple(lines[row.id])) for row in rows]


def _line(row: Any, currency: str) -> LineRecord:
    return LineRecord(
        row.no,
        row.article_number,
        row.name,
        row.description,
        row.quantity,
        ArticleUnit(row.unit),
        row.price,
        row.price_base,
        Money(row.list_net, currency),
        Money(row.discount, currency),
        Money(row.net, currency),
        TaxCase(row.tax_case),
        TaxCategory(row.tax_category),
        row.tax_rate,
        row.tax_country,
        Period(row.service_start, row.service_end),
        row.cost_centre,
        json.loads(row.derivation),
    )


def _record(row: Any, lines: tuple[LineRecord, ...]) -> DocumentRecord:
    return DocumentRecord(
        row.id,
        row.number,
        DocumentKind(row.kind),
        row.customer_id,
        row.contract_id,
        row.issued_on,
        row.due_on,
        Period(row.service_start, row.service_end),
        row.currency,
        Money(row.net, row.currency),
        Money(row.tax, row.currency),
        Money(row.gross, row.currency),
        json.loads(row.snapshot),
        lines,
    )


def list_documents(
    tx: Tx,
    *,
    customer_number: str | None = None,
    search: str = "",
    after: str | None = None,
    limit: int = 100,
) -> list[DocumentRow]:
    """Documents by number, newest number first; `after` continues below that number.

    `search` is a part of the document's number or of the customer's number or name; SQLite tells
    capitals outside ASCII apart.
    """
    d, o = document.c, open_item.c
    query = (
        select(document, customer.c.number.label("customer_number"), customer.c.name, o.open)
        .join(customer, (customer.c.tenant_id == d.tenant_id) & (customer.c.id == d.customer_id))
        .outerjoin(open_item, (o.tenant_id == d.tenant_id) & (o.document_id == d.id))
        .where(d.tenant_id == tx.tenant_id)
        .order_by(d.number.desc())
        .limit(limit)
    )
    if customer_number is not None:
        query = query.where(customer.c.number == customer_number)
    if search:
        # autoescape: a percent sign in the search is a percent sign.
        query = query.where(
            d.number.icontains(search, autoescape=True)
            | customer.c.number.icontains(search, autoescape=True)
            | customer.c.name.icontains(search, autoescape=True)
        )
    if after is not None:
        query = query.where(d.number < after)
    return [
        DocumentRow(
            row.id,
            row.number,
            DocumentKind(row.kind),
            row.customer_number,
            row.name,
            row.issued_on,
            row.due_on,
            Money(row.gross, row.currency),
            Money(row.open or 0, row.currency),
        )
        for row in tx.connection.execute(query)
    ]


def document_id(tx: Tx, number: str) -> UUID:
    """The id of the document of that number; raises NotFound."""
    d = document.c
    found: UUID | None = tx.connection.execute(
        select(d.id).where(d.tenant_id == tx.tenant_id, d.number == number)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(f"there is no document {shortened(number)}", place="number")
    return found


def document_ids(tx: Tx, *, run_id: UUID | None = None) -> Iterator[UUID]:
    """Ids of all documents, or of a run's, in the order of their numbers; streamed."""
    d = document.c
    query = select(d.id).where(d.tenant_id == tx.tenant_id).order_by(d.number)
    if run_id is not None:
        query = query.where(d.run_id == run_id)
    for row in tx.connection.execute(query, execution_options={"yield_per": 2000}):
        yield row.id


def last_issued_on(tx: Tx) -> date | None:
    """The latest invoice date; None before the first document."""
    latest: date | None = tx.connection.execute(
        select(func.max(document.c.issued_on)).where(document.c.tenant_id == tx.tenant_id)
    ).scalar()
    return latest


def count_documents(tx: Tx) -> int:
    """How many documents the tenant has issued."""
    return tx.connection.execute(
        select(func.count()).where(document.c.tenant_id == tx.tenant_id)
    ).scalar_one()


def write_renderings(tx: Tx, renderings: Sequence[Rendering]) -> None:
    """Record rendered bytes; they are durable in the content store already."""
    now = tx.now()
    rows: list[Row] = [
        (
            tx.tenant_id,
            new.document_id,
            new.format,
            new.sha256,
            new.size,
            new.media_type,
            new.rule_set,
            now,
        )
        for new in renderings
    ]
    bulk_write(tx, rendering, rows)


def read_renderings(tx: Tx, ids: Iterable[UUID]) -> list[Rendering]:
    """What was rendered of these documents."""
    r = rendering.c
    return [
        Rendering(row.document_id, row.format, row.sha256, row.size, row.media_type, row.rule_set)
        for row in tx.connection.execute(
            select(rendering)
            .where(r.tenant_id == tx.tenant_id, r.document_id.in_(list(ids)))
            .order_by(r.document_id, r.format, r.rule_set)
        )
    ]

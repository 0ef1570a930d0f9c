"""Issued documents: read as they were frozen, and their rendered bytes."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from faktura.domain.costs import costs_of
from faktura.domain.document_kinds import WITHOUT_LINES
from faktura.domain.documents import DocumentRecord, LineRecord
from faktura.kernel.errors import NotFound, shortened
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import ArticleUnit, DocumentKind, TaxCase, TaxCategory
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.cost_columns import costs_from_text
from faktura.store.tables import document, document_line, rendering
from faktura.store.transaction import Tx


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
        raise no_document(number)
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
        lines[row.document_id].append(line_from_row(row, currencies[row.document_id]))
    return [record_from_row(row, tuple(lines[row.id])) for row in rows]


def line_from_row(row: Any, currency: str) -> LineRecord:
    """The line behind a row of all the table's columns."""
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
        costs_from_text(row.costs) or costs_of(row.cost_centre),
    )


def record_from_row(row: Any, lines: tuple[LineRecord, ...]) -> DocumentRecord:
    """The document behind a row of all the table's columns."""
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


def document_id(tx: Tx, number: str) -> UUID:
    """The id of the document of that number; raises NotFound."""
    d = document.c
    found: UUID | None = tx.connection.execute(
        select(d.id).where(d.tenant_id == tx.tenant_id, d.number == number)
    ).scalar_one_or_none()
    if found is None:
        raise no_document(number)
    return found


def no_document(number: str) -> NotFound:
    """What is said of a document that does not exist, or that the asker may not see."""
    return NotFound(
        f"there is no document {shortened(number)}",
        place="number",
        mend="faktura invoices list shows the numbers",
    )


def document_ids(tx: Tx, *, run_id: UUID | None = None, rendered: bool = False) -> Iterator[UUID]:
    """Ids of all documents, or of a run's, in the order of their numbers; streamed.

    Opening items and charges of dunning are never rendered (P54): `rendered` leaves them out.
    """
    d = document.c
    query = select(d.id).where(d.tenant_id == tx.tenant_id).order_by(d.number)
    if rendered:
        query = query.where(d.kind.not_in(sorted(WITHOUT_LINES)))
    if run_id is not None:
        query = query.where(d.run_id == run_id)
    for row in tx.connection.execute(query, execution_options={"yield_per": 2000}):
        yield row.id


def latest_issue(tx: Tx, ids: Collection[UUID]) -> date | None:
    """The latest date of these documents; None for none."""
    d = document.c
    latest: date | None = None
    for batch in in_batches(ids):
        found: date | None = tx.connection.execute(
            select(func.max(d.issued_on)).where(d.tenant_id == tx.tenant_id, d.id.in_(batch))
        ).scalar()
        latest = max((day for day in (latest, found) if day is not None), default=None)
    return latest


def last_issued_on(tx: Tx) -> date | None:
    """The latest invoice date; None before the first document that was issued here."""
    latest: date | None = tx.connection.execute(
        select(func.max(document.c.issued_on)).where(
            document.c.tenant_id == tx.tenant_id, document.c.kind != DocumentKind.OPENING
        )
    ).scalar()
    return latest


def count_documents(tx: Tx) -> int:
    """How many documents the tenant has issued."""
    return tx.connection.execute(
        select(func.count()).where(document.c.tenant_id == tx.tenant_id)
    ).scalar_one()


def lock_documents(tx: Tx, ids: Iterable[UUID]) -> None:
    """Lock documents in id order, so that each is recorded as rendered by one at a time.

    What names a document can still be added meanwhile.
    """
    d = document.c
    tx.connection.execute(
        select(d.id)
        .where(d.tenant_id == tx.tenant_id, d.id.in_(sorted(ids)))
        .order_by(d.id)
        .with_for_update(key_share=True)
    ).all()


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


def rendering_from_row(row: Any) -> Rendering:
    """The rendering behind a row of all the table's columns."""
    return Rendering(
        row.document_id, row.format, row.sha256, row.size, row.media_type, row.rule_set
    )


def read_renderings(tx: Tx, ids: Iterable[UUID]) -> list[Rendering]:
    """What was rendered of these documents; of one format the newest last."""
    r = rendering.c
    return [
        rendering_from_row(row)
        for row in tx.connection.execute(
            select(rendering)
            .where(r.tenant_id == tx.tenant_id, r.document_id.in_(list(ids)))
            .order_by(r.document_id, r.format, r.rendered_at, r.rule_set)
        )
    ]

"""Which documents name earlier ones, and how much corrections took off each line (BG-3)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select

from faktura.domain.invoices import DraftDocument
from faktura.domain.payment_state import PaymentState
from faktura.kernel.terms import DocumentKind, DocumentLinkKind
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import document, document_link, line_correction
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class LinkedDocument:
    """A document that another one names, or that names another one; `why` it does."""

    id: UUID
    number: str
    kind: DocumentKind
    issued_on: date
    why: DocumentLinkKind


def write_links(tx: Tx, documents: Iterable[tuple[UUID, DraftDocument]]) -> None:
    """Record which earlier documents new ones name, and what they take off their lines."""
    links: list[Row] = []
    lines: list[Row] = []
    for document_id, draft in documents:
        links += [(tx.tenant_id, document_id, one.document_id, one.why) for one in draft.originals]
        lines += [
            (
                tx.tenant_id,
                document_id,
                no,
                charge.corrects.document_id,
                charge.corrects.line_no,
                charge.net.minor,
            )
            for no, charge in enumerate(draft.charges, 1)
            if charge.corrects is not None
        ]
    if links:
        bulk_write(tx, document_link, links)
    if lines:
        bulk_write(tx, line_correction, lines)


def corrected_lines(tx: Tx, original_ids: Sequence[UUID]) -> dict[tuple[UUID, int], int]:
    """What corrections took off lines so far, by (original, line): minor units, signed."""
    c = line_correction.c
    found: dict[tuple[UUID, int], int] = {}
    for batch in in_batches(original_ids):
        rows = tx.connection.execute(
            select(c.original_id, c.original_line_no, func.sum(c.net).label("net"))
            .where(c.tenant_id == tx.tenant_id, c.original_id.in_(batch))
            .group_by(c.original_id, c.original_line_no)
        )
        found.update(((row.original_id, row.original_line_no), int(row.net)) for row in rows)
    return found


def named_by(tx: Tx, document_id: UUID) -> list[LinkedDocument]:
    """The earlier documents that a document names, by number."""
    links, d = document_link.c, document.c
    return _linked(tx, links.original_id == d.id, links.document_id == document_id)


def naming(tx: Tx, document_id: UUID) -> list[LinkedDocument]:
    """The later documents that name a document, by number."""
    links, d = document_link.c, document.c
    return _linked(tx, links.document_id == d.id, links.original_id == document_id)


def correcting(tx: Tx, document_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The documents that correct each of these; absent where none does."""
    links, found = document_link.c, dict[UUID, list[UUID]]()
    for batch in in_batches(document_ids):
        rows = tx.connection.execute(
            select(links.original_id, links.document_id).where(
                links.tenant_id == tx.tenant_id,
                links.original_id.in_(batch),
                links.kind == DocumentLinkKind.CORRECTS,
            )
        )
        for row in rows:
            found.setdefault(row.original_id, []).append(row.document_id)
    return found


def _linked(
    tx: Tx, joined: ColumnElement[bool], wanted: ColumnElement[bool]
) -> list[LinkedDocument]:
    links, d = document_link.c, document.c
    rows = tx.connection.execute(
        select(d.id, d.number, d.kind, d.issued_on, links.kind.label("why"))
        .join(document_link, (links.tenant_id == d.tenant_id) & joined)
        .where(d.tenant_id == tx.tenant_id, wanted)
        .order_by(d.number)
    )
    return [
        LinkedDocument(
            row.id, row.number, DocumentKind(row.kind), row.issued_on, DocumentLinkKind(row.why)
        )
        for row in rows
    ]


def corrected_originals(tx: Tx) -> Iterator[UUID]:
    """Ids of all documents that a correction takes something off; streamed."""
    c = line_correction.c
    rows = tx.connection.execute(
        select(c.original_id).where(c.tenant_id == tx.tenant_id).distinct().order_by(c.original_id),
        execution_options={"yield_per": 2000},
    )
    for row in rows:
        yield row.original_id


def corrections_of(tx: Tx, original_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The documents that take something off each of these, in no particular order."""
    c = line_correction.c
    found: dict[UUID, list[UUID]] = {document_id: [] for document_id in original_ids}
    for batch in in_batches(original_ids):
        rows = tx.connection.execute(
            select(c.original_id, c.document_id)
            .where(c.tenant_id == tx.tenant_id, c.original_id.in_(batch))
            .distinct()
        )
        for row in rows:
            found[row.original_id].append(row.document_id)
    return found


def taken_back(tx: Tx, document_ids: Sequence[UUID]) -> dict[UUID, PaymentState]:
    """How documents of which nothing is left were taken back; all others are absent."""
    links, original = document_link.c, document.alias("original")
    found: dict[UUID, PaymentState] = {}
    for batch in in_batches(document_ids):
        cancelled = func.max(_cancels(document.c.kind))
        rows = tx.connection.execute(
            select(links.original_id, cancelled.label("cancelled"))
            .join(document, _correcting(links.document_id))
            .join(
                original,
                (original.c.tenant_id == links.tenant_id) & (original.c.id == links.original_id),
            )
            .where(
                links.tenant_id == tx.tenant_id,
                links.original_id.in_(batch),
                links.kind == DocumentLinkKind.CORRECTS,
            )
            .group_by(links.original_id, original.c.gross)
            .having((cancelled == 1) | (func.sum(document.c.gross) == -original.c.gross))
        )
        for row in rows:
            state = PaymentState.CANCELLED if row.cancelled else PaymentState.CORRECTED
            found[row.original_id] = state
    return found


def is_taken_back(*, cancelled: bool = False) -> ColumnElement[bool]:
    """Whether `document` is one of which nothing is left, or one that is `cancelled`."""
    links, correcting = document_link.c, document.alias("correcting")
    is_cancelled = func.max(_cancels(correcting.c.kind)) == 1
    whole = func.sum(correcting.c.gross) == -document.c.gross
    return document.c.id.in_(
        select(links.original_id)
        .join(
            correcting,
            (correcting.c.tenant_id == links.tenant_id) & (correcting.c.id == links.document_id),
        )
        .where(
            links.tenant_id == document.c.tenant_id,
            links.original_id == document.c.id,
            links.kind == DocumentLinkKind.CORRECTS,
        )
        .correlate(document)
        .group_by(links.original_id)
        .having(is_cancelled if cancelled else is_cancelled | whole)
    )


def _correcting(document_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    return (document.c.tenant_id == document_link.c.tenant_id) & (document.c.id == document_id)


def _cancels(kind: ColumnElement[str]) -> ColumnElement[int]:
    return case((kind == DocumentKind.CANCELLATION, 1), else_=0)


def links_from(tx: Tx, document_ids: Sequence[UUID]) -> dict[UUID, set[tuple[str, str]]]:
    """Number of and reason for each document that these name; without a number it does not exist."""
    links, found = document_link.c, dict[UUID, set[tuple[str, str]]]()
    for batch in in_batches(document_ids):
        rows = tx.connection.execute(
            select(links.document_id, links.kind, document.c.number)
            .outerjoin(
                document,
                (document.c.tenant_id == links.tenant_id) & (document.c.id == links.original_id),
            )
            .where(links.tenant_id == tx.tenant_id, links.document_id.in_(batch))
        )
        for row in rows:
            found.setdefault(row.document_id, set()).add((row.number or "", row.kind))
    return found


def lines_corrected_by(
    tx: Tx, document_ids: Sequence[UUID]
) -> dict[UUID, dict[int, tuple[str, int, int]]]:
    """Per document and line the original's number and line that it takes back, and what of it."""
    c, found = line_correction.c, dict[UUID, dict[int, tuple[str, int, int]]]()
    for batch in in_batches(document_ids):
        rows = tx.connection.execute(
            select(line_correction, document.c.number)
            .outerjoin(
                document,
                (document.c.tenant_id == c.tenant_id) & (document.c.id == c.original_id),
            )
            .where(c.tenant_id == tx.tenant_id, c.document_id.in_(batch))
        )
        for row in rows:
            taken = (row.number or "", row.original_line_no, row.net)
            found.setdefault(row.document_id, {})[row.line_no] = taken
    return found

"""Issued documents in a format: what to render, and the record of what was rendered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from faktura.domain.documents import DocumentRecord
from faktura.kernel.errors import IntegrityBroken, RenderRefused
from faktura.kernel.terms import DocumentKind
from faktura.plugin import DocumentFormat, Finding
from faktura.services.invoice_view import invoice_document
from faktura.store.documents import (
    Rendering,
    document_id,
    document_ids,
    lock_documents,
    read_document,
    read_renderings,
    write_renderings,
)
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents: one by its number, those of a billing run, or all."""

    number: str | None = None
    run_id: UUID | None = None


def selected(tx: Tx, selection: Selection) -> list[UUID]:
    """Ids of the documents in the order of their numbers; of opening items only one that is named.

    Raises NotFound for an unknown number.
    """
    if selection.number is not None:
        return [document_id(tx, selection.number)]
    return list(document_ids(tx, run_id=selection.run_id, rendered=True))


def check_document(tx: Tx, document_format: DocumentFormat, number: str) -> tuple[Finding, ...]:
    """What a format's rules say about an issued document; raises NotFound, RenderRefused."""
    record = read_document(tx, number)
    check_rendered(record)
    return document_format.check(invoice_document(record))


def check_rendered(record: DocumentRecord) -> None:
    """Raise RenderRefused for an opening item: its document is the other system's (P54)."""
    if record.kind is DocumentKind.OPENING:
        raise RenderRefused(
            "an opening item is never rendered (P54): it was issued by another system",
            place=f"document {record.number}",
            mend="Take the document from the system that issued it",
        )


def record_renderings(tx: Tx, rendered: Sequence[Rendering], numbers: Mapping[UUID, str]) -> int:
    """Record renderings whose bytes are durable; returns how many are new.

    Raises IntegrityBroken when a document was rendered before under the same rules and its bytes
    were others: rendering reads frozen data only, so something has changed that must not.
    """
    lock_documents(tx, numbers)
    present = {
        (known.document_id, known.format, known.rule_set): known.sha256
        for known in read_renderings(tx, numbers)
    }
    fresh = []
    for new in rendered:
        known = present.get((new.document_id, new.format, new.rule_set))
        if known is None:
            fresh.append(new)
        elif known != new.sha256:
            raise IntegrityBroken(
                f"it has other bytes than when it was rendered first ({new.rule_set})",
                place=f"document {numbers[new.document_id]}, format {new.format}",
                mend="Run `faktura verify`; the first bytes are in the content store under"
                f" {known.hex()}",
            )
    write_renderings(tx, fresh)
    return len(fresh)

"""Rendering issued documents: read, render, keep the bytes, then record them.

No transaction is open while a format works or a file is written; the bytes are durable before
the row that names them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from faktura.domain.documents import DocumentRecord
from faktura.kernel.errors import RenderRefused
from faktura.plugin import DocumentFormat
from faktura.services.documents import Selection, check_rendered, record_renderings, selected
from faktura.services.invoice_view import invoice_document
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.documents import Rendering, read_documents

_DOCUMENTS_A_CHUNK = 200


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """A document's bytes with the name of its file."""

    number: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RenderReceipt:
    """How many documents were rendered, how many for the first time, and which were refused."""

    rendered: int
    new: int
    refused: tuple[RenderRefused, ...]


def render_documents(
    database: Database,
    contents: ContentStore,
    tenant_id: int,
    document_format: DocumentFormat,
    selection: Selection,
    *,
    deliver: Callable[[RenderedFile], None],
) -> RenderReceipt:
    """Render the selected documents and hand each to `deliver` once it is recorded.

    A document the format refuses does not stop the others. Raises NotFound, and IntegrityBroken
    when a document's bytes differ from those of its first rendering.
    """
    with database.read(tenant_id) as tx:
        ids = selected(tx, selection)
    new = 0
    refused: list[RenderRefused] = []
    for start in range(0, len(ids), _DOCUMENTS_A_CHUNK):
        chunk = ids[start : start + _DOCUMENTS_A_CHUNK]
        with database.read(tenant_id) as tx:
            records = read_documents(tx, chunk)
        files = _rendered(records, document_format, refused)
        rendered = [
            Rendering(
                document_id,
                document_format.format_id,
                contents.put(tenant_id, file.content),
                len(file.content),
                document_format.media_type,
                document_format.rule_set,
            )
            for document_id, file in files
        ]
        with database.write(tenant_id) as tx:
            new += record_renderings(tx, rendered, {record.id: record.number for record in records})
        for _, file in files:
            deliver(file)
    return RenderReceipt(len(ids) - len(refused), new, tuple(refused))


def _rendered(
    records: Sequence[DocumentRecord],
    document_format: DocumentFormat,
    refused: list[RenderRefused],
) -> list[tuple[UUID, RenderedFile]]:
    files = []
    for record in records:
        try:
            check_rendered(record)
            content = document_format.render(invoice_document(record))
        except RenderRefused as refusal:
            refused.append(refusal)
        else:
            name = f"{record.number}{document_format.file_suffix}"
            files.append((record.id, RenderedFile(record.number, name, content)))
    return files

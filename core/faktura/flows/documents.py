"""Rendering issued documents: read, render what is not stored yet, keep the bytes, record them.

No transaction is open while a format works or a file is written; the bytes are durable before
the row that names them. What was rendered once stays what is handed out (P23): newer rules of a
format do not render it anew.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from faktura.domain.documents import DocumentRecord
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FakturaError, FieldMissing, PluginMissing, RenderRefused
from faktura.plugin import DocumentFormat
from faktura.services.documents import (
    Selection,
    check_rendered,
    own_format,
    record_renderings,
    selected,
)
from faktura.services.invoice_view import invoice_document
from faktura.services.issuing import Formats
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.documents import Rendering, read_documents, read_renderings

# Few enough that memory stays flat and that a crash costs little, enough that commits do not count.
_DOCUMENTS_A_CHUNK = 25


@dataclass(frozen=True, slots=True)
class Documents:
    """What the documents of a tenant are rendered and kept with."""

    database: Database
    contents: ContentStore
    formats: Formats
    tenant: Tenant

    def put(self, content: bytes) -> bytes:
        """Keep bytes of the tenant durably; returns their SHA-256."""
        return self.contents.put(self.tenant.id, content)


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """A document's bytes with the name of its file, in the format of that name."""

    number: str
    name: str
    format: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RenderReceipt:
    """How many documents are there, how many for the first time, and which were refused and why."""

    rendered: int
    new: int
    refused: tuple[FakturaError, ...]


Deliver = Callable[[RenderedFile], None]


@dataclass(frozen=True, slots=True)
class _Wanted:
    record: DocumentRecord
    format: DocumentFormat

    @property
    def key(self) -> tuple[UUID, str]:
        return self.record.id, self.format.format_id


@dataclass(slots=True)
class _Made:
    rendered: int = 0
    new: int = 0
    refused: list[FakturaError] = field(default_factory=list)


def render_documents(
    documents: Documents,
    selection: Selection,
    format_id: str | None = None,
    *,
    deliver: Deliver | None = None,
) -> RenderReceipt:
    """Render the selected documents in that format, by default each in the one it was issued for.

    `deliver` is handed each file once it is recorded; of a document that was rendered before the
    stored bytes. A document that is refused does not stop the others. Raises NotFound,
    PluginMissing for `format_id`, and IntegrityBroken when stored bytes have changed or two that
    rendered a document at once got different ones.
    """
    if format_id is not None:
        documents.formats.format_of(format_id)
    with documents.database.read(documents.tenant.id) as tx:
        ids = selected(tx, selection)
    made = _Made()
    for start in range(0, len(ids), _DOCUMENTS_A_CHUNK):
        _render_chunk(documents, ids[start : start + _DOCUMENTS_A_CHUNK], format_id, made, deliver)
    return RenderReceipt(made.rendered, made.new, tuple(made.refused))


def _render_chunk(
    documents: Documents,
    ids: Sequence[UUID],
    format_id: str | None,
    made: _Made,
    deliver: Deliver | None,
) -> None:
    with documents.database.read(documents.tenant.id) as tx:
        records = read_documents(tx, ids)
        stored = {(known.document_id, known.format): known for known in read_renderings(tx, ids)}
    wanted = list(_wanted(documents, records, format_id, made))
    missing = [one for one in wanted if one.key not in stored]
    fresh = list(_rendered(documents, missing, made))
    if fresh:
        with documents.database.write(documents.tenant.id) as tx:
            recorded = record_renderings(tx, fresh, {one.id: one.number for one in records})
        made.new += recorded.new
        stored |= {(known.document_id, known.format): known for known in recorded.standing}
    there = [one for one in wanted if one.key in stored]
    made.rendered += len(there)
    if deliver is None:
        return
    for one in there:
        content = documents.contents.get(documents.tenant.id, stored[one.key].sha256)
        number, name = one.record.number, f"{one.record.number}{one.format.file_suffix}"
        deliver(RenderedFile(number, name, one.format.format_id, content))


def _wanted(
    documents: Documents, records: Sequence[DocumentRecord], format_id: str | None, made: _Made
) -> Iterator[_Wanted]:
    """The documents with their formats; who has none, or one that is not enabled, is refused."""
    formats, tenant = documents.formats, documents.tenant
    for record in records:
        try:
            check_rendered(record)
            wanted = format_id or own_format(record, tenant.document_format, formats.offered)
            yield _Wanted(record, formats.format_of(wanted))
        except (RenderRefused, FieldMissing, PluginMissing) as refusal:
            made.refused.append(_of(record, refusal))


def _of(record: DocumentRecord, refusal: FakturaError) -> FakturaError:
    place = f"document {record.number}"
    return refusal if refusal.place.startswith(place) else refusal.at(place)


def _rendered(documents: Documents, missing: Sequence[_Wanted], made: _Made) -> Iterator[Rendering]:
    for one in missing:
        try:
            content = one.format.render(invoice_document(one.record))
        except RenderRefused as refusal:
            made.refused.append(refusal)
            continue
        yield Rendering(
            one.record.id,
            one.format.format_id,
            documents.put(content),
            len(content),
            one.format.media_type,
            one.format.rule_set,
        )

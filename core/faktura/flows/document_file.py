"""One document as a file: the bytes that are stored, rendered first where they are not yet.

Rendering reads frozen data only, and no transaction is open while it works: who asks twice gets the
same bytes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from faktura.domain.tenants import Tenant
from faktura.flows.documents import RenderedFile, render_documents
from faktura.kernel.errors import FieldMissing, PluginMissing, UnknownTerm
from faktura.plugin import DocumentFormat
from faktura.services.documents import Selection, check_rendered
from faktura.services.issuing import Formats
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.documents import Rendering
from faktura.store.invoice_details import InvoiceDetails, invoice_details


@dataclass(frozen=True, slots=True)
class Documents:
    """What the documents of a tenant are rendered and kept with."""

    database: Database
    contents: ContentStore
    formats: Formats
    tenant: Tenant


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A document's bytes, what is recorded of them, and the name of the file."""

    rendering: Rendering
    content: bytes
    name: str


def document_file(
    documents: Documents, number: str, format_id: str | None, projects: Collection[UUID] | None
) -> DocumentFile:
    """The document in that format, or in the one it was issued for, else the tenant's.

    What was sent stays what is handed out: newer rules of a format do not render it anew. Raises
    NotFound, also outside `projects` (None: all of them), UnknownTerm with the enabled formats,
    FieldMissing where there is no format to choose, PluginMissing where the one it was issued for
    is not enabled any more, RenderRefused, and IntegrityBroken for stored bytes that have changed.
    """
    details = _read(documents, number, projects)
    check_rendered(details.record)
    wanted = _format(documents, details, format_id)
    rendered = _renderings(details, wanted)
    if not rendered:
        _render(documents, number, wanted)
        rendered = _renderings(_read(documents, number, projects), wanted)
    newest = max(rendered, key=lambda rendering: rendering.rule_set)
    content = documents.contents.get(documents.tenant.id, newest.sha256)
    return DocumentFile(newest, content, f"{number}{wanted.file_suffix}")


def _read(documents: Documents, number: str, projects: Collection[UUID] | None) -> InvoiceDetails:
    with documents.database.read(documents.tenant.id) as tx:
        return invoice_details(tx, number, projects)


def _format(documents: Documents, details: InvoiceDetails, format_id: str | None) -> DocumentFormat:
    own = details.record.snapshot["format"] or documents.tenant.document_format
    if format_id is None:
        if own is None:
            raise FieldMissing(
                "no format is named, and neither the customer nor the tenant has one",
                place="format",
                mend="Name the format to have it in",
            )
        return documents.formats.format_of(str(own))
    try:
        return documents.formats.format_of(format_id)
    except PluginMissing as missing:
        raise UnknownTerm(missing.problem, place="format", mend=missing.mend) from None


def _renderings(details: InvoiceDetails, wanted: DocumentFormat) -> list[Rendering]:
    return [known for known in details.renderings if known.format == wanted.format_id]


def _render(documents: Documents, number: str, wanted: DocumentFormat) -> None:
    receipt = render_documents(
        documents.database,
        documents.contents,
        documents.tenant.id,
        wanted,
        Selection(number=number),
        deliver=_kept,
    )
    if receipt.refused:
        raise receipt.refused[0]


def _kept(_file: RenderedFile) -> None:
    """It lies in the content store, and is handed out from there."""

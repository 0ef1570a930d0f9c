"""One document as a file: the bytes that are stored, rendered first where they are not yet.

Rendering reads frozen data only, and no transaction is open while it works: who asks twice gets the
same bytes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from faktura.domain.document_files import FILE_SUFFIXES
from faktura.flows.documents import Documents, render_documents
from faktura.kernel.errors import PluginMissing, UnknownTerm
from faktura.services.documents import Selection, check_rendered, own_format
from faktura.store.documents import Rendering
from faktura.store.invoice_details import InvoiceDetails, invoice_details


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A document's bytes, what is recorded of them, and the name of the file."""

    rendering: Rendering
    content: bytes
    name: str


def document_file(
    documents: Documents, number: str, format_id: str | None, projects: Collection[UUID] | None
) -> DocumentFile:
    """The document in that format, or in the one it was issued for; one without, as a new one is.

    What was sent stays what is handed out: newer rules of a format do not render it anew, and stored
    bytes need no plugin. Raises NotFound, also outside `projects` (None: all of them), FieldMissing
    where there is no format to choose, RenderRefused, and IntegrityBroken for stored bytes that have
    changed; where nothing is stored yet UnknownTerm for a named format that is not enabled, and
    PluginMissing for the one it was issued for.
    """
    details = _read(documents, number, projects)
    check_rendered(details.record)
    wanted = format_id
    if wanted is None:
        offered = documents.formats.offered
        wanted = own_format(details.record, documents.tenant.document_format, offered)
    rendered = _renderings(details, wanted)
    if not rendered:
        _check_offered(documents, wanted, named=format_id is not None)
        receipt = render_documents(documents, Selection(number=number), wanted)
        if receipt.refused:
            raise receipt.refused[0]
        rendered = _renderings(_read(documents, number, projects), wanted)
    newest = rendered[-1]
    content = documents.contents.get(documents.tenant.id, newest.sha256)
    return DocumentFile(newest, content, f"{number}{_suffix(documents, newest)}")


def _read(documents: Documents, number: str, projects: Collection[UUID] | None) -> InvoiceDetails:
    with documents.database.read(documents.tenant.id) as tx:
        return invoice_details(tx, number, projects)


def _check_offered(documents: Documents, format_id: str, *, named: bool) -> None:
    try:
        documents.formats.format_of(format_id)
    except PluginMissing as missing:
        if not named:
            raise
        raise UnknownTerm(missing.problem, place="format", mend=missing.mend) from None


def _renderings(details: InvoiceDetails, format_id: str) -> list[Rendering]:
    return [known for known in details.renderings if known.format == format_id]


def _suffix(documents: Documents, rendering: Rendering) -> str:
    known = FILE_SUFFIXES.get(rendering.media_type)
    # Of a type that is not ours only its plugin knows how files are called.
    return known or documents.formats.format_of(rendering.format).file_suffix

"""One document: as it was issued, why it costs what it costs, what was paid, its stored files."""

import asyncio
from dataclasses import dataclass

from aiohttp import web

from faktura.domain.document_files import FILE_SUFFIXES
from faktura.domain.document_kinds import SELF_BILLED
from faktura.domain.documents import DocumentRecord
from faktura.domain.dunning_notices import DunningNotice
from faktura.domain.payment_state import PaymentState, payment_state
from faktura.kernel.errors import NotFound
from faktura.kernel.terms import DocumentKind
from faktura.plugin import InvoiceDocument
from faktura.services.invoice_view import invoice_document
from faktura.store.document_links import LinkedDocument, named_by, naming, taken_back
from faktura.store.documents import Rendering, document_id, read_document, read_renderings
from faktura.store.dunning_notices import NoticeFilter, dunning_levels, list_notices
from faktura.store.settlements import Settled, read_settled
from faktura.store.transaction import Tx
from faktura.web.admin.derivation import Manner, derived
from faktura.web.admin.sheet import sheet
from faktura.web.keys import APP
from faktura.web.language import language_of
from faktura.web.pages import page
from faktura.web.tenant import InTenant, read_in_tenant

# People type their prices; no list and no contract gives them.
_TYPED_PRICES = SELF_BILLED | {DocumentKind.DEPOSIT, DocumentKind.FINAL}


@dataclass(frozen=True, slots=True)
class InvoiceFile:
    """Everything of one document: its frozen rows, its EN 16931 view, its account, its files.

    `names` are the documents it follows, `named_by` those that follow it (BG-3).
    """

    record: DocumentRecord
    document: InvoiceDocument
    settled: Settled
    renderings: list[Rendering]
    names: list[LinkedDocument]
    named_by: list[LinkedDocument]
    taken_back: PaymentState | None
    dunning_level: int
    notices: list[DunningNotice]

    @property
    def has_typed_prices(self) -> bool:
        """Whether its prices, or those it takes back, were typed."""
        kinds = {self.record.kind, *(one.kind for one in self.names)}
        return not kinds.isdisjoint(_TYPED_PRICES)

    @property
    def posted_texts(self) -> dict[int, str]:
        """What the account says, by the number of the transaction."""
        return {posted.no: posted.text for posted in self.settled.transactions}


async def invoice_page(request: web.Request) -> web.StreamResponse:
    """The document of that number; 404 when the tenant has none."""
    number = request.match_info["number"]

    def look(tx: Tx, _here: InTenant) -> InvoiceFile:
        record = read_document(tx, number)
        return InvoiceFile(
            record,
            invoice_document(record),
            read_settled(tx, record),
            read_renderings(tx, [record.id]),
            named_by(tx, record.id),
            naming(tx, record.id),
            taken_back(tx, [record.id]).get(record.id),
            dunning_levels(tx, [record.id]).get(record.id, 0),
            list_notices(tx, NoticeFilter(document_number=record.number)),
        )

    here, file = await read_in_tenant(request, look)
    record = file.record
    language = language_of(request)
    told = sheet(record, language)
    manner = Manner(told.flipped, file.has_typed_prices)
    return page(
        request,
        "admin/invoice.html",
        here=here,
        file=file,
        record=record,
        document=file.document,
        lines=[derived(line, language, manner) for line in record.lines],
        sheet=told,
        state=file.taken_back
        or payment_state(
            record.gross,
            file.settled.open,
            record.due_on,
            here.today,
            written_off=file.settled.written_off,
        ),
        file_types=FILE_SUFFIXES,
    )


async def invoice_file(request: web.Request) -> web.StreamResponse:
    """The stored bytes of the document, of `?format=` where there are several.

    Of several files of a format it is the newest; 404 when nothing was rendered. Raises IntegrityBroken
    when the bytes are not those that were recorded.
    """
    number, wanted = request.match_info["number"], request.query.get("format")

    def look(tx: Tx, here: InTenant) -> tuple[int, list[Rendering]]:
        return here.tenant.id, read_renderings(tx, [document_id(tx, number)])

    _, (tenant_id, renderings) = await read_in_tenant(request, look)
    found = [
        rendering
        for rendering in renderings
        if rendering.media_type in FILE_SUFFIXES and wanted in (None, rendering.format)
    ]
    if not found:
        raise NotFound("no such file was rendered of it")
    newest = found[-1]
    name = f"{number}{FILE_SUFFIXES[newest.media_type]}"
    content = await asyncio.to_thread(request.app[APP].content.get, tenant_id, newest.sha256)
    return web.Response(
        body=content,
        content_type=newest.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

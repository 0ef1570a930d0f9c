"""Invoices: find them, look at one with all that happened to it, fetch its files (F066)."""

import asyncio
from typing import Annotated

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.domain.payment_state import PaymentState
from faktura.flows.document_file import DocumentFile, Documents, document_file
from faktura.kernel.terms import DocumentKind
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import FormatName, Line, Number
from faktura.services.imports.value_fields import Day, as_word
from faktura.store.document_lists import PaidAsOf, Wanted, list_documents
from faktura.store.invoice_details import invoice_details
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.ids import Id
from faktura.web.api.operation import Resource
from faktura.web.api.replies import File, Page, page
from faktura.web.api.resources.invoice_answers import (
    InvoiceAnswer,
    InvoiceFileAnswer,
    InvoiceSummary,
)

INVOICES = Resource("Invoices", "Issued documents: frozen, numbered without gaps, never changed.")

_ONE = "/Invoices/{invoiceNumber}"


class InvoiceQuery(Paged):
    """Which documents; several conditions hold together."""

    customer_number: Number | None = Field(default=None, description="Of this customer.")
    contract_number: Number | None = Field(default=None, description="Of this contract.")
    kind: Annotated[DocumentKind, as_word(DocumentKind)] | None = Field(
        default=None, description="Of this kind."
    )
    state: Annotated[PaymentState, as_word(PaymentState)] | None = Field(
        default=None, description="Whose payment stands so today."
    )
    issued_from: Day | None = Field(default=None, description="Issued on this day or later.")
    issued_until: Day | None = Field(default=None, description="Issued before this day.")
    due_until: Day | None = Field(default=None, description="Due before this day.")
    billing_run: Id | None = Field(default=None, description="Issued by this billing run.")
    search: Line = Field(
        default="", description="A part of the document's or customer's number or of the name."
    )


class DocumentQuery(Fields):
    """In which format."""

    format: FormatName | None = Field(
        default=None,
        description="Name of the format; left out: the one that the document was issued for.",
    )


@INVOICES.get("/Invoices", Scope.INVOICES_READ)
def invoice_list(call: Call[InvoiceQuery, Nothing]) -> Page[InvoiceSummary]:
    """Issued documents, newest first, a page at a time."""
    query, today = call.query, call.today
    wanted = Wanted(
        query.customer_number,
        query.contract_number,
        call.access.projects,
        query.kind,
        query.issued_from,
        query.issued_until,
        query.due_until,
        None if query.state is None else PaidAsOf(query.state, today),
        query.billing_run,
        query.search,
    )
    found = list_documents(call.tx, wanted, after=query.after(), limit=query.limit + 1)
    return page(
        found,
        query.limit,
        lambda row: cursor_of(row.number),
        lambda row: InvoiceSummary.of(row, today),
    )


@INVOICES.get(_ONE, Scope.INVOICES_READ, tagged=True)
def invoice_get(call: Call[Nothing, Nothing]) -> InvoiceAnswer:
    """One document with its lines, taxes, payments and stored files."""
    found = invoice_details(call.tx, call.path["invoiceNumber"], call.access.projects)
    return InvoiceAnswer.of(found, call.today)


@INVOICES.get(f"{_ONE}/Document", Scope.INVOICES_READ)
async def invoice_document(call: Flow[DocumentQuery, Nothing]) -> InvoiceFileAnswer:
    """The document's file in a format, as JSON."""
    return InvoiceFileAnswer.of(await _file(call))


@INVOICES.get(f"{_ONE}/Document/file", Scope.INVOICES_READ)
async def invoice_document_file(call: Flow[DocumentQuery, Nothing]) -> File:
    """The document's file in a format, as it is."""
    file = await _file(call)
    return File(file.content, file.rendering.media_type, file.name)


async def _file(call: Flow[DocumentQuery, Nothing]) -> DocumentFile:
    app, tenant = call.app, call.tenant
    formats = app.adapters.formats(tenant.id)
    documents = Documents(app.database, app.content, formats, tenant)
    number = call.path["invoiceNumber"]
    return await asyncio.to_thread(
        document_file, documents, number, call.query.format, call.access.projects
    )

"""Invoices: find them, look at one with all that happened to it, fetch its files (F066)."""

import asyncio
from typing import Annotated, Any

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.domain.payment_state import PaymentState
from faktura.flows.document_file import DocumentFile, document_file
from faktura.flows.documents import Documents
from faktura.kernel.terms import DocumentKind
from faktura.services.cancelling import cancel_invoice
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import FormatName, Line, Number
from faktura.services.imports.value_fields import Day, as_word
from faktura.services.issuing import Desk
from faktura.services.rebilling import rebill_invoice
from faktura.services.setting_unpaid import SettingUnpaid, set_unpaid
from faktura.store.document_lists import PaidAsOf, Wanted
from faktura.store.invoice_details import invoice_details
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.ids import Id
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Created, File, Page
from faktura.web.api.resources.correction_answers import (
    InvoiceRebilledAnswer,
    InvoicesUnpaidAnswer,
)
from faktura.web.api.resources.correction_bodies import (
    CancelFields,
    RebillFields,
    SetUnpaidFields,
)
from faktura.web.api.resources.document_pages import DocumentsQuery, document_page
from faktura.web.api.resources.invoice_answers import (
    InvoiceAnswer,
    InvoiceFileAnswer,
    InvoiceSummary,
)

INVOICES = Resource("Invoices", "Issued documents: frozen, numbered without gaps, never changed.")

_ONE = "/Invoices/{invoiceNumber}"


class InvoiceQuery(DocumentsQuery):
    """Which documents; several conditions hold together."""

    customer_number: Number | None = Field(default=None, description="Of this customer.")
    kind: Annotated[DocumentKind, as_word(DocumentKind)] | None = Field(
        default=None, description="Of this kind."
    )
    state: Annotated[PaymentState, as_word(PaymentState)] | None = Field(
        default=None, description="Whose payment stands so today."
    )
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
    return document_page(call, wanted)


@INVOICES.get(_ONE, Scope.INVOICES_READ, tagged=True)
def invoice_get(call: Call[Nothing, Nothing]) -> InvoiceAnswer:
    """One document with its lines, taxes, payments and stored files."""
    return invoice_answer(call, call.path["invoiceNumber"])


@INVOICES.post(f"{_ONE}/cancel", Scope.BILLING_WRITE)
def invoice_cancel(call: Call[Nothing, CancelFields]) -> Created[InvoiceAnswer]:
    """Take an invoice back whole by a cancellation, which is answered (F064).

    Its credit pays what is open of the invoice; what was paid stays as credit on the account.
    """
    number, given = call.path["invoiceNumber"], call.body.cancelling()
    made = cancel_invoice(call.tx, desk_of(call), number, given, call.access.projects)
    return issued_answer(call, made.number)


@INVOICES.post(f"{_ONE}/rebill", Scope.BILLING_WRITE)
def invoice_rebill(call: Call[Nothing, RebillFields]) -> InvoiceRebilledAnswer:
    """Cancel an invoice and issue it anew at once, from the data of today (F064).

    One cancellation and one new invoice for each contract; the credit pays the new ones.
    """
    number, given = call.path["invoiceNumber"], call.body.cancelling()
    cancellation, *invoices = rebill_invoice(
        call.tx, desk_of(call), number, given, call.access.projects
    )
    return InvoiceRebilledAnswer(
        cancellation=invoice_answer(call, cancellation.number),
        invoices=tuple(invoice_answer(call, one.number) for one in invoices),
    )


@INVOICES.post(f"{_ONE}/setUnpaid", Scope.BILLING_WRITE)
def invoice_set_unpaid(call: Call[Nothing, SetUnpaidFields]) -> InvoicesUnpaidAnswer:
    """Take back every bank payment that counts for a document (F065).

    Nothing is deleted: each is reversed. The bank movements wait again, so the other documents that
    they paid are unpaid too.
    """
    given = SettingUnpaid(call.body.reason, call.body.date or call.today)
    numbers = set_unpaid(
        call.tx, call.tenant, call.path["invoiceNumber"], given, call.access.projects
    )
    return InvoicesUnpaidAnswer(invoices=tuple(invoice_answer(call, one) for one in numbers))


@INVOICES.get(f"{_ONE}/Document", Scope.INVOICES_READ)
async def invoice_document(call: Flow[DocumentQuery, Nothing]) -> InvoiceFileAnswer:
    """The document's file in a format, as JSON."""
    return InvoiceFileAnswer.of(await _file(call))


@INVOICES.get(f"{_ONE}/Document/file", Scope.INVOICES_READ)
async def invoice_document_file(call: Flow[DocumentQuery, Nothing]) -> File:
    """The document's file in a format, as it is."""
    file = await _file(call)
    return File(file.content, file.rendering.media_type, file.name)


def desk_of(call: Call[Any, Any]) -> Desk:
    """Where the documents of a request are checked and frozen."""
    return Desk(call.tenant, call.app.adapters.formats(call.tenant.id))


def invoice_answer(call: Call[Any, Any], number: str) -> InvoiceAnswer:
    """A document of a request as it stands now."""
    found = invoice_details(call.tx, number, call.access.projects)
    return InvoiceAnswer.of(found, call.today)


def issued_answer(call: Call[Any, Any], number: str) -> Created[InvoiceAnswer]:
    """A document that a request issued, with its address."""
    return Created(invoice_answer(call, number), f"/Invoices/{number}")


async def _file(call: Flow[DocumentQuery, Nothing]) -> DocumentFile:
    app, tenant = call.app, call.tenant
    formats = app.adapters.formats(tenant.id)
    documents = Documents(app.database, app.content, formats, tenant)
    number = call.path["invoiceNumber"]
    return await asyncio.to_thread(
        document_file, documents, number, call.query.format, call.access.projects
    )

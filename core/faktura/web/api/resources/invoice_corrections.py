"""Invoice corrections: take parts of an invoice back; find what corrects invoices (F066)."""

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.kernel.terms import DocumentKind
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.imports.text_fields import Number
from faktura.store.document_lists import Wanted
from faktura.store.documents import no_document
from faktura.web.api.call import Call, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Created, Page
from faktura.web.api.resources.correction_bodies import InvoiceCorrectionFields
from faktura.web.api.resources.document_pages import DocumentsQuery, document_page
from faktura.web.api.resources.invoice_answers import InvoiceAnswer, InvoiceSummary
from faktura.web.api.resources.invoices import desk_of, invoice_answer, issued_answer

INVOICE_CORRECTIONS = Resource(
    "InvoiceCorrections", "Documents that take invoices back: cancellations, and parts of them."
)

_KINDS = frozenset({DocumentKind.CORRECTION, DocumentKind.CANCELLATION})


class CorrectionQuery(DocumentsQuery):
    """Which corrections; several conditions hold together."""

    customer_number: Number | None = Field(default=None, description="Of this customer.")


@INVOICE_CORRECTIONS.get("/InvoiceCorrections", Scope.INVOICES_READ)
def invoice_correction_list(call: Call[CorrectionQuery, Nothing]) -> Page[InvoiceSummary]:
    """Corrections and cancellations, newest first, a page at a time."""
    query = call.query
    wanted = Wanted(
        query.customer_number,
        query.contract_number,
        call.access.projects,
        issued_from=query.issued_from,
        issued_until=query.issued_until,
        kinds=_KINDS,
    )
    return document_page(call, wanted)


@INVOICE_CORRECTIONS.post("/InvoiceCorrections", Scope.BILLING_WRITE)
def invoice_correct(call: Call[Nothing, InvoiceCorrectionFields]) -> Created[InvoiceAnswer]:
    """Take parts of an invoice back, at most what is left of each line (F066).

    What was billed stays billed, for less. The credit pays what is open of the invoice.
    """
    body = call.body
    given = Correcting(tuple(one.part() for one in body.lines), body.reason, body.date)
    made = correct_invoice(call.tx, desk_of(call), body.invoice_number, given, call.access.projects)
    answer = issued_answer(call, made.number)
    return Created(answer.answer, f"/InvoiceCorrections/{made.number}")


@INVOICE_CORRECTIONS.get("/InvoiceCorrections/{correctionNumber}", Scope.INVOICES_READ, tagged=True)
def invoice_correction_get(call: Call[Nothing, Nothing]) -> InvoiceAnswer:
    """One correction or cancellation with what it corrects."""
    number = call.path["correctionNumber"]
    found = invoice_answer(call, number)
    if found.kind not in _KINDS:
        raise no_document(number)
    return found

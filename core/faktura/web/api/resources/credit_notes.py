"""Settlement credit notes: what partners are paid for, and corrections of that (F066)."""

from typing import Any

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.domain.document_kinds import SELF_BILLED
from faktura.services.credit_notes import (
    CorrectingCredit,
    correct_credit_note,
    create_credit_note,
)
from faktura.services.imports.credit_note_file import CreditNoteFields
from faktura.services.imports.text_fields import Number
from faktura.store.document_lists import Wanted
from faktura.store.documents import no_document
from faktura.web.api.call import Call, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Created, Page
from faktura.web.api.resources.correction_bodies import CreditCorrectionFields
from faktura.web.api.resources.document_pages import DocumentsQuery, document_page
from faktura.web.api.resources.invoice_answers import InvoiceAnswer, InvoiceSummary
from faktura.web.api.resources.invoices import desk_of, invoice_answer

CREDIT_NOTES = Resource(
    "CreditNotes", "What we bill ourselves for partners (Gutschrift); amounts are negative: owed."
)

_ONE = "/CreditNotes/{creditNoteNumber}"


class CreditNoteQuery(DocumentsQuery):
    """Which credit notes; several conditions hold together."""

    partner_number: Number | None = Field(default=None, description="Of this partner.")


@CREDIT_NOTES.get("/CreditNotes", Scope.INVOICES_READ)
def credit_note_list(call: Call[CreditNoteQuery, Nothing]) -> Page[InvoiceSummary]:
    """Credit notes and their corrections, newest first, a page at a time."""
    query = call.query
    wanted = Wanted(
        query.partner_number,
        query.contract_number,
        call.access.projects,
        issued_from=query.issued_from,
        issued_until=query.issued_until,
        kinds=SELF_BILLED,
    )
    return document_page(call, wanted)


@CREDIT_NOTES.post("/CreditNotes", Scope.BILLING_WRITE)
def credit_note_create(call: Call[Nothing, CreditNoteFields]) -> Created[InvoiceAnswer]:
    """Issue a credit note to a partner over what the partner supplied.

    The VAT is that of the articles' tax groups. The partner's `taxNumber` or `euTaxId` must be
    recorded (§ 14 Abs. 4 Nr. 2 UStG).
    """
    made = create_credit_note(call.tx, desk_of(call), call.body, call.access.projects)
    return _made(call, made.number)


@CREDIT_NOTES.get(_ONE, Scope.INVOICES_READ, tagged=True)
def credit_note_get(call: Call[Nothing, Nothing]) -> InvoiceAnswer:
    """One credit note, or one correction of such."""
    number = call.path["creditNoteNumber"]
    found = invoice_answer(call, number)
    if found.kind not in SELF_BILLED:
        raise no_document(number)
    return found


@CREDIT_NOTES.post(f"{_ONE}/correct", Scope.BILLING_WRITE)
def credit_note_correct(call: Call[Nothing, CreditCorrectionFields]) -> Created[InvoiceAnswer]:
    """Take a credit note back, whole or in parts; the correction is answered."""
    body = call.body
    given = CorrectingCredit(body.reason, tuple(one.part() for one in body.lines), body.date)
    number = call.path["creditNoteNumber"]
    made = correct_credit_note(call.tx, desk_of(call), number, given, call.access.projects)
    return _made(call, made.number)


def _made(call: Call[Any, Any], number: str) -> Created[InvoiceAnswer]:
    return Created(invoice_answer(call, number), f"/CreditNotes/{number}")

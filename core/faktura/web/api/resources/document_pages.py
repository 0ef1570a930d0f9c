"""Lists of documents, newest first: invoices, what corrects them, and credit notes are listed alike."""

from typing import Any

from pydantic import Field

from faktura.services.imports.text_fields import Number
from faktura.services.imports.value_fields import Day
from faktura.store.document_lists import Wanted, list_documents
from faktura.web.api.call import Call
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.replies import Page, page
from faktura.web.api.resources.invoice_answers import InvoiceSummary


class DocumentsQuery(Paged):
    """Which documents; several conditions hold together."""

    contract_number: Number | None = Field(default=None, description="Of this contract.")
    issued_from: Day | None = Field(default=None, description="Issued on this day or later.")
    issued_until: Day | None = Field(default=None, description="Issued before this day.")


def document_page(call: Call[Any, Any], wanted: Wanted) -> Page[InvoiceSummary]:
    """The page of these documents that the query of the call asks for."""
    query, today = call.query, call.today
    found = list_documents(call.tx, wanted, after=query.after(), limit=query.limit + 1)
    return page(
        found,
        query.limit,
        lambda row: cursor_of(row.number),
        lambda row: InvoiceSummary.of(row, today),
    )

"""The list of documents: newest first, searched by number or customer, a page at a time."""

from dataclasses import dataclass

from aiohttp import web

from faktura.domain.payment_state import PaymentState
from faktura.store.document_lists import DocumentRow, Wanted, list_documents
from faktura.store.transaction import Tx
from faktura.web.pages import page
from faktura.web.tenant import InTenant, read_in_tenant

_ROWS = 50
_LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A row of the list with where its payment stands today."""

    row: DocumentRow
    state: PaymentState


async def invoices_page(request: web.Request) -> web.StreamResponse:
    """A page of documents; `?q=` searches, `?after=` goes on below that number."""
    search = _searchable(request.query.get("q", ""))
    after = _searchable(request.query.get("after", "")) or None

    def look(tx: Tx, _here: InTenant) -> list[DocumentRow]:
        return list_documents(tx, Wanted(search=search), after=after, limit=_ROWS + 1)

    here, rows = await read_in_tenant(request, look)
    listed = [ListedDocument(row, row.state(here.today)) for row in rows[:_ROWS]]
    return page(
        request,
        "admin/invoices.html",
        here=here,
        listed=listed,
        search=search,
        after=after,
        next_after=rows[_ROWS - 1].number if len(rows) > _ROWS else None,
    )


def _searchable(text: str) -> str:
    # PostgreSQL refuses a NUL in a text; no name holds a sign that cannot be printed.
    return "".join(sign for sign in text if sign.isprintable()).strip()[:_LONGEST_SEARCH]

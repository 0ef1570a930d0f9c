"""The address under which a document is paid, and what whoever opens it may see (F089)."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.customers import Customer
from faktura.domain.document_files import FILE_SUFFIXES
from faktura.domain.documents import DocumentRecord
from faktura.domain.pay_links import SECRET_BYTES, PayState, pay_state, written_token
from faktura.kernel.errors import Misconfigured, NotFound
from faktura.kernel.money import Money
from faktura.services.page_requests import is_under_way
from faktura.store.attempts import AttemptFilter, list_attempts, live_attempts
from faktura.store.customers import read_customers_by_id
from faktura.store.document_links import taken_back
from faktura.store.documents import (
    Rendering,
    document_id,
    lock_documents,
    read_documents,
    read_renderings,
)
from faktura.store.invoice_details import invoice_details
from faktura.store.pay_links import find_linked, find_links, write_links
from faktura.store.payable import read_document_states
from faktura.store.transaction import Tx
from faktura.store.written_off import written_off

_PDF = "application/pdf"
_LOOKED_THROUGH = 20


@dataclass(frozen=True, slots=True)
class PayLink:
    """A document's token; whoever has it may pay the document and see its file."""

    document_id: UUID
    number: str
    token: str


@dataclass(frozen=True, slots=True)
class PayView:
    """A document as its page shows it.

    `last` is the live attempt, else the newest; `file` is the document's printed form.
    """

    record: DocumentRecord
    customer: Customer
    open: Money
    state: PayState
    last: Attempt | None
    file: Rendering | None

    @property
    def file_name(self) -> str:
        """What its file is called where it is saved."""
        return f"{self.record.number}{FILE_SUFFIXES[_PDF]}"


def pay_path(token: str) -> str:
    """The address on this installation."""
    return f"/pay/{token}"


def link_address(public_url: str | None, token: str) -> str:
    """The address as it is sent to customers; raises Misconfigured without a public one."""
    if public_url is None:
        raise Misconfigured(
            "nobody said by which address browsers find us, and a link leads there",
            place="FAKTURA_PUBLIC_URL",
            mend="Set it, e.g. to https://billing.example.com",
        )
    return f"{public_url}{pay_path(token)}"


def pay_link(tx: Tx, number: str, projects: Collection[UUID] | None = None) -> PayLink:
    """The document's link, made when it is asked for first; it stays the same.

    Raises NotFound, also outside `projects` (None: all of them).
    """
    if projects is not None:
        # What the caller may not see does not exist for them.
        invoice_details(tx, number, projects)
    found = document_id(tx, number)
    return PayLink(found, number, link_for(tx, found))


def link_for(tx: Tx, of_document: UUID) -> str:
    """The token of a document, made when it is asked for first."""
    return links_for(tx, [of_document])[of_document]


def links_for(tx: Tx, of_documents: Collection[UUID]) -> dict[UUID, str]:
    """The tokens of these documents, each made when it is asked for first."""
    lock_documents(tx, of_documents)
    known = find_links(tx, of_documents)
    new = {
        one: written_token(tx.tenant_id, secrets.token_urlsafe(SECRET_BYTES))
        for one in sorted(set(of_documents) - known.keys())
    }
    write_links(tx, new)
    return known | new


def linked_document(tx: Tx, token: str) -> UUID:
    """The document that a token is for; raises NotFound, which says nothing of the token."""
    found = find_linked(tx, token)
    if found is None:
        raise NotFound("there is no such link")
    return found


def view_payment(tx: Tx, of_document: UUID) -> PayView:
    """The document with what is open of it, in a transaction that reads it all."""
    (record,) = read_documents(tx, [of_document])
    (state,) = read_document_states(tx, [record.number])
    live = live_attempts(tx, [of_document]).get(of_document)
    back = taken_back(tx, [of_document]).get(of_document)
    files = [one for one in read_renderings(tx, [of_document]) if one.media_type == _PDF]
    under_way = live is not None and is_under_way(live)
    return PayView(
        record,
        read_customers_by_id(tx, [record.customer_id])[record.customer_id],
        state.open,
        pay_state(
            record.kind,
            state.open,
            back,
            under_way=under_way,
            was_owed=bool(record.gross) and not written_off(tx, [of_document]),
        ),
        live or _newest(tx, of_document),
        files[-1] if files else None,
    )


def _newest(tx: Tx, of_document: UUID) -> Attempt | None:
    found = list_attempts(tx, AttemptFilter(document_id=of_document), limit=_LOOKED_THROUGH)
    # A means that was saved beside it is no try to pay.
    return next((one for one, _ in found if one.amount), None)

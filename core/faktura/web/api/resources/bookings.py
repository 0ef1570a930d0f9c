"""Bookings of all contracts in one list, and what they bring in (F043)."""

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.domain.bookings import BookingKind, BookingStatus
from faktura.services.bookings import (
    BookingQuery,
    BookingSelection,
    list_bookings,
    sum_bookings,
)
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import LedgerAccount, Number
from faktura.services.imports.value_fields import as_word
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Page, page
from faktura.web.api.resources.booking_answers import (
    BookingAnswer,
    BookingSumAnswer,
    BookingSumsAnswer,
)

BOOKINGS = Resource("Bookings", "Subscription items, one-offs and usage of all contracts.")


class BookingConditions(Fields):
    """Which bookings; several conditions hold together."""

    kind: Annotated[BookingKind, as_word(BookingKind)] | None = Field(
        default=None, description="Only items, or only one-offs and usage."
    )
    status: Annotated[BookingStatus, as_word(BookingStatus)] | None = Field(
        default=None, description="Only open ones, or only those that are billed or ended."
    )
    selection: Annotated[BookingSelection, as_word(BookingSelection)] | None = Field(
        default=None,
        description="Items that are billed for today; one-offs and usage that wait on contracts that"
        " are billed; or bookings of terminated contracts and items with an end.",
    )
    customer_number: Number | None = Field(default=None, description="Those of this customer.")
    contract_number: Number | None = Field(default=None, description="Those of this contract.")
    article_number: Number | None = Field(default=None, description="Those of this article.")
    ledger_account: LedgerAccount | None = Field(
        default=None, description="Those with this account, their own or their product group's."
    )


class BookingListQuery(Paged, BookingConditions):
    """Which bookings, a page at a time."""


@BOOKINGS.get("/Bookings", Scope.CONTRACTS_READ)
def booking_list(call: Call[BookingListQuery, Nothing]) -> Page[BookingAnswer]:
    """Bookings in the order in which they were made, a page at a time (F043)."""
    query = call.query
    found = list_bookings(
        call.tx,
        call.tenant,
        _wanted(call.query, call.access.projects),
        call.today,
        after=query.after_id(),
        limit=query.limit + 1,
    )
    return page(found, query.limit, lambda one: cursor_of(str(one.id)), BookingAnswer.of)


@BOOKINGS.get("/Bookings/sums", Scope.CONTRACTS_READ)
def booking_sums(call: Call[BookingConditions, Nothing]) -> BookingSumsAnswer:
    """Monthly subscription income and open one-offs of the same bookings, by currency (F043)."""
    wanted = _wanted(call.query, call.access.projects)
    found = sum_bookings(call.tx, call.tenant, wanted, call.today)
    return BookingSumsAnswer(
        date=call.today, sums=tuple(BookingSumAnswer.of(sums) for sums in found)
    )


def _wanted(query: BookingConditions, projects: Collection[UUID] | None) -> BookingQuery:
    return BookingQuery(
        query.kind,
        query.status,
        query.selection,
        query.customer_number,
        query.contract_number,
        query.article_number,
        query.ledger_account,
        projects,
    )

"""Chargebacks: disputes, returned debits, late failures, and what followed them (F093-F095)."""

from typing import Annotated

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.kernel.payment_terms import ChargebackState
from faktura.services.imports.text_fields import Number
from faktura.services.imports.value_fields import as_word
from faktura.store.chargebacks import ChargebackFilter, list_chargebacks, read_chargeback
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.paths import id_of
from faktura.web.api.replies import Page, page
from faktura.web.api.resources.chargeback_answers import ChargebackAnswer

CHARGEBACKS = Resource(
    "Chargebacks", "Payments that a bank or provider took back, and what followed."
)


class ChargebackListQuery(Paged):
    """Which chargebacks; several conditions hold together."""

    customer_number: Number | None = Field(default=None, description="Those of this customer.")
    state: Annotated[
        tuple[Annotated[ChargebackState, as_word(ChargebackState)], ...], Field(strict=False)
    ] = Field(default=(), description="Repeat it for several; left out: all.")


@CHARGEBACKS.get("/Chargebacks", Scope.PAYMENTS_READ)
def chargeback_list(call: Call[ChargebackListQuery, Nothing]) -> Page[ChargebackAnswer]:
    """Chargebacks, newest first, a page at a time.

    Those of several documents at once are of no project: faktura payments chargebacks list.
    """
    query = call.query
    wanted = ChargebackFilter(
        query.state or None, call.access.projects, customer_number=query.customer_number
    )
    found = list_chargebacks(call.tx, wanted, after=query.after_id(), limit=query.limit + 1)
    return page(
        found, query.limit, lambda one: cursor_of(str(one.chargeback.id)), ChargebackAnswer.of
    )


@CHARGEBACKS.get("/Chargebacks/{chargebackId}", Scope.PAYMENTS_READ)
def chargeback_get(call: Call[Nothing, Nothing]) -> ChargebackAnswer:
    """One chargeback."""
    chargeback_id = id_of(call.path, "chargebackId")
    return ChargebackAnswer.of(read_chargeback(call.tx, chargeback_id, call.access.projects))

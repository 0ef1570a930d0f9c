"""SEPA mandates: created, confirmed, moved, revoked (F103, F104)."""

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.services.imports.mandate_fields import (
    ConfirmedFields,
    NewMandateFields,
    OtherAccountFields,
    WithdrawnFields,
)
from faktura.services.imports.text_fields import Number
from faktura.services.mandate_view import show_mandate, show_mandates
from faktura.services.mandates import (
    amend_mandate,
    confirm_mandate,
    create_mandate,
    reactivate_mandate,
    revoke_mandate,
    use_mandate,
)
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.paths import id_of
from faktura.web.api.replies import Created, Page, page
from faktura.web.api.resources.mandate_answers import MandateAnswer

MANDATES = Resource("Mandates", "SEPA mandates of the seller's creditor id.")

_ONE = "/Mandates/{mandateId}"


class MandateListQuery(Paged):
    """Which mandates."""

    customer_number: Number | None = Field(default=None, description="Those of this customer.")


@MANDATES.get("/Mandates", Scope.PAYMENTS_READ)
def mandate_list(call: Call[MandateListQuery, Nothing]) -> Page[MandateAnswer]:
    """Mandates in the order in which they were added, a page at a time."""
    query = call.query
    found = show_mandates(
        call.tx,
        call.tenant,
        query.customer_number,
        after=query.after_id(),
        limit=query.limit + 1,
    )
    return page(found, query.limit, lambda one: cursor_of(str(one.means.id)), MandateAnswer.of)


@MANDATES.post("/Mandates", Scope.PAYMENTS_WRITE)
def mandate_create(call: Call[Nothing, NewMandateFields]) -> Created[MandateAnswer]:
    """Add a mandate that a customer signed: it is active, and their invoices announce it (F104).

    A reference is given once to a creditor id, whether in upper or lower case (F103).
    """
    made = create_mandate(call.tx, call.tenant, call.body)
    return Created(MandateAnswer.of(made), f"/Mandates/{made.means.id}")


@MANDATES.get(_ONE, Scope.PAYMENTS_READ)
def mandate_get(call: Call[Nothing, Nothing]) -> MandateAnswer:
    """One mandate, and why it cannot be collected by."""
    return MandateAnswer.of(show_mandate(call.tx, call.tenant, id_of(call.path, "mandateId")))


@MANDATES.post(f"{_ONE}/confirm", Scope.PAYMENTS_WRITE)
def mandate_confirm(call: Call[Nothing, ConfirmedFields]) -> MandateAnswer:
    """The debtor's bank confirmed a B2B mandate, which can be collected by from now on."""
    mandate_id = id_of(call.path, "mandateId")
    done = confirm_mandate(call.tx, call.tenant, mandate_id, call.body.confirmed_on)
    return MandateAnswer.of(done)


@MANDATES.post(f"{_ONE}/use", Scope.PAYMENTS_WRITE)
def mandate_use(call: Call[Nothing, Nothing]) -> MandateAnswer:
    """Collect by this one of the customer's mandates, and announce it on their invoices."""
    return MandateAnswer.of(use_mandate(call.tx, call.tenant, id_of(call.path, "mandateId")))


@MANDATES.post(f"{_ONE}/amend", Scope.PAYMENTS_WRITE)
def mandate_amend(call: Call[Nothing, OtherAccountFields]) -> MandateAnswer:
    """Move a mandate to another account of the customer; the next collection tells the bank."""
    mandate_id = id_of(call.path, "mandateId")
    return MandateAnswer.of(amend_mandate(call.tx, call.tenant, mandate_id, call.body))


@MANDATES.post(f"{_ONE}/revoke", Scope.PAYMENTS_WRITE)
def mandate_revoke(call: Call[Nothing, WithdrawnFields]) -> MandateAnswer:
    """End a mandate for good; the customer's record names no mandate then.

    What is at the bank already is collected. A customer who still pays by SEPA_DEBIT needs another
    mandate before the next invoice.
    """
    mandate_id = id_of(call.path, "mandateId")
    done = revoke_mandate(call.tx, call.tenant, mandate_id, call.body.reason)
    return MandateAnswer.of(done)


@MANDATES.post(f"{_ONE}/reactivate", Scope.PAYMENTS_WRITE)
def mandate_reactivate(call: Call[Nothing, Nothing]) -> MandateAnswer:
    """Collect by a mandate again that a returned debit suspended."""
    return MandateAnswer.of(reactivate_mandate(call.tx, call.tenant, id_of(call.path, "mandateId")))

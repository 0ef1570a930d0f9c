"""Checks of customers' VAT ids: what registers said, and asking one now (F120)."""

import json
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.flows.vat_checks import check_vat_id
from faktura.kernel.vat_terms import VatCheckResult, VatTraderMatch
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Number
from faktura.services.imports.value_fields import as_word
from faktura.store.vat_checks import VatCheck, list_checks
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Answer, Page, page
from faktura.web.api.shapes import Moment

VAT_ID_CHECKS = Resource("VatIdChecks", "Checks of VAT ids of customers in other member states.")

_Result = Annotated[VatCheckResult, as_word(VatCheckResult)]


class VatIdCheckQuery(Paged):
    """Which checks; several conditions hold together."""

    customer_number: Number | None = Field(default=None, description="Those of this customer.")
    result: _Result | None = Field(default=None, description="Those with this result.")


class VatIdCheckFields(Fields):
    """Whose VAT id is to be checked."""

    customer_number: Number = Field(description="The customer; its VAT id is of another state.")


class VatIdCheckAnswer(Answer):
    """What a register said of a VAT id; invoices freeze the last decisive check."""

    check_id: UUID = Field(description="What names the check.")
    customer_number: str = Field(description="Whose VAT id it was.")
    vat_id: str = Field(description="What was asked about.")
    own_vat_id: str | None = Field(description="Who asked; null: nobody by name.")
    checker: str = Field(description="The register's adapter.")
    result: VatCheckResult = Field(
        description="MISFORMED never got there; UNAVAILABLE is no answer and no failed check."
    )
    matches: dict[str, VatTraderMatch] = Field(
        description="Whether name, street, zipCode and city are the registered ones."
    )
    reference: str | None = Field(description="The register's number of the request, its proof.")
    problem: str | None = Field(description="Why there is no answer, in the register's words.")
    checked_at: Moment = Field(description="When it was asked.")

    @classmethod
    def of(cls, check: VatCheck) -> Self:
        """The answer."""
        return cls(
            check_id=check.id,
            customer_number=check.customer_number,
            vat_id=check.vat_id,
            own_vat_id=check.own_vat_id or None,
            checker=check.checker,
            result=check.result,
            matches=json.loads(check.matches),
            reference=check.reference or None,
            problem=check.problem or None,
            checked_at=check.checked_at,
        )


@VAT_ID_CHECKS.get("/VatIdChecks", Scope.CUSTOMERS_READ)
def vat_id_check_list(call: Call[VatIdCheckQuery, Nothing]) -> Page[VatIdCheckAnswer]:
    """Checks, the newest first, a page at a time."""
    query = call.query
    found = list_checks(
        call.tx,
        customer_number=query.customer_number,
        result=query.result,
        before=query.after_id(),
        limit=query.limit + 1,
    )
    return page(found, query.limit, lambda one: cursor_of(str(one.id)), VatIdCheckAnswer.of)


@VAT_ID_CHECKS.post("/VatIdChecks", Scope.CUSTOMERS_WRITE)
async def vat_id_check_create(call: Flow[Nothing, VatIdCheckFields]) -> VatIdCheckAnswer:
    """Check a customer's VAT id now, and keep the answer; it stands on the next invoices."""
    app = call.app
    number = call.body.customer_number
    return VatIdCheckAnswer.of(
        await check_vat_id(app.database, app.adapters, call.tenant.id, number)
    )

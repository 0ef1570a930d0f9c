"""Refunds over the provider that a payment came by (P33)."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.flows.refunding import ask_for_refund
from faktura.kernel.payment_terms import RefundState
from faktura.services.imports.refund_fields import GiveBackFields
from faktura.services.imports.text_fields import Number
from faktura.services.imports.value_fields import as_word
from faktura.services.opening_refunds import wanted_of
from faktura.store.refunds_at_provider import (
    ListedRefund,
    RefundFilter,
    list_refunds,
    read_refund,
)
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.paths import id_of
from faktura.web.api.replies import Answer, Created, Page, page
from faktura.web.api.shapes import AmountText, Currency, Moment

PAYMENT_REFUNDS = Resource(
    "PaymentRefunds", "Money that goes back over the provider by which it came."
)


class RefundListQuery(Paged):
    """Which refunds; several conditions hold together."""

    customer_number: Number | None = Field(default=None, description="Those of this customer.")
    state: Annotated[
        tuple[Annotated[RefundState, as_word(RefundState)], ...], Field(strict=False)
    ] = Field(default=(), description="Repeat it for several; left out: all.")


class PaymentRefundAnswer(Answer):
    """A refund over a provider."""

    refund_id: UUID = Field(description="What names the refund in addresses, and at the provider.")
    attempt_id: UUID = Field(description="The payment that it gives back.")
    invoice_number: str = Field(description="What the payment was for.")
    customer_number: str = Field(description="Who gets the money.")
    account: str = Field(description="The account at the provider.")
    amount: AmountText = Field(description="What goes back.")
    currency: Currency
    state: RefundState = Field(
        description="CREATED and SENT are under way, UNKNOWN is asked for, PENDING was accepted."
    )
    reference: str | None = Field(description="The provider's id of it.")
    reason: str = Field(description="Why, as a person said.")
    created_at: Moment = Field(description="When it was asked for.")
    ended_at: Moment | None = Field(description="When it was done or failed.")

    @classmethod
    def of(cls, listed: ListedRefund) -> Self:
        """The answer."""
        one = listed.refund
        return cls(
            refund_id=one.id,
            attempt_id=one.attempt_id,
            invoice_number=listed.invoice_number,
            customer_number=listed.customer_number,
            account=listed.instance,
            amount=one.amount,
            currency=one.amount.currency,
            state=one.state,
            reference=one.reference,
            reason=one.reason,
            created_at=one.created_at,
            ended_at=one.ended_at,
        )


@PAYMENT_REFUNDS.post("/Invoices/{invoiceNumber}/PaymentRefunds", Scope.PAYMENTS_WRITE)
def invoice_payment_refund(call: Call[Nothing, GiveBackFields]) -> Created[PaymentRefundAnswer]:
    """Give a part of a payment back over its provider: a worker sends it within minutes.

    Never more than the customer's credit, nor than what is left of the payment. A refund opens no
    invoice again: correct or cancel it first.
    """
    number, by = call.path["invoiceNumber"], call.access.key.name
    wanted = wanted_of(call.tx, number, call.body, by=by, projects=call.access.projects)
    made = ask_for_refund(call.tx, call.app.adapters, call.tenant, wanted)
    return Created(PaymentRefundAnswer.of(made), f"/PaymentRefunds/{made.refund.id}")


@PAYMENT_REFUNDS.get("/PaymentRefunds", Scope.PAYMENTS_READ)
def payment_refund_list(call: Call[RefundListQuery, Nothing]) -> Page[PaymentRefundAnswer]:
    """Refunds, newest first, a page at a time."""
    query = call.query
    wanted = RefundFilter(query.state or None, call.access.projects, query.customer_number)
    found = list_refunds(call.tx, wanted, after=query.after_id(), limit=query.limit + 1)
    return page(
        found, query.limit, lambda one: cursor_of(str(one.refund.id)), PaymentRefundAnswer.of
    )


@PAYMENT_REFUNDS.get("/PaymentRefunds/{refundId}", Scope.PAYMENTS_READ)
def payment_refund_get(call: Call[Nothing, Nothing]) -> PaymentRefundAnswer:
    """One refund."""
    refund_id = id_of(call.path, "refundId")
    return PaymentRefundAnswer.of(read_refund(call.tx, refund_id, call.access.projects))

"""Saved means of payment: listed, chosen, forgotten (P43)."""

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.flows.payment_means import forget_means
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Number
from faktura.services.payment_means import allow_again, list_means, prefer_means
from faktura.store.payment_means import read_means
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.paths import id_of
from faktura.web.api.replies import Answer, Page
from faktura.web.api.resources.payment_means_answers import PaymentMeansAnswer

PAYMENT_MEANS = Resource(
    "PaymentMeans", "Cards, agreements and accounts that customers let us keep."
)

_ONE = "/PaymentMeans/{meansId}"


class UsedForFields(Fields):
    """What a means of payment is used for."""

    contract_number: Number | None = Field(
        default=None, description="This contract alone; left out: all that have none of their own."
    )


class ForgottenAnswer(Answer):
    """What became of it at its provider."""

    problem: str | None = Field(
        description="Why the provider may still have it; null: it is deleted there."
    )


@PAYMENT_MEANS.get("/Customers/{customerNumber}/PaymentMeans", Scope.PAYMENTS_READ)
def customer_payment_means(call: Call[Nothing, Nothing]) -> Page[PaymentMeansAnswer]:
    """All means of payment of a customer and their contracts, oldest first, on one page."""
    found = list_means(call.tx, call.path["customerNumber"])
    return Page(data=[PaymentMeansAnswer.of(one) for one in found], next_cursor=None)


@PAYMENT_MEANS.get(_ONE, Scope.PAYMENTS_READ)
def payment_means_get(call: Call[Nothing, Nothing]) -> PaymentMeansAnswer:
    """One means of payment."""
    return PaymentMeansAnswer.of(read_means(call.tx, id_of(call.path, "meansId")))


@PAYMENT_MEANS.post(f"{_ONE}/use", Scope.PAYMENTS_WRITE)
def payment_means_use(call: Call[Nothing, UsedForFields]) -> PaymentMeansAnswer:
    """Collect by it from the next collection on; what is under way stays as it is (P43)."""
    means_id, contract = id_of(call.path, "meansId"), call.body.contract_number
    return PaymentMeansAnswer.of(prefer_means(call.tx, means_id, contract, call.access.projects))


@PAYMENT_MEANS.post(f"{_ONE}/reactivate", Scope.PAYMENTS_WRITE)
def payment_means_reactivate(call: Call[Nothing, Nothing]) -> PaymentMeansAnswer:
    """Collect by a means of payment again that was suspended."""
    return PaymentMeansAnswer.of(allow_again(call.tx, id_of(call.path, "meansId")))


@PAYMENT_MEANS.post(f"{_ONE}/forget", Scope.PAYMENTS_WRITE)
async def payment_means_forget(call: Flow[Nothing, Nothing]) -> ForgottenAnswer:
    """Use it never again, and have its provider delete it; a mandate is revoked instead."""
    app, means_id = call.app, id_of(call.path, "meansId")
    problem = await forget_means(app.database, app.adapters, call.tenant, means_id)
    return ForgottenAnswer(problem=problem or None)

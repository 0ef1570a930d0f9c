"""Saved means of payment as the API shows them."""

from typing import Self
from uuid import UUID

from pydantic import Field

from faktura.domain.payment_means import PaymentMeans
from faktura.kernel.payment_terms import MeansState
from faktura.kernel.terms import PaymentMethod
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import Day, Moment


class PaymentMeansAnswer(Answer):
    """A means of payment that a customer let us keep; the provider's token is never shown."""

    means_id: UUID = Field(description="What names it in addresses.")
    method: PaymentMethod = Field(description="How it pays.")
    account: str | None = Field(
        description="The payment account that knows it; null: a SEPA mandate of ours."
    )
    label: str = Field(description="Brand or country, and the last four digits.")
    for_one_contract: bool = Field(description="Whether it is used for one contract alone.")
    state: MeansState = Field(description="Whether it can be used.")
    reason: str | None = Field(description="Why it cannot.")
    expires_on: Day | None = Field(description="Its last good day; null: none is known.")
    last_used_on: Day | None = Field(description="When it was collected by last.")
    created_at: Moment = Field(description="When it was saved.")

    @classmethod
    def of(cls, means: PaymentMeans) -> Self:
        """The answer."""
        return cls(
            means_id=means.id,
            method=means.method,
            account=means.instance,
            label=means.label,
            for_one_contract=means.contract_id is not None,
            state=means.state,
            reason=means.reason,
            expires_on=means.expires_on,
            last_used_on=means.last_used_on,
            created_at=means.created_at,
        )

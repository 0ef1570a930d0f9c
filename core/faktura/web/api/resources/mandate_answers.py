"""SEPA mandates as the API shows them."""

from typing import Self
from uuid import UUID

from pydantic import Field

from faktura.kernel.payment_terms import MandateScheme, MandateSequence, MeansState
from faktura.services.mandate_view import MandateView
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import Day, Moment


class MandateAnswer(Answer):
    """A SEPA mandate that a customer gave to our creditor id."""

    mandate_id: UUID = Field(description="What names the mandate in addresses.")
    reference: str = Field(description="Unique for the creditor id, in whichever case.")
    creditor_id: str = Field(description="The seller's creditor id that it was given to.")
    customer_number: str = Field(description="Whose it is.")
    iban: str = Field(description="The account that is debited.")
    bic: str | None = Field(description="The BIC of its bank.")
    holder: str = Field(description="Whose account it is.")
    scheme: MandateScheme = Field(description="CORE, or B2B of companies.")
    sequence: MandateSequence = Field(description="For many collections or for one.")
    state: MeansState = Field(
        description="A mandate is active at once; a return suspends it, a revocation ends it."
    )
    reason: str | None = Field(description="Why it is not active.")
    signed_on: Day = Field(description="Day of signature.")
    confirmed_on: Day | None = Field(description="When the debtor's bank confirmed it (B2B).")
    last_used_on: Day | None = Field(description="When it was collected by last.")
    usable_until: Day = Field(description="36 months after its last use, inclusive.")
    used: bool = Field(description="Whether the customer's invoices announce it.")
    problem: str | None = Field(description="Why it cannot be collected by today; null: it can.")
    created_at: Moment = Field(description="When it was added.")

    @classmethod
    def of(cls, view: MandateView) -> Self:
        """The answer."""
        means, mandate = view.means, view.mandate
        return cls(
            mandate_id=means.id,
            reference=means.reference,
            creditor_id=means.creditor_id or "",
            customer_number=view.customer.number,
            iban=mandate.iban,
            bic=mandate.bic or None,
            holder=mandate.holder,
            scheme=mandate.scheme,
            sequence=mandate.sequence,
            state=means.state,
            reason=means.reason,
            signed_on=mandate.signed_on,
            confirmed_on=mandate.confirmed_on,
            last_used_on=means.last_used_on,
            usable_until=view.usable_until,
            used=view.is_used,
            problem=view.problem,
            created_at=means.created_at,
        )

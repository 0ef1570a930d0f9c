"""Saved means of payment: cards, agreements, accounts at providers, and mandates of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from faktura.domain.mandates import MandateDetails
from faktura.kernel.payment_terms import MeansState
from faktura.kernel.terms import PaymentMethod


@dataclass(frozen=True, slots=True)
class MeansDetails:
    """What only its provider and the bank need: the provider's id of the customer, its texts.

    `preferred_at` is when somebody made it the default; the means that was made or chosen last is.
    """

    customer: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    mandate: MandateDetails | None = None
    preferred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaymentMeans:
    """A saved means of payment of a customer; with `contract_id` for that contract alone.

    `instance` is the provider account that knows it as `reference`; None for a mandate of ours, whose
    `reference` is the mandate's under `creditor_id`. `label` is what people recognise it by.
    `expires_on` is its last good day. `reason` says why it is not active.
    """

    id: UUID
    customer_id: UUID
    method: PaymentMethod
    reference: str
    label: str
    created_at: datetime
    contract_id: UUID | None = None
    instance: str | None = None
    state: MeansState = MeansState.ACTIVE
    fingerprint: str | None = None
    expires_on: date | None = None
    last_used_on: date | None = None
    creditor_id: str | None = None
    details: MeansDetails = field(default_factory=MeansDetails)
    reason: str | None = None

    @property
    def mandate(self) -> MandateDetails | None:
        """What it says as a mandate of ours; None for what a provider keeps."""
        return self.details.mandate

    @property
    def chosen_at(self) -> datetime:
        """When it became the one to use."""
        return self.details.preferred_at or self.created_at

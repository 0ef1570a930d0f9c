"""Refpay's words as ours: pure, and total for whatever it says."""

from datetime import datetime
from uuid import UUID

import faktura.plugin as api
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import PaymentFactKind as Kind
from pydantic import BaseModel, StrictInt

_WORDS: dict[str, tuple[type[api.Outcome], Kind]] = {
    "paid": (api.Succeeded, Kind.PAYMENT_SUCCEEDED),
    "pending": (api.Pending, Kind.PAYMENT_PENDING),
    "confirm": (api.ActionNeeded, Kind.ACTION_NEEDED),
    "declined": (api.Declined, Kind.PAYMENT_FAILED),
    "refused": (api.Rejected, Kind.IGNORED),
    "absent": (api.Absent, Kind.IGNORED),
    "disputed": (api.Succeeded, Kind.CHARGEBACK_OPENED),
    "won": (api.Succeeded, Kind.CHARGEBACK_WON),
    "lost": (api.Succeeded, Kind.CHARGEBACK_LOST),
}
_STRANGE = (api.Unclear, Kind.IGNORED)


class Said(BaseModel):
    """What Refpay says of a payment; `amount` is in minor units, `at` comes in seconds."""

    status: str
    attempt: UUID | None
    tenant: str
    reference: str
    subject: str
    amount: StrictInt
    currency: str
    at: datetime
    code: str
    message: str
    hard: bool

    def as_ours(self, target: type[api.Dto], **more: object) -> dict[str, object]:
        """The fields that `target` has too, in our units, and more of them."""
        amount = Money(self.amount, self.currency).decimal
        ours = {**self.model_dump(), "amount": amount, "occurred_at": self.at}
        ours |= {"why": self.status, **more}
        return {name: value for name, value in ours.items() if name in target.model_fields}


def outcome_of(said: Said) -> api.Outcome:
    """What became of a payment; a status of next year decides nothing."""
    kind, _ = _WORDS.get(said.status, _STRANGE)
    return kind.model_validate(said.as_ours(kind))


def fact_of(said: Said) -> api.PaymentFact:
    """How a payment is now, as a fact."""
    _, kind = _WORDS.get(said.status, _STRANGE)
    return api.PaymentFact.model_validate(said.as_ours(api.PaymentFact, kind=kind))

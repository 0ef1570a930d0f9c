"""What the core asks payment adapters and what they answer: requests, outcomes, capabilities.

Amounts are decimals of their currency with its own number of places, never minor units; moments
are UTC. Everything here is kept as JSON, so that a request can be repeated to the letter.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum, unique
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from faktura.kernel.payment_terms import CustomerReason, LookUp
from faktura.kernel.terms import PaymentMethod
from faktura.plugin.dto import Dto


class Capabilities(Dto):
    """What an adapter can do with its settings; the core refuses the rest when it is configured.

    `currencies` None means all. `minimum` and `maximum` are by currency, inclusive. `key_window` is
    how long a repeated request is surely not done twice; None where the provider knows no keys.
    `settles_within_days` are bank days until a pending payment is decided, `dispute_days` calendar
    days in which one can be charged back. `takes_b2b` says that it takes SEPA B2B mandates.
    """

    methods: frozenset[PaymentMethod]
    currencies: frozenset[str] | None = None
    minimum: Mapping[str, Decimal] = Field(default_factory=dict)
    maximum: Mapping[str, Decimal] = Field(default_factory=dict)
    key_window: timedelta | None = None
    look_up: LookUp = LookUp.EVENTUAL
    partial_refunds: bool = True
    settles_within_days: int = 7
    dispute_days: int = 540
    takes_b2b: bool = False


class MeansReference(Dto):
    """A saved means of payment as its provider knows it.

    `reference` is the provider's token, or the mandate's reference; `customer` the provider's id of
    the customer where it has one. `details` are the adapter's own: texts it gave when it was saved.
    """

    reference: str
    customer: str = ""
    details: Mapping[str, str] = Field(default_factory=dict)


class CollectRequest(Dto):
    """One collection, frozen with its attempt: its id is the key, the same in every repetition.

    `tenant` marks what is ours at a provider that others use too. `due_on` is the day on which the
    money should be debited. Nothing in it changes once it exists.
    """

    attempt: UUID
    tenant: str
    amount: Decimal
    currency: str
    method: PaymentMethod
    means: MeansReference
    invoice_number: str
    customer_number: str
    customer_name: str
    description: str
    created_at: datetime
    due_on: date | None = None

    @property
    def key(self) -> str:
        """The attempt's id as 32 hexadecimal digits: it fits into an end-to-end id."""
        return self.attempt.hex


class AttemptReference(Dto):
    """An attempt that is asked for: its request, and what is known of it."""

    request: CollectRequest
    reference: str = ""
    first_sent_at: datetime | None = None
    last_sent_at: datetime | None = None


class Succeeded(Dto):
    """The money is ours: what was taken, and the provider's fee where it says one."""

    kind: Literal["SUCCEEDED"] = "SUCCEEDED"
    reference: str
    amount: Decimal
    currency: str
    at: datetime
    fee: Decimal | None = None


class Pending(Dto):
    """Accepted, and decided later: a debit on its way. `expected_by` is inclusive."""

    kind: Literal["PENDING"] = "PENDING"
    reference: str
    amount: Decimal
    currency: str
    expected_by: date | None = None


class ActionNeeded(Dto):
    """The customer must confirm it themselves; no money moved."""

    kind: Literal["ACTION_NEEDED"] = "ACTION_NEEDED"
    reference: str = ""
    url: str = ""
    reason: str = ""


class Declined(Dto):
    """No money moved and none will by this request.

    `hard` means that this means of payment will not work, `means_gone` that it does not exist any
    more. `code` is ours or the provider's; `reason` is what the customer may read. `retry_after` is
    the provider's own advice.
    """

    kind: Literal["DECLINED"] = "DECLINED"
    reference: str = ""
    hard: bool
    code: str
    message: str = ""
    reason: CustomerReason = CustomerReason.GENERAL
    means_gone: bool = False
    retry_after: datetime | None = None


class Rejected(Dto):
    """The request itself was wrong: our mistake or the set-up's, never the customer's; no money moved."""

    kind: Literal["REJECTED"] = "REJECTED"
    code: str
    message: str = ""


class Cancelled(Dto):
    """It was called off before any money moved, and cannot be completed any more."""

    kind: Literal["CANCELLED"] = "CANCELLED"
    reference: str = ""


class Absent(Dto):
    """A look-up found nothing; what that proves is in the capabilities (`look_up`)."""

    kind: Literal["ABSENT"] = "ABSENT"


class Unclear(Dto):
    """It may have happened: nobody may charge again until a look-up says which."""

    kind: Literal["UNCLEAR"] = "UNCLEAR"
    why: str


Outcome = Annotated[
    Succeeded | Pending | ActionNeeded | Declined | Rejected | Cancelled | Absent | Unclear,
    Field(discriminator="kind"),
]
"""What became of a collection. Raised instead: OutsideUnavailable for what was surely not sent, and
AccountBroken where the provider does not take our key."""


class RefundRequest(Dto):
    """Give back a part of a payment or all of it; its id is the key, the same in every repetition."""

    refund: UUID
    tenant: str
    payment_reference: str
    attempt: UUID
    amount: Decimal
    currency: str
    whole: bool
    created_at: datetime

    @property
    def key(self) -> str:
        """The refund's id as 32 hexadecimal digits."""
        return self.refund.hex


@unique
class RefundAnswer(StrEnum):
    """What a provider says of a refund; ABSENT only of a look-up."""

    SUCCEEDED = "SUCCEEDED"
    PENDING = "PENDING"
    FAILED = "FAILED"
    ABSENT = "ABSENT"
    UNCLEAR = "UNCLEAR"


class RefundOutcome(Dto):
    """What became of a refund; `message` says why it failed or is unclear.

    PENDING without a `reference` did nothing yet: once a look-up says ABSENT, it is asked for again.
    """

    answer: RefundAnswer
    reference: str = ""
    amount: Decimal | None = None
    currency: str = ""
    message: str = ""


class SavedMeans(Dto):
    """A means of payment that a customer let us keep; `expires_on` is its last good day.

    `label` is what people recognise it by: brand and last four digits, never more. `fingerprint` is
    the same for the same card or account under another token.
    """

    means: MeansReference
    method: PaymentMethod
    label: str
    fingerprint: str = ""
    expires_on: date | None = None

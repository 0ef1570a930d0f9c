"""Payment adapters: translate one request to a provider and its answer back; the core does the rest.

Rows, locks, keys, retries, mails and the clock are the core's. What an adapter can do besides
collecting is told by the abilities it inherits, asked by isinstance.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from faktura.kernel.payment_terms import FollowUp
from faktura.kernel.terms import PaymentMethod
from faktura.plugin.adapter import Adapter
from faktura.plugin.dto import Dto
from faktura.plugin.payment_data import (
    AttemptReference,
    Capabilities,
    CollectRequest,
    MeansReference,
    Outcome,
    RefundOutcome,
    RefundRequest,
    SavedMeans,
)
from faktura.plugin.payment_events import PaymentFact, PolledEvents, ProviderEvent


class PaymentAdapter(Adapter):
    """Collects money over one account at one provider; stateless, asked from one event loop.

    Every method that asks the provider may raise OutsideUnavailable (surely not done, come back) and
    AccountBroken (our key is refused). A lost answer is the outcome Unclear, never an exception.
    """

    provider: ClassVar[str]
    """What people call it: `stripe`, `braintree`, `sepa`."""

    @abstractmethod
    def capabilities(self) -> Capabilities:
        """What it can do with these settings; asks nobody."""

    @abstractmethod
    async def collect(self, request: CollectRequest) -> Outcome:
        """Charge once under the request's key; the same request again gives the first one's outcome."""

    @abstractmethod
    async def look_up(self, attempt: AttemptReference) -> Outcome:
        """What became of an attempt, by our key and by the provider's reference; never a guess."""


class Cancelling(ABC):
    """Ability to call off what is not decided yet, so that nobody completes it later."""

    @abstractmethod
    async def cancel(self, attempt: AttemptReference) -> Outcome:
        """Call the attempt off; what cannot be called off any more gives its real outcome."""


class Refunding(ABC):
    """Ability to give money back over the way it came."""

    @abstractmethod
    async def refund(self, request: RefundRequest) -> RefundOutcome:
        """Refund once under the request's key."""

    @abstractmethod
    async def look_up_refund(self, request: RefundRequest, reference: str) -> RefundOutcome:
        """What became of a refund; `reference` is empty where no answer came."""


class EventReading(ABC):
    """Ability to turn events into facts: what is so now, asked for where the event only hints."""

    @abstractmethod
    async def facts(self, event: ProviderEvent) -> Sequence[PaymentFact]:
        """The facts behind an event; empty or IGNORED for what does not concern payments."""


class Polling(ABC):
    """Ability to list what was not delivered, so that webhooks only make things faster (O22)."""

    @abstractmethod
    async def events_since(self, cursor: str, since: datetime) -> PolledEvents:
        """Events behind the cursor; an empty cursor begins at `since`. Order is the provider's."""


class PageRequest(Dto):
    """A page on which a customer pays exactly this amount, or with None saves a means of payment.

    `save` says that the customer wants to keep the means for later invoices. `return_url` is where
    the browser comes back to; `expires_at` is when the page must be closed.
    """

    attempt: UUID
    tenant: str
    amount: Decimal | None
    currency: str
    method: PaymentMethod
    save: bool
    invoice_number: str = ""
    customer_number: str
    customer_name: str
    customer_email: str = ""
    customer: str = ""
    language: str = "de"
    description: str = ""
    return_url: str
    created_at: datetime
    expires_at: datetime

    @property
    def key(self) -> str:
        """The attempt's id as 32 hexadecimal digits."""
        return self.attempt.hex


class Embedded(Dto):
    """What our own page needs to show a provider's fields: it posts their result back to us.

    `scripts` are addresses at the provider's own hosts, `own_script` is the adapter's: it fills the
    form field `result` of the form `#payment` and submits it. `sources` are hosts for the page's
    content security policy, by directive.
    """

    scripts: tuple[str, ...]
    own_script: str
    values: dict[str, str] = Field(default_factory=dict)
    sources: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class OpenedPage(Dto):
    """A page that waits for the customer: at the provider (`url`), or in ours (`embedded`)."""

    reference: str
    url: str = ""
    embedded: Embedded | None = None
    customer: str = ""


class PageResult(Dto):
    """What became of a page: its payment's outcome, and the means that was saved on it."""

    outcome: Outcome
    saved: SavedMeans | None = None
    customer: str = ""


class HostedPage(ABC):
    """Ability to have the customer pay, or save a means of payment, on a page."""

    @abstractmethod
    async def open_page(self, request: PageRequest) -> OpenedPage:
        """Open a page under the request's key; the same request again gives the same page."""

    @abstractmethod
    async def read_page(self, request: PageRequest, reference: str) -> PageResult:
        """What became of it: ActionNeeded while it waits, Cancelled once nobody can pay on it."""

    @abstractmethod
    async def close_page(self, request: PageRequest, reference: str) -> PageResult:
        """Close it; where the customer was faster, what they did there."""


class EmbeddedPage(HostedPage):
    """A page of ours with the provider's fields: what they give is charged by us."""

    @abstractmethod
    async def finish_page(self, request: PageRequest, result: str) -> PageResult:
        """Charge, or save, what the provider's fields gave; once under the request's key."""


class MeansKeeping(ABC):
    """Ability to say what became of a saved means of payment and to have it forgotten."""

    @abstractmethod
    async def describe_means(self, means: MeansReference) -> SavedMeans | None:
        """What it is now; None where it does not exist any more."""

    @abstractmethod
    async def forget_means(self, means: MeansReference) -> None:
        """Have it deleted there; one that is gone already counts as deleted."""


class Checking(ABC):
    """Ability to say whether the account can be used: key, webhooks, clock, methods."""

    @abstractmethod
    async def problems(self, webhook_url: str) -> Sequence[str]:
        """What is wrong, each with what to do; empty when all is well."""


class ChargebackNotice(Dto):
    """A chargeback for which something of an installation's own is to be done."""

    chargeback: UUID
    tenant: str
    customer_number: str
    invoice_number: str
    contract_numbers: tuple[str, ...]
    method: PaymentMethod
    amount: Decimal
    currency: str
    reason: str
    done: FollowUp


class ChargebackAction(Adapter):
    """Something of an installation's own that follows a chargeback; at least once, after commit."""

    action: ClassVar[str]

    @abstractmethod
    async def act(self, notice: ChargebackNotice) -> str:
        """Do it, once per chargeback id, and say in a sentence what was done."""

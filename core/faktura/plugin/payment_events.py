"""What providers tell us unasked: raw deliveries, events, and the facts behind them."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import Field, JsonValue

from faktura.kernel.payment_terms import CustomerReason, PaymentFactKind
from faktura.plugin.adapter import Adapter
from faktura.plugin.dto import Dto
from faktura.plugin.payment_data import SavedMeans


class RawDelivery(Dto):
    """A request as it came in; names of `headers` and `query` are in lower case."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str] = Field(default_factory=dict)
    body: bytes


class Handshake(Dto):
    """The answer to a provider that only tries the address out; nothing is stored."""

    text: str
    media_type: str = "text/plain"


class ProviderEvent(Dto):
    """A hint that something happened at the provider; the facts are asked for when it is handled.

    `id` tells it from every other event of the account, however often it is delivered. `payload` is
    what the adapter needs to find the facts, also from a poll.
    """

    id: str
    type: str
    occurred_at: datetime | None = None
    payload: Mapping[str, JsonValue] = Field(default_factory=dict)


class WebhookSource(Adapter):
    """Reads deliveries of a provider: proves that it sent them, and says what events they hold.

    Pure: it asks nobody and keeps nothing. Raises SignatureWrong, DeliveryUnreadable.
    """

    provider: ClassVar[str]
    """The provider whose events it reads, the same as its payment adapter's."""

    @abstractmethod
    def read(self, delivery: RawDelivery) -> Handshake | tuple[ProviderEvent, ...]:
        """Verify the raw bytes and split them into events."""


class PaymentFact(Dto):
    """Something that is so at the provider now; applying it again changes nothing.

    `attempt` is ours where the provider knows it; `reference` is the provider's id of the payment,
    by which it is found else. `tenant` is the mark that we gave: what carries another one, or none
    and is not known, is foreign. `subject` is the id of the refund or dispute. `amount` is the money
    that moved: of a chargeback what was taken back, without `fee`. That is what the provider keeps,
    negative what it gives back with a chargeback that was won.
    """

    kind: PaymentFactKind
    occurred_at: datetime
    tenant: str = ""
    attempt: UUID | None = None
    reference: str = ""
    subject: str = ""
    refund: UUID | None = None
    amount: Decimal | None = None
    currency: str = ""
    fee: Decimal | None = None
    code: str = ""
    message: str = ""
    hard: bool = False
    reason: CustomerReason = CustomerReason.GENERAL
    means_gone: bool = False
    means: SavedMeans | None = None
    means_reference: str = ""
    customer_number: str = ""


class PolledEvents(Dto):
    """Events behind a cursor, in the order in which the provider lists them, and where to go on."""

    events: tuple[ProviderEvent, ...]
    cursor: str
    more: bool = False

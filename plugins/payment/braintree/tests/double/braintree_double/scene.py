"""A double, the plugin's adapter on it by the core's own way out, and requests to put to it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from typing_extensions import override

from braintree_double.server import Double
from braintree_double.world import World
from faktura.kernel.clock import FixedClock
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    AttemptReference,
    CollectRequest,
    MeansReference,
    PageRequest,
    RawDelivery,
    RefundRequest,
    Runtime,
    StateStore,
)
from faktura.testing.outgoing import http_to
from faktura_braintree.adapter import BraintreeAdapter
from faktura_braintree.settings import BraintreeSettings
from faktura_braintree.webhooks import BraintreeWebhooks

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
ATTEMPT = UUID("01910000-0000-7000-8000-000000000001")
KEY = "01910000000070008000000000000001"
OTHER = UUID("01910000-0000-7000-8000-000000000002")
REFUND = UUID("01910000-0000-7000-8000-0000000000aa")


class Memory(StateStore):
    """Kept state, and how often it was written."""

    def __init__(self) -> None:
        self.kept: dict[str, Mapping[str, object]] = {}
        self.writes = 0

    @override
    def get(self, key: str) -> object | None:
        """The value last put under the key."""
        return self.kept.get(key)

    @override
    def put(self, key: str, value: Mapping[str, object]) -> None:
        """Keep it."""
        self.kept[key] = value
        self.writes += 1


def new_world(**changed: object) -> World:
    """A double at 1 December 2026, 08:00 UTC, with one card and one PayPal agreement."""
    world = World(FixedClock(NOW), **changed)  # type: ignore[arg-type]  # what a test gives
    world.have_card("card_1")
    world.have_paypal("paypal_1")
    return world


@dataclass
class Scene:
    """A double, and adapters on it."""

    double: Double
    state: Memory = field(default_factory=Memory)

    @property
    def world(self) -> World:
        """The double's world."""
        return self.double.world

    def settings(self, **changed: object) -> BraintreeSettings:
        """The settings that lead to the double."""
        return BraintreeSettings.model_validate(self.double.settings | changed)

    def runtime(self, address: str = "") -> Runtime:
        """The core's own way out, to the double or another address only."""
        host = address.removeprefix("http://") or self.double.host
        log = logging.getLogger("braintree")
        return Runtime(self.world.clock, log, self.state, http_to(host))

    def adapter(self, **changed: object) -> BraintreeAdapter:
        """An adapter with some settings changed."""
        settings = self.settings(**changed)
        return BraintreeAdapter(settings, self.runtime(settings.base_url))

    def webhooks(self) -> BraintreeWebhooks:
        """The reader of deliveries."""
        return BraintreeWebhooks(self.settings(), self.runtime())

    def statuses(self) -> list[str]:
        """The states of all sales, in the order of their making."""
        return [one.status for one in self.world.sold()]


def collection(**changed: object) -> CollectRequest:
    """A collection of 119.00 EUR from the card."""
    right: dict[str, object] = {
        "attempt": ATTEMPT,
        "tenant": "werk",
        "amount": Decimal("119.00"),
        "currency": "EUR",
        "method": PaymentMethod.CARD,
        "means": MeansReference(reference="card_1", customer="cust_1"),
        "invoice_number": "RE-1001",
        "customer_number": "10001",
        "customer_name": "Ada Brandt",
        "description": "Invoice RE-1001",
        "created_at": NOW,
    }
    return CollectRequest.model_validate(right | changed)


def by_paypal(**changed: object) -> CollectRequest:
    """The same over PayPal."""
    means = MeansReference(reference="paypal_1", customer="cust_1")
    return collection(**{"method": PaymentMethod.PAYPAL, "means": means} | changed)


def asked(request: CollectRequest, reference: str = "") -> AttemptReference:
    """The attempt that is asked for."""
    return AttemptReference(request=request, reference=reference)


def refunding(payment: str, **changed: object) -> RefundRequest:
    """Give back all 119.00 EUR."""
    right: dict[str, object] = {
        "refund": REFUND,
        "tenant": "werk",
        "payment_reference": payment,
        "attempt": ATTEMPT,
        "amount": Decimal("119.00"),
        "currency": "EUR",
        "whole": True,
        "created_at": NOW,
    }
    return RefundRequest.model_validate(right | changed)


def page(**changed: object) -> PageRequest:
    """A page on which 119.00 EUR are paid by card, good for an hour."""
    right: dict[str, object] = {
        "attempt": ATTEMPT,
        "tenant": "werk",
        "amount": Decimal("119.00"),
        "currency": "EUR",
        "method": PaymentMethod.CARD,
        "save": False,
        "invoice_number": "RE-1001",
        "customer_number": "10001",
        "customer_name": "Ada Brandt",
        "customer_email": "ada@example.com",
        "return_url": "https://billing.example/pay/token",
        "created_at": NOW,
        "expires_at": NOW + timedelta(hours=1),
    }
    return PageRequest.model_validate(right | changed)


def delivery(body: bytes, method: str = "POST", **query: str) -> RawDelivery:
    """A delivery as the receiver hands it over."""
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return RawDelivery(method=method, headers=headers, query=query, body=body)

"""A scene for the plugin's own tests: a double, and the adapter over the core's own way out."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from faktura.kernel.clock import FixedClock
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    CollectRequest,
    MeansReference,
    PageRequest,
    PaymentFact,
    RawDelivery,
    RefundRequest,
    Runtime,
)
from faktura.testing.outgoing import http_to
from faktura_stripe.adapter import StripeAdapter
from faktura_stripe.settings import StripeSettings
from faktura_stripe.webhooks import StripeWebhooks
from stripe_double.deliveries import Delivery, Postman
from stripe_double.problems import Json
from stripe_double.server import Double
from stripe_double.world import World

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
ATTEMPT = UUID("0193a000-0000-7000-8000-000000000001")
REFUND = UUID("0193a000-0000-7000-8000-00000000000f")
NOWHERE = "127.0.0.1:1"
"""Where nobody listens."""

BEHAVIOURS = {
    PaymentMethod.CARD: "pm_card_visa",
    PaymentMethod.SEPA_DEBIT: "pm_success_de",
    PaymentMethod.PAYPAL: "pm_paypal",
}


class NoState:
    """The adapter keeps no state."""

    def get(self, key: str) -> object | None:
        """Nothing is ever there."""
        raise AssertionError(key)

    def put(self, key: str, value: Mapping[str, object]) -> None:
        """Nothing may be put."""
        raise AssertionError(key, value)


@dataclass
class Scene:
    """A double at 1 December 2026, 08:00 UTC, and adapters to it."""

    double: Double
    clock: FixedClock

    @property
    def world(self) -> World:
        """The double's world."""
        return self.double.world

    def _runtime(self) -> Runtime:
        return Runtime(
            self.clock,
            logging.getLogger("faktura.adapter"),
            NoState(),
            http_to(self.double.host, NOWHERE),
        )

    def adapter(self, **changed: object) -> StripeAdapter:
        """The adapter, with some settings changed."""
        settings = StripeSettings.model_validate(self.double.settings | changed)
        return StripeAdapter(settings, self._runtime())

    def webhooks(self, **changed: object) -> StripeWebhooks:
        """The reader of deliveries, with some settings changed."""
        settings = StripeSettings.model_validate(self.double.settings | changed)
        return StripeWebhooks(settings, self._runtime())

    def request(self, means: str = "", **changed: object) -> CollectRequest:
        """A collection of 119.00 EUR by card, with some fields changed."""
        method = PaymentMethod(str(changed.get("method", PaymentMethod.CARD)))
        means = means or self.world.add_means(BEHAVIOURS[method])
        customer = (self.world.store.any(means) or {}).get("customer") or ""
        fields: dict[str, object] = {
            "attempt": ATTEMPT,
            "tenant": "werk",
            "amount": Decimal("119.00"),
            "currency": "EUR",
            "method": method,
            "means": MeansReference(reference=means, customer=customer),
            "invoice_number": "RE-1001",
            "customer_number": "10001",
            "customer_name": "Ada Adler",
            "description": "Rechnung RE-1001",
            "created_at": NOW,
        }
        return CollectRequest.model_validate(fields | changed)

    def page(self, **changed: object) -> PageRequest:
        """A page for 119.00 EUR by card that keeps nothing, open for 45 minutes."""
        fields: dict[str, object] = {
            "attempt": ATTEMPT,
            "tenant": "werk",
            "amount": Decimal("119.00"),
            "currency": "EUR",
            "method": PaymentMethod.CARD,
            "save": False,
            "invoice_number": "RE-1001",
            "customer_number": "10001",
            "customer_name": "Ada Adler",
            "customer_email": "ada@example.com",
            "description": "Rechnung RE-1001",
            "return_url": "https://billing.example/pay/token",
            "created_at": NOW,
            "expires_at": NOW + timedelta(minutes=45),
        }
        return PageRequest.model_validate(fields | changed)

    def refund(self, payment: str, **changed: object) -> RefundRequest:
        """A refund of the whole 119.00 EUR."""
        fields: dict[str, object] = {
            "refund": REFUND,
            "tenant": "werk",
            "payment_reference": payment,
            "attempt": ATTEMPT,
            "amount": Decimal("119.00"),
            "currency": "EUR",
            "whole": True,
            "created_at": NOW,
        }
        return RefundRequest.model_validate(fields | changed)

    async def paid(self, means: str = "", **changed: object) -> str:
        """A payment that was collected; its reference."""
        outcome = await self.adapter().collect(self.request(means, **changed))
        return str(getattr(outcome, "reference", ""))

    @property
    def payments(self) -> list[Json]:
        """All payments of the double."""
        return list(self.world.store.of("payment_intent"))

    async def facts(self, kind: str) -> list[PaymentFact]:
        """The facts behind the newest event of that type, as a delivery brings it."""
        event = next(one for one in self.world.store.newest("event") if one["type"] == kind)
        return await self.facts_of(Postman(self.world).of(event))

    async def facts_of(self, delivery: Delivery) -> list[PaymentFact]:
        """The facts behind a delivery."""
        read = self.webhooks().read(raw(delivery))
        assert isinstance(read, tuple)
        return [fact for event in read for fact in await self.adapter().facts(event)]


def raw(delivery: Delivery, **changed: str) -> RawDelivery:
    """A delivery as the receiver hands it on; headers can be changed."""
    return RawDelivery(method="POST", headers=delivery.headers | changed, body=delivery.body)

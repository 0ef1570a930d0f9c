"""The connector kit on the adapter, with the plugin's double behind a wire that breaks."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

from typing_extensions import override

from faktura.kernel.payment_terms import LookUp
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    Adapter,
    Capabilities,
    MeansReference,
    OpenedPage,
    PageRequest,
    RawDelivery,
    WebhookSource,
)
from faktura.testing.kit.payments import (
    CancelKit,
    DeliveryBench,
    Means,
    MeansBench,
    MeansKit,
    PageBench,
    PageKit,
    PaymentKit,
    PaymentWire,
    PollingKit,
    RefundBench,
    RefundKit,
    Taken,
    Will,
)
from faktura.testing.kit.surroundings import Surroundings
from faktura.testing.kit.webhooks import WebhookKit
from faktura.testing.outgoing import http_to
from faktura_stripe import amounts
from faktura_stripe.adapter import StripeAdapter
from faktura_stripe.settings import StripeSettings
from faktura_stripe.webhooks import StripeWebhooks
from stripe_double import charging, sessions
from stripe_double.deliveries import Postman
from stripe_double.problems import Json
from stripe_double.scene import raw
from stripe_double.server import Double, running
from stripe_double.world import World

_BEHAVIOURS = {
    Will.PAY: "pm_card_visa",
    Will.PEND: "pm_success_de",
    Will.ACT: "pm_card_authenticationRequired",
    Will.DECLINE_SOFT: "pm_card_visa_chargeDeclinedInsufficientFunds",
    Will.DECLINE_HARD: "pm_card_visa_chargeDeclinedStolenCard",
}
_PLACES = {"eur": -2, "jpy": 0, "kwd": -3}


class StripeBench(RefundBench, PageBench, MeansBench, DeliveryBench):
    """The double of Stripe at the kit's moment."""

    signature_headers = frozenset({"stripe-signature"})
    tolerance: ClassVar[timedelta | None] = timedelta(seconds=300)

    def __init__(self, double: Double, surroundings: Surroundings) -> None:
        super().__init__(surroundings, PaymentWire(http_to(double.host)))
        self.world = double.world
        self.settings = StripeSettings.model_validate(double.settings)

    @override
    def adapter(self) -> StripeAdapter:
        return StripeAdapter(self.settings, self.surroundings.runtime())

    @override
    def source(self) -> StripeWebhooks:
        return StripeWebhooks(self.settings, self.surroundings.runtime())

    @override
    def can(self) -> Capabilities:
        return Capabilities(
            methods=frozenset({PaymentMethod.CARD, PaymentMethod.SEPA_DEBIT, PaymentMethod.PAYPAL}),
            minimum=amounts.MINIMUM,
            maximum={code: amounts.maximum_of(code) for code in amounts.MINIMUM},
            key_window=timedelta(hours=20),
            look_up=LookUp.EVENTUAL,
            dispute_days=403,
        )

    @override
    def expect(self, will: Will) -> Means:
        means = self.world.add_means(_BEHAVIOURS[will])
        customer = str((self.world.store.any(means) or {})["customer"])
        method = PaymentMethod.SEPA_DEBIT if will is Will.PEND else PaymentMethod.CARD
        return Means(method, MeansReference(reference=means, customer=customer))

    def _payments(self, key: str) -> list[Json]:
        found = self.world.store.of("payment_intent")
        return [one for one in found if one["metadata"].get("faktura_attempt") == key]

    @override
    def taken(self, key: str) -> Sequence[Taken]:
        return [
            Taken(Decimal(one["amount"]).scaleb(_PLACES[one["currency"]]), one["currency"].upper())
            for one in self._payments(key)
            if one["status"] in ("succeeded", "processing")
        ]

    @override
    def given_back(self, key: str) -> Decimal:
        payments = {one["id"] for one in self._payments(key)}
        back = [
            one["amount"]
            for one in self.world.store.of("refund")
            if one["payment_intent"] in payments and one["status"] != "failed"
        ]
        return Decimal(sum(back)).scaleb(-2)

    @override
    def puzzle(self, key: str) -> None:
        (payment,) = self._payments(key)
        self.world.store.change(payment, status="a_status_of_next_year")

    @override
    def settle(self, key: str) -> None:
        charging.settle(self.world, str(self._payments(key)[0]["id"]))

    @override
    def fail(self, key: str) -> None:
        charging.fail(self.world, str(self._payments(key)[0]["id"]))

    @override
    def dispute(self, key: str) -> None:
        charging.dispute(self.world, str(self._payments(key)[0]["id"]))

    @override
    def end_dispute(self, key: str, *, won: bool) -> None:
        (dispute,) = self.world.store.of("dispute")
        (charging.reinstate if won else charging.lose)(self.world, str(dispute["id"]))

    @override
    async def pay_page(self, request: PageRequest, opened: OpenedPage) -> None:
        sessions.be_the_customer(self.world, opened.reference)

    @override
    def deliveries(self) -> Sequence[RawDelivery]:
        return [raw(one) for one in Postman(self.world).new()]

    @override
    def signed(
        self, content: bytes, *, secret: str = "", ago: timedelta = timedelta(0)
    ) -> RawDelivery:
        moment = self.world.now - int(ago.total_seconds())
        return raw(Postman(self.world).signed(content, at=moment, secret=secret))

    @override
    def strange(self) -> RawDelivery:
        body = {
            "id": "evt_of_next_year",
            "object": "event",
            "type": "mood.changed",
            "created": self.world.now,
            "data": {"object": {"id": "mood_1", "object": "mood"}},
        }
        return self.signed(json.dumps(body).encode())


class TestStripe(PaymentKit, RefundKit, CancelKit, PageKit, MeansKit, PollingKit, WebhookKit):
    """All that the plugin can do: cards, debits, refunds, pages, means, polls and deliveries."""

    adapter_class: ClassVar[type[Adapter]] = StripeAdapter
    source_class: ClassVar[type[WebhookSource]] = StripeWebhooks

    @override
    @asynccontextmanager
    async def bench(self) -> AsyncIterator[StripeBench]:
        """A double at the kit's moment."""
        surroundings = Surroundings()
        async with running(World(surroundings.clock)) as double:
            yield StripeBench(double, surroundings)

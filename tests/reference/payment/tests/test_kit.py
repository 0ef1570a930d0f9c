"""The reference connector on the kit alone: what the maker of a connector gives."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

from faktura.kernel.terms import PaymentMethod
from faktura.plugin import Adapter, Capabilities, MeansReference, RawDelivery, WebhookSource
from faktura.testing.kit.payments import DeliveryBench, Means, PaymentKit, PaymentWire, Taken, Will
from faktura.testing.kit.surroundings import Surroundings
from faktura.testing.kit.webhooks import WebhookKit
from faktura_ref_payment_double import API_KEY, SECRET, Refpay
from typing_extensions import override

from faktura_ref_payment.adapter import RefPaymentAdapter
from faktura_ref_payment.settings import RefPaymentSettings
from faktura_ref_payment.webhooks import RefPaymentWebhooks

_CARDS = {
    Will.PAY: "card-pay",
    Will.PEND: "card-pend",
    Will.ACT: "card-act",
    Will.DECLINE_SOFT: "card-empty",
    Will.DECLINE_HARD: "card-stolen",
}
_PLACES = {"EUR": -2, "JPY": 0, "KWD": -3}


class RefpayBench(DeliveryBench):
    """Refpay in memory, and the adapter on it."""

    signature_headers = frozenset({"refpay-signature"})
    tolerance: ClassVar[timedelta | None] = timedelta(minutes=5)

    def __init__(self) -> None:
        surroundings = Surroundings()
        self.refpay = Refpay(surroundings.clock)
        super().__init__(surroundings, PaymentWire(self.refpay))
        self.settings = RefPaymentSettings.model_validate(
            {
                "api_key": API_KEY,
                "webhook_secret": SECRET,
                "base_url": "https://api.refpay.example",
            }
        )

    @override
    def adapter(self) -> RefPaymentAdapter:
        return RefPaymentAdapter(self.settings, self.surroundings.runtime())

    @override
    def source(self) -> RefPaymentWebhooks:
        return RefPaymentWebhooks(self.settings, self.surroundings.runtime())

    @override
    def can(self) -> Capabilities:
        return Capabilities(
            methods=frozenset({PaymentMethod.CARD}),
            currencies=frozenset({"EUR", "JPY", "KWD"}),
            minimum={"EUR": Decimal("0.50")},
            key_window=timedelta(hours=20),
        )

    @override
    def expect(self, will: Will) -> Means:
        return Means(PaymentMethod.CARD, MeansReference(reference=_CARDS[will]))

    @override
    def taken(self, key: str) -> Sequence[Taken]:
        found = self.refpay.books.get(key)
        if found is None or found.status not in ("paid", "pending", "disputed", "won", "strange"):
            return []
        return [Taken(Decimal(found.amount).scaleb(_PLACES[found.currency]), found.currency)]

    @override
    def puzzle(self, key: str) -> None:
        self.refpay.change(key, "strange")

    @override
    def settle(self, key: str) -> None:
        self.refpay.change(key, "paid")

    @override
    def fail(self, key: str) -> None:
        self.refpay.change(key, "declined", code="returned")

    @override
    def dispute(self, key: str) -> None:
        self.refpay.change(key, "disputed", subject="rd-1")

    @override
    def end_dispute(self, key: str, *, won: bool) -> None:
        self.refpay.change(key, "won" if won else "lost")

    @override
    def deliveries(self) -> Sequence[RawDelivery]:
        return self.refpay.deliveries()

    @override
    def signed(
        self, content: bytes, *, secret: str = "", ago: timedelta = timedelta(0)
    ) -> RawDelivery:
        return self.refpay.signed(content, secret, ago)

    @override
    def strange(self) -> RawDelivery:
        return self.refpay.event("ev-strange", "mood.changed", "")


class TestRefPayment(PaymentKit, WebhookKit):
    """Every scenario of a payment adapter and of its deliveries."""

    adapter_class: ClassVar[type[Adapter]] = RefPaymentAdapter
    source_class: ClassVar[type[WebhookSource]] = RefPaymentWebhooks

    @override
    @asynccontextmanager
    async def bench(self) -> AsyncIterator[RefpayBench]:
        """Refpay with empty books."""
        yield RefpayBench()

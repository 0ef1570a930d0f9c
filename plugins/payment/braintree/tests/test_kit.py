"""The connector kit on the adapter, with the plugin's double behind a wire that breaks."""

from base64 import encodebytes
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar
from urllib.parse import urlencode

from typing_extensions import override

from braintree_double import giving, hooks
from braintree_double.messages import written
from braintree_double.scene import delivery
from braintree_double.server import Double, running
from braintree_double.world import Verdict, World
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
from faktura.testing.kit.webhooks import Forgery, WebhookKit
from faktura.testing.outgoing import http_to
from faktura_braintree.adapter import BraintreeAdapter
from faktura_braintree.settings import BraintreeSettings
from faktura_braintree.webhooks import BraintreeWebhooks

_VERDICTS = {
    Will.DECLINE_SOFT: Verdict("2001", "Insufficient Funds"),
    Will.DECLINE_HARD: Verdict("2004", "Expired Card", hard=True),
    Will.ACT: Verdict("2099", "Cardholder Authentication Required"),
}


class BraintreeBench(RefundBench, PageBench, MeansBench, DeliveryBench):
    """The double of Braintree at the kit's moment."""

    def __init__(self, double: Double, surroundings: Surroundings) -> None:
        super().__init__(surroundings, PaymentWire(http_to(double.host)))
        self.world = double.world
        self.settings = BraintreeSettings.model_validate(double.settings)
        self.world.have_card("card_1")
        self.world.have_paypal("paypal_1")

    @override
    def adapter(self) -> BraintreeAdapter:
        return BraintreeAdapter(self.settings, self.surroundings.runtime())

    @override
    def source(self) -> BraintreeWebhooks:
        return BraintreeWebhooks(self.settings, self.surroundings.runtime())

    @override
    def can(self) -> Capabilities:
        return Capabilities(
            methods=frozenset({PaymentMethod.CARD, PaymentMethod.PAYPAL}),
            currencies=frozenset({"EUR", "USD", "JPY"}),
            key_window=timedelta(days=30),
            look_up=LookUp.EVENTUAL,
            dispute_days=540,
        )

    @override
    def expect(self, will: Will) -> Means:
        if will in _VERDICTS:
            self.world.verdicts.append(_VERDICTS[will])
        method, token = PaymentMethod.CARD, "card_1"
        if will is Will.PEND:
            method, token = PaymentMethod.PAYPAL, "paypal_1"
        return Means(method, MeansReference(reference=token, customer="cust_1"))

    @override
    def taken(self, key: str) -> Sequence[Taken]:
        return [
            Taken(one.amount, one.currency)
            for one in self.world.sold(key)
            if one.has_money or one.status == "of_next_year"
        ]

    @override
    def given_back(self, key: str) -> Decimal:
        sold = {one.id: one for one in self.world.sold(key)}
        voided = [one.amount for one in sold.values() if one.status == "voided"]
        credited = [
            one.amount
            for one in self.world.charges.values()
            if one.refunded in sold and one.has_money
        ]
        return sum([*voided, *credited], Decimal(0))

    @override
    def ripen(self, key: str) -> None:
        giving.settle(self.world)

    @override
    def puzzle(self, key: str) -> None:
        (sale,) = self.world.sold(key)
        self.world.keep(sale.model_copy(update={"status": "of_next_year"}))

    @override
    def settle(self, key: str) -> None:
        giving.settle(self.world)

    @override
    def fail(self, key: str) -> None:
        giving.decline_settlement(self.world, self.world.sold(key)[0].id)

    @override
    def dispute(self, key: str) -> None:
        giving.dispute(self.world, self.world.sold(key)[0].id)

    @override
    def end_dispute(self, key: str, *, won: bool) -> None:
        (dispute,) = self.world.disputes
        giving.decide(self.world, dispute, "won" if won else "lost")

    @override
    async def pay_page(self, request: PageRequest, opened: OpenedPage) -> None:
        self.world.have_nonce("nonce_1")
        await self.adapter().finish_page(request, "nonce_1")

    @override
    def deliveries(self) -> Sequence[RawDelivery]:
        return [delivery(body) for _kind, body in hooks.deliveries(self.world)]

    @override
    def content(self) -> bytes:
        return written(
            "notification",
            {"kind": "check", "timestamp": self.world.now(), "subject": {"check": True}},
        ).encode()

    @override
    def signed(
        self, content: bytes, *, secret: str = "", ago: timedelta = timedelta(0)
    ) -> RawDelivery:
        payload = encodebytes(content).decode()
        return delivery(hooks.signed_form(self.world, payload, secret or None).encode())

    @override
    def strange(self) -> RawDelivery:
        subject = {"something": {"id": "x"}}
        xml = written(
            "notification",
            {"kind": "mood_changed", "timestamp": self.world.now(), "subject": subject},
        )
        return self.signed(xml.encode())

    @override
    def forged(self, forgery: Forgery) -> RawDelivery | None:
        payload = encodebytes(self.content()).decode()
        right = hooks.signed_form(self.world, encodebytes(b"<other/>").decode())
        signature = right.partition("&")[0].partition("=")[2]
        match forgery:
            case Forgery.OTHER_SECRET:
                return self.signed(self.content(), secret="somebody-elses-secret")  # noqa: S106
            case Forgery.NO_SIGNATURE:
                return delivery(urlencode({"bt_signature": "x", "bt_payload": payload}).encode())
            case Forgery.EMPTY:
                return delivery(urlencode({"bt_signature": "", "bt_payload": payload}).encode())
            case Forgery.SWAPPED_BODY:
                form = f"bt_signature={signature}&{urlencode({'bt_payload': payload})}"
                return delivery(form.encode())
            case Forgery.TOO_OLD | Forgery.FROM_FUTURE:
                return None


class TestBraintree(PaymentKit, RefundKit, CancelKit, PageKit, MeansKit, PollingKit, WebhookKit):
    """All that the plugin can do: cards, PayPal, refunds, pages, means, polls and deliveries."""

    adapter_class: ClassVar[type[Adapter]] = BraintreeAdapter
    source_class: ClassVar[type[WebhookSource]] = BraintreeWebhooks

    @override
    @asynccontextmanager
    async def bench(self) -> AsyncIterator[BraintreeBench]:
        """A double at the kit's moment."""
        surroundings = Surroundings()
        async with running(World(surroundings.clock)) as double:
            yield BraintreeBench(double, surroundings)

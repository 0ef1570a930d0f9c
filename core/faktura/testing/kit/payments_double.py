"""The core's own payment double as a bench: an example of one, and what proves the kit itself."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from typing_extensions import override

from faktura.kernel.payment_terms import LookUp
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    AdapterSettings,
    Capabilities,
    MeansReference,
    NoHttp,
    OpenedPage,
    PageRequest,
    ProviderEvent,
    RawDelivery,
    WebhookSource,
)
from faktura.testing.double_events import events_of
from faktura.testing.double_steps import Do, Step
from faktura.testing.double_store import TAKEN
from faktura.testing.kit.payments_bench import Means, Play, Taken, Will
from faktura.testing.kit.payments_means import MeansBench
from faktura.testing.kit.payments_pages import PageBench
from faktura.testing.kit.payments_refunds import RefundBench
from faktura.testing.kit.payments_wire import PaymentWire, Trouble
from faktura.testing.kit.surroundings import Surroundings
from faktura.testing.kit.webhooks_bench import DeliveryBench
from faktura.testing.kit.wire import Fault
from faktura.testing.payment_double import DoubleProvider, DoubleSettings
from faktura.testing.webhook_double import SIGNATURE, DoubleSource, signature, signed

_STEPS = {
    Will.PAY: Step(Do.SUCCEED),
    Will.PEND: Step(Do.PEND),
    Will.ACT: Step(Do.ACT),
    Will.DECLINE_SOFT: Step(Do.DECLINE, code="no_funds"),
    Will.DECLINE_HARD: Step(Do.DECLINE, code="stolen", hard=True),
}
_SECRET_TOKEN = "tok-4f19c2"  # noqa: S105 - of nobody


class DoubleBench(RefundBench, PageBench, MeansBench, DeliveryBench):
    """The double over books of its own; what is lost is lost by a step of its script."""

    cannot: ClassVar[Mapping[Will | Play, str]] = {
        Play.LOSE_LOOK_UP: "the double is asked over no Http: an answer to it cannot be lost"
    }
    signature_headers = frozenset({SIGNATURE})
    provider_class: type[DoubleProvider] = DoubleProvider
    reader_class: type[WebhookSource] = DoubleSource

    def __init__(self, folder: Path) -> None:
        super().__init__(Surroundings(), PaymentWire(NoHttp()))
        self.settings = DoubleSettings(file=str(folder / "double.sqlite3"))
        self.dispute_name = ""
        self.books = DoubleProvider(self.settings, self.surroundings.runtime()).store

    @override
    def adapter(self) -> DoubleProvider:
        return self.provider_class(self.settings, self.surroundings.runtime())

    @override
    def source(self) -> WebhookSource:
        return self.reader_class(AdapterSettings(), self.surroundings.runtime())

    @override
    def can(self) -> Capabilities:
        return Capabilities(
            methods=frozenset(PaymentMethod) - {PaymentMethod.TRANSFER},
            currencies=frozenset({"EUR"}),
            minimum={"EUR": Decimal("0.50")},
            key_window=timedelta(hours=24),
            look_up=LookUp.CONSISTENT,
        )

    @override
    def expect(self, will: Will) -> Means:
        if will is not Will.PAY:
            self.books.script(_STEPS[will])
        self.books.keep_means(_SECRET_TOKEN)
        return Means(PaymentMethod.CARD, MeansReference(reference=_SECRET_TOKEN))

    @override
    def taken(self, key: str) -> Sequence[Taken]:
        return [
            Taken(one.amount, one.currency)
            for one in self.books.payments()
            if UUID(one.attempt).hex == key and one.state in (*TAKEN, "PUZZLING")
        ]

    @override
    def given_back(self, key: str) -> Decimal:
        payments = [one.no for one in self.books.payments() if UUID(one.attempt).hex == key]
        with self.books.changing() as books:
            rows = books.execute("SELECT payment, amount FROM refund WHERE state <> 'FAILED'")
            return sum((Decimal(amount) for no, amount in rows if no in payments), Decimal(0))

    @override
    def puzzle(self, key: str) -> None:
        with self.books.changing() as books:
            books.execute(
                "UPDATE payment SET state = 'PUZZLING' WHERE attempt = ?", [str(UUID(key))]
            )

    @override
    def settle(self, key: str) -> None:
        self.books.settle("RE-2031-1001", self.surroundings.clock.now())

    @override
    def fail(self, key: str) -> None:
        self.books.fail("RE-2031-1001", self.surroundings.clock.now(), "returned")

    @override
    def dispute(self, key: str) -> None:
        self.dispute_name = self.books.dispute(
            "RE-2031-1001", self.surroundings.clock.now(), Decimal("119.00")
        )

    @override
    def end_dispute(self, key: str, *, won: bool) -> None:
        self.books.end_dispute(self.dispute_name, self.surroundings.clock.now(), won=won)

    @override
    def asked(self) -> int:
        return len(self.books.calls()) + len(self.books.calls("refund"))

    @override
    def disturb(self, trouble: Trouble, *, after: int = 0) -> None:
        if trouble.fault in (Fault.NOT_SENT, Fault.THROTTLED):
            self.books.script(Step(Do.UNAVAILABLE, retry_after=7))
        else:
            self.books.script(Step(Do.LOSE if trouble.reached else Do.DROP))

    @override
    async def pay_page(self, request: PageRequest, opened: OpenedPage) -> None:
        self.books.pay_page(opened.reference, self.surroundings.clock.now())

    @override
    def deliveries(self) -> Sequence[RawDelivery]:
        return [signed(one) for one in events_of(self.books)]

    @override
    def signed(
        self, content: bytes, *, secret: str = "", ago: timedelta = timedelta(0)
    ) -> RawDelivery:
        told = signature(content)
        if secret:
            told = hmac.new(secret.encode(), content, "sha256").hexdigest()
        return RawDelivery(method="POST", headers={SIGNATURE: told}, body=content)

    @override
    def strange(self) -> RawDelivery:
        return signed(ProviderEvent(id="de_strange", type="mood.changed"))

    @override
    def secrets(self) -> Sequence[str]:
        return ("double-secret", _SECRET_TOKEN)

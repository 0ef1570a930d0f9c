"""Our way to the simulated PSP: an adapter and a reader of deliveries like those of a real one."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from typing_extensions import override

from faktura.kernel.outside_errors import OutsideUnavailable, SignatureWrong
from faktura.kernel.payment_terms import LookUp, PaymentFactKind
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    Absent,
    AttemptReference,
    Capabilities,
    CollectRequest,
    EventReading,
    Outcome,
    PaymentAdapter,
    PaymentFact,
    PolledEvents,
    Polling,
    ProviderEvent,
    RawDelivery,
    Unclear,
    WebhookSource,
)
from faktura.testing.simulation.counting import Met
from faktura.testing.simulation.faults import Faults
from faktura.testing.simulation.mortality import Process
from faktura.testing.simulation.outside import Charge, ChargeState
from faktura.testing.simulation.psp import Psp
from faktura.testing.simulation.weather import Weather

NAME = "simulated-psp"
_KEY = b"simulated-signing-key"
_A_PAGE = 100
_AWAY = 900
_FACTS = {
    ChargeState.TAKEN: PaymentFactKind.PAYMENT_SUCCEEDED,
    ChargeState.PENDING: PaymentFactKind.PAYMENT_PENDING,
    ChargeState.DECLINED: PaymentFactKind.PAYMENT_FAILED,
}


@dataclass(slots=True)
class PspLine:
    """The line between us and the PSP: what it loses, when nobody answers, when we die on it."""

    psp: Psp
    weather: Weather
    faults: Faults
    process: Process
    met: Met
    tenant: str = ""
    calls: dict[str, int] = field(default_factory=dict)

    def is_met(self, chance: int, name: str, key: str) -> bool:
        """Whether a fault is met in this call."""
        no = self.calls[name] = self.calls.get(name, 0) + 1
        return self.met.happens(chance, name, key, no)

    def open(self) -> None:
        """Raise OutsideUnavailable while the PSP is away; the process may die here."""
        self.process.step()
        if self.weather.is_away("psp"):
            raise OutsideUnavailable("the PSP is away", retry_after=_AWAY)


class SimulatedPsp(PaymentAdapter, EventReading, Polling):
    """Cards decide at once, PayPal in some days."""

    provider: ClassVar[str] = NAME
    line: ClassVar[PspLine]

    @override
    def capabilities(self) -> Capabilities:
        """Keys are known for a day; what was charged is found at once."""
        return Capabilities(
            methods=frozenset({PaymentMethod.CARD, PaymentMethod.PAYPAL}),
            currencies=frozenset({"EUR"}),
            key_window=timedelta(hours=24),
            look_up=LookUp.CONSISTENT,
        )

    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        """Charge once under the key; the answer may be lost."""
        line = self.line
        line.open()
        line.tenant = request.tenant
        if line.is_met(line.faults.psp_not_sent, "psp_not_sent", request.invoice_number):
            return Unclear(why="the request was lost")
        outcome = line.psp.charge(request)
        line.process.step()
        if line.is_met(line.faults.psp_answer_lost, "psp_answer_lost", request.invoice_number):
            return Unclear(why="the answer was lost")
        return outcome

    @override
    async def look_up(self, attempt: AttemptReference) -> Outcome:
        """What became of an attempt."""
        self.line.open()
        found = self.line.psp.find(attempt.request)
        return Absent() if found is None else self.line.psp.outcome(found)

    @override
    async def events_since(self, cursor: str, since: datetime) -> PolledEvents:
        """A hundred events behind the cursor."""
        self.line.open()
        events = self.line.psp.events
        first = int(cursor) if cursor else _first_since(events, since)
        some = events[first : first + _A_PAGE]
        end = first + len(some)
        return PolledEvents(events=tuple(some), cursor=str(end), more=end < len(events))

    @override
    async def facts(self, event: ProviderEvent) -> Sequence[PaymentFact]:
        """What is so now behind an event."""
        self.line.open()
        subject = str(event.payload["subject"])
        books = self.line.psp.books
        if subject in books.charges:
            return [self._payment(books.charges[subject])]
        dispute = books.chargebacks[subject]
        charge = books.charges[dispute.charge]
        return [
            PaymentFact(
                kind=PaymentFactKind.CHARGEBACK_OPENED,
                occurred_at=dispute.at,
                tenant=self.line.tenant,
                attempt=charge.attempt,
                reference=charge.reference,
                subject=dispute.reference,
                amount=dispute.amount.decimal,
                currency=dispute.amount.currency,
                fee=dispute.fee.decimal,
                code="fraudulent",
            )
        ]

    def _payment(self, charge: Charge) -> PaymentFact:
        is_taken = charge.state is ChargeState.TAKEN
        return PaymentFact(
            kind=_FACTS[charge.state],
            occurred_at=charge.settled_at or charge.at,
            tenant=self.line.tenant,
            attempt=charge.attempt,
            reference=charge.reference,
            amount=charge.amount.decimal,
            currency=charge.amount.currency,
            fee=charge.fee.decimal if is_taken else None,
            code="" if is_taken else "insufficient_funds",
        )


class SimulatedDeliveries(WebhookSource):
    """Proves that the PSP signed a delivery."""

    provider: ClassVar[str] = NAME

    @override
    def read(self, delivery: RawDelivery) -> tuple[ProviderEvent, ...]:
        """The events of a delivery; raises SignatureWrong."""
        if not hmac.compare_digest(delivery.headers.get("signature", ""), signature(delivery.body)):
            raise SignatureWrong("the PSP did not sign the delivery")
        return tuple(ProviderEvent.model_validate(one) for one in json.loads(delivery.body))


def signature(body: bytes) -> str:
    """What the PSP signs a body with."""
    return hmac.new(_KEY, body, "sha256").hexdigest()


def delivery_of(events: Sequence[ProviderEvent], *, forged: bool = False) -> RawDelivery:
    """A delivery as it comes in."""
    body = json.dumps([event.model_dump(mode="json") for event in events]).encode()
    signed = "0" * 64 if forged else signature(body)
    return RawDelivery(method="POST", headers={"signature": signed}, body=body)


def adapter_class(line: PspLine) -> type[SimulatedPsp]:
    """The adapter over that line, as a plugin offers it."""
    return type("LinedPsp", (SimulatedPsp,), {"line": line})


def _first_since(events: Sequence[ProviderEvent], since: datetime) -> int:
    """Where the events of these days begin; they stand at the end."""
    first = len(events)
    while first and (events[first - 1].occurred_at or since) >= since:
        first -= 1
    return first

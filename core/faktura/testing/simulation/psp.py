"""The simulated PSP: its books, what it decides, and the events it tells of; it outlives our crashes."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from faktura.kernel.clock import Clock
from faktura.kernel.money import Money
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    CollectRequest,
    Declined,
    Outcome,
    Pending,
    ProviderEvent,
    Rejected,
    Succeeded,
)
from faktura.testing.simulation.chance import Chance
from faktura.testing.simulation.habits import HABITS
from faktura.testing.simulation.outside import Charge, Chargeback, ChargeState, ProviderBooks

FEE_MINOR, DISPUTE_FEE_MINOR = 25, 1_500
_PENDING_DAYS, _DISPUTE_DAYS = (2, 5), (10, 50)


@dataclass(slots=True)
class Psp:
    """Charges once a key, decides late what is pending, and takes back what is disputed."""

    clock: Clock
    chance: Chance
    books: ProviderBooks
    events: list[ProviderEvent] = field(default_factory=list)
    _by_key: dict[str, tuple[CollectRequest, Charge]] = field(default_factory=dict)
    _declined: dict[str, Declined] = field(default_factory=dict)
    _tries: dict[str, int] = field(default_factory=dict)
    _plans: list[tuple[datetime, int, str, str]] = field(default_factory=list)
    _planned: int = 0

    def charge(self, request: CollectRequest) -> Outcome:
        """Charge under the request's key; known, it is as it is."""
        known = self._by_key.get(request.key)
        if known is not None:
            if known[0] != request:
                self.books.breaches.append(f"{request.key} asks for something else the second time")
                return Rejected(code="key_reused")
            return self.outcome(known[1])
        if request.amount <= 0:
            self.books.breaches.append(f"{request.key} asks for {request.amount}")
            return Rejected(code="amount")
        return self.outcome(self._new(request))

    def find(self, request: CollectRequest) -> Charge | None:
        """The charge of that key; None where there is none."""
        known = self._by_key.get(request.key)
        return None if known is None else known[1]

    def outcome(self, charge: Charge) -> Outcome:
        """What it says of a charge now."""
        amount, currency = charge.amount.decimal, charge.amount.currency
        match charge.state:
            case ChargeState.TAKEN:
                at = charge.settled_at or charge.at
                return Succeeded(
                    reference=charge.reference,
                    amount=amount,
                    currency=currency,
                    at=at,
                    fee=charge.fee.decimal,
                )
            case ChargeState.PENDING:
                expected = (charge.at + timedelta(days=7)).date()
                return Pending(
                    reference=charge.reference,
                    amount=amount,
                    currency=currency,
                    expected_by=expected,
                )
            case ChargeState.DECLINED:
                return self._declined[charge.reference]

    def live_on(self) -> None:
        """Decide what its time has come for."""
        now = self.clock.now()
        while self._plans and self._plans[0][0] <= now:
            at, _, what, reference = heapq.heappop(self._plans)
            if what == "settle":
                self._settle(self.books.charges[reference], at)
            else:
                self._dispute(self.books.charges[reference], at)

    def _new(self, request: CollectRequest) -> Charge:
        invoice = request.invoice_number
        no = self._tries[invoice] = self._tries.get(invoice, 0) + 1
        reference = f"ch_{len(self.books.charges) + 1:08}"
        charge = Charge(
            reference,
            request.key,
            request.attempt,
            invoice,
            Money.from_decimal(request.amount, request.currency),
            self.clock.now(),
            ChargeState.PENDING,
            Money(FEE_MINOR, request.currency),
        )
        self.books.charges[reference] = charge
        self._by_key[request.key] = (request, charge)
        if request.method is PaymentMethod.PAYPAL:
            days = self.chance.between(*_PENDING_DAYS, "pending", invoice, no)
            self._plan(timedelta(days=days), "settle", reference)
            self._tell("payment.pending", reference, charge.at)
        else:
            self._decide(charge, no)
        return charge

    def _decide(self, charge: Charge, no: int) -> None:
        is_hard = self.chance.happens(HABITS.declined_for_good, "hard", charge.invoice, no)
        if is_hard or self.chance.happens(HABITS.declined, "soft", charge.invoice, no):
            self._decline(charge, hard=is_hard)
        else:
            self._take(charge, charge.at)

    def _settle(self, charge: Charge, at: datetime) -> None:
        if self.chance.happens(HABITS.pending_fails, "fails", charge.reference):
            self._decline(charge, hard=False)
        else:
            self._take(charge, at)
        charge.settled_at = at

    def _take(self, charge: Charge, at: datetime) -> None:
        charge.state = ChargeState.TAKEN
        self._tell("payment.succeeded", charge.reference, at)
        if self.chance.happens(HABITS.charged_back, "disputed", charge.invoice):
            days = self.chance.between(*_DISPUTE_DAYS, "disputed-days", charge.invoice)
            self._plan(at - self.clock.now() + timedelta(days=days), "dispute", charge.reference)

    def _decline(self, charge: Charge, *, hard: bool) -> None:
        charge.state, charge.fee = ChargeState.DECLINED, Money(0, charge.amount.currency)
        code = "stolen_card" if hard else "insufficient_funds"
        self._declined[charge.reference] = Declined(
            reference=charge.reference, hard=hard, code=code
        )
        self._tell("payment.declined", charge.reference, self.clock.now())

    def _dispute(self, charge: Charge, at: datetime) -> None:
        reference = f"dp_{len(self.books.chargebacks) + 1:08}"
        fee = Money(DISPUTE_FEE_MINOR, charge.amount.currency)
        self.books.chargebacks[reference] = Chargeback(
            reference, charge.reference, charge.invoice, charge.amount, fee, at
        )
        self._tell("dispute.opened", reference, at)

    def _plan(self, later: timedelta, what: str, reference: str) -> None:
        at = self.clock.now() + later
        self._planned += 1
        heapq.heappush(self._plans, (at, self._planned, what, reference))

    def _tell(self, kind: str, subject: str, at: datetime) -> None:
        no = len(self.events) + 1
        payload = {"subject": subject}
        self.events.append(
            ProviderEvent(id=f"ev_{no:09}", type=kind, occurred_at=at, payload=payload)
        )

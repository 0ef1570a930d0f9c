"""Refpay in memory: books, an account's key, signed deliveries; it answers requests, no server."""

import hmac
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta

from faktura.kernel.clock import Clock
from faktura.plugin import Http, HttpAnswer, HttpRequest, RawDelivery
from typing_extensions import override

API_KEY = "refpay-key-6b1f"
SECRET = "refpay-secret-93ad"
_LEAST = {"EUR": 50, "JPY": 50, "KWD": 500}
_CARDS = {"card-pay": "paid", "card-pend": "pending", "card-act": "confirm"}


@dataclass(frozen=True)
class Payment:
    """A payment, as Refpay tells it; `amount` is in minor units, `at` in seconds."""

    status: str
    attempt: str
    tenant: str
    reference: str
    amount: int
    currency: str
    at: int
    subject: str = ""
    code: str = ""
    message: str = ""
    hard: bool = False


@dataclass
class Refpay(Http):
    """The provider: `books` are its payments by key, `events` what happened to which of them."""

    clock: Clock
    books: dict[str, Payment] = field(default_factory=dict)
    events: list[tuple[str, str]] = field(default_factory=list)

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Answer as Refpay does."""
        if request.headers.get("authorization") != f"Bearer {API_KEY}":
            return HttpAnswer(401, {}, b"{}")
        path = request.url.removeprefix("https://api.refpay.example")
        if request.method == "POST" and path == "/payments":
            said = self._charged(json.loads(request.body or b"{}"))
        elif request.method == "GET" and path.startswith("/payments/"):
            found = self.books.get(path.removeprefix("/payments/"))
            said = _nothing("absent") if found is None else asdict(found)
        else:
            return HttpAnswer(404, {}, b"{}")
        return HttpAnswer(200, {"content-type": "application/json"}, json.dumps(said).encode())

    def _charged(self, asked: dict[str, object]) -> dict[str, object]:
        key, amount, currency = str(asked["key"]), asked["amount"], str(asked["currency"])
        if key in self.books:
            known = self.books[key]
            same = (known.amount, known.currency) == (amount, currency)
            return asdict(known) if same else _nothing("key_reused")
        least = _LEAST.get(currency)
        if least is None or not isinstance(amount, int) or not least <= amount <= 99_999_999:
            return _nothing("refused", "currency" if least is None else "amount")
        card = str(asked["card"])
        made = Payment(
            status=_CARDS.get(card, "declined"),
            attempt=key,
            tenant=str(asked["tenant"]),
            reference=f"rp-{len(self.books) + 1}",
            amount=amount,
            currency=currency,
            at=int(self.clock.now().timestamp()),
            code="" if card in _CARDS else card,
            hard=card == "card-stolen",
        )
        self._happened(made)
        return asdict(made)

    def change(self, key: str, status: str, *, code: str = "", subject: str = "") -> None:
        """Something happens to a payment."""
        payment, at = self.books[key], int(self.clock.now().timestamp())
        subject = subject or payment.subject
        self._happened(replace(payment, status=status, at=at, code=code, subject=subject))

    def _happened(self, payment: Payment) -> None:
        self.books[payment.attempt] = payment
        self.events.append((f"payment.{payment.status}", payment.attempt))

    def deliveries(self) -> list[RawDelivery]:
        """All that it would send by now."""
        return [
            self.event(f"ev-{number}", kind, key)
            for number, (kind, key) in enumerate(self.events, 1)
        ]

    def event(self, name: str, kind: str, key: str) -> RawDelivery:
        """The delivery of one event."""
        body = {"id": name, "type": kind, "payload": {"payment": key}}
        return self.signed(json.dumps(body).encode())

    def signed(
        self, content: bytes, secret: str = "", ago: timedelta = timedelta(0)
    ) -> RawDelivery:
        """Any content, signed some time ago."""
        moment = str(int((self.clock.now() - ago).timestamp()))
        signature = hmac.new((secret or SECRET).encode(), f"{moment}:".encode() + content, "sha256")
        headers = {"refpay-signature": f"{moment}:{signature.hexdigest()}"}
        return RawDelivery(method="POST", headers=headers, body=content)


def _nothing(status: str, code: str = "") -> dict[str, object]:
    message = f"Refpay does not take this {code}" if code else ""
    none = Payment(status, "", "", "", 0, "EUR", 0, code=code, message=message)
    return {**asdict(none), "attempt": None}

"""A visitor of the double who can do everything wrong: plain requests, each parameter in the test's hand."""

import json
from dataclasses import dataclass, field

from aiohttp import ClientSession

from stripe_double.problems import Json
from stripe_double.server import Double
from stripe_double.world import VERSION


@dataclass(frozen=True)
class Said:
    """An answer, read."""

    status: int
    headers: dict[str, str]
    json: Json

    @property
    def error(self) -> Json:
        """Stripe's account of a no."""
        return dict(self.json.get("error", {}))


@dataclass
class Visitor:
    """Sends plain requests to a double; every POST has a key of its own unless one is given."""

    double: Double
    session: ClientSession
    headers: dict[str, str] = field(default_factory=dict)
    count: int = 0

    async def get(self, path: str, **params: str) -> Said:
        """A question."""
        return await self._send("GET", path, params, "")

    async def post(self, path: str, params: dict[str, str | None], key: str = "") -> Said:
        """A request; parameters that are None are left out."""
        self.count += 1
        written = {name: value for name, value in params.items() if value is not None}
        return await self._send("POST", path, written, key or f"key-{self.count}")

    async def _send(self, method: str, path: str, params: dict[str, str], key: str) -> Said:
        headers = {
            "Authorization": f"Bearer {self.double.world.api_key}",
            "Stripe-Version": VERSION,
        }
        if key:
            headers["Idempotency-Key"] = key
        where = "params" if method == "GET" else "data"
        async with self.session.request(
            method,
            f"{self.double.base}{path}",
            headers=headers | self.headers,
            **{where: params},  # type: ignore[arg-type]  # one of the two
        ) as answer:
            return Said(answer.status, dict(answer.headers), json.loads(await answer.text()))

    def payment(self, **changed: str | None) -> dict[str, str | None]:
        """A right off-session payment with some parameters changed; None takes one away.

        Inner names are written with two underscores: `metadata__invoice`.
        """
        means = self.double.world.add_means()
        customer = (self.double.world.store.any(means) or {})["customer"]
        right: dict[str, str | None] = {
            "amount": "11900",
            "currency": "eur",
            "customer": customer,
            "payment_method": means,
            "confirm": "true",
            "off_session": "true",
        }
        return right | bracketed(changed)

    def page(self, **changed: str | None) -> dict[str, str | None]:
        """A right page with some parameters changed."""
        right: dict[str, str | None] = {
            "mode": "payment",
            "success_url": "https://billing.example/back",
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": "eur",
            "line_items[0][price_data][unit_amount]": "11900",
            "line_items[0][price_data][product_data][name]": "Rechnung",
        }
        return right | bracketed(changed)


def bracketed(changed: dict[str, str | None]) -> dict[str, str | None]:
    """Names as Stripe nests them: `a__b__0` is `a[b][0]`."""
    return {
        first + "".join(f"[{one}]" for one in rest): value
        for (first, *rest), value in ((name.split("__"), value) for name, value in changed.items())
    }

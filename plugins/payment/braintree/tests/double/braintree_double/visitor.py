"""A visitor of the double who can do everything wrong: plain requests, each field in the test's hand."""

import base64
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientSession

from braintree_double.messages import written
from braintree_double.server import Double

KEYED = "k" * 32
SALE: Mapping[str, object] = {
    "type": "sale",
    "amount": "119.00",
    "order_id": "order_1",
    "payment_method_token": "card_1",
    "merchant_account_id": "werk_eur",
    "options": {"submit_for_settlement": True},
}


@dataclass(frozen=True)
class Said:
    """An answer: its status, the codes of its errors, and its text."""

    status: int
    text: str

    @property
    def codes(self) -> list[str]:
        """The error codes."""
        return re.findall(r"<code>(\d+)</code>", self.text)

    def value(self, name: str) -> str:
        """The first element of that name."""
        found = re.search(rf"<{name}[^>]*>([^<]*)</{name}>", self.text)
        return "" if found is None else found[1]


@dataclass
class Visitor:
    """Sends plain requests to a double."""

    double: Double
    session: ClientSession

    async def send(self, method: str, path: str, body: str = "", **headers: str) -> Said:
        """One request, with some headers changed."""
        world = self.double.world
        pair = base64.b64encode(f"{world.public_key}:{world.private_key}".encode()).decode()
        right = {"Authorization": f"Basic {pair}", "X-ApiVersion": "6"}
        url = f"{self.double.base}/merchants/{world.merchant_id}{path}"
        async with self.session.request(
            method, url, data=body or None, headers=right | headers
        ) as answer:
            return Said(answer.status, await answer.text())

    async def post(self, path: str, root: str, params: Mapping[str, object]) -> Said:
        """A document to that path."""
        return await self.send("POST", path, written(root, params))

    async def sale(self, **changed: object) -> Said:
        """A right sale with some fields changed; None takes one away."""
        params = {name: one for name, one in {**SALE, **changed}.items() if one is not None}
        return await self.post("/transactions", "transaction", params)

    async def void(self, charge: str, **params: object) -> Said:
        """A void."""
        body = written("transaction", params)
        return await self.send("PUT", f"/transactions/{charge}/void", body)

    async def refund(self, charge: str, **params: object) -> Said:
        """A refund."""
        return await self.post(f"/transactions/{charge}/refund", "transaction", params)

    async def save(self, **changed: object) -> Said:
        """A means of payment out of a nonce, with some fields changed."""
        right = {"customer_id": "cust_1", "payment_method_nonce": "nonce_1", "token": "token_1"}
        return await self.post("/payment_methods", "payment_method", right | changed)

    async def ids(self, **criteria: object) -> list[str]:
        """The ids that a search finds."""
        said = await self.post("/transactions/advanced_search_ids", "search", criteria)
        return re.findall(r"<item>([^<]*)</item>", said.text)


@asynccontextmanager
async def visiting(double: Double) -> AsyncIterator[Visitor]:
    """A visitor with the account's keys."""
    async with ClientSession() as session:
        yield Visitor(double, session)

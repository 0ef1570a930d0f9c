"""What Stripe would deliver: signed bodies, in any order, twice, thin, late or forged by a test."""

import hmac
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from aiohttp import ClientSession

from stripe_double.problems import Json
from stripe_double.world import World, shown


@dataclass(frozen=True)
class Delivery:
    """One request to an endpoint."""

    body: bytes
    headers: dict[str, str]
    event: str
    type: str


@dataclass
class Postman:
    """Makes deliveries of a world's events; `taken` are the events that were delivered already."""

    world: World
    taken: set[str] = field(default_factory=set)

    def new(self, *, seed: int | None = None, copies: int = 1) -> list[Delivery]:
        """Deliveries of every event not taken yet; with a seed in any order, `copies` of each."""
        events = [one for one in self.world.store.of("event") if one["id"] not in self.taken]
        self.taken |= {one["id"] for one in events}
        found = [self.of(one) for one in events for _ in range(copies)]
        if seed is not None:
            random.Random(seed).shuffle(found)  # noqa: S311 - an order, no secret
        return found

    def of(self, event: Json, *, at: int | None = None, secret: str = "") -> Delivery:
        """The delivery of an event, signed now with every active secret."""
        return self.signed(json.dumps(shown(event)).encode(), event, at=at, secret=secret)

    def thin(self, event: Json) -> Delivery:
        """The delivery of an event that only names its object."""
        thing = event["data"]["object"]
        body = {
            "id": f"evt_thin_{event['id'][4:]}",
            "object": "v2.core.event",
            "type": f"v1.{event['type']}",
            "created": self.world.clock.now().isoformat().replace("+00:00", "Z"),
            "livemode": False,
            "snapshot_event": event["id"],
            "related_object": {
                "id": thing["id"],
                "type": thing["object"],
                "url": f"/v1/{thing['object']}s/{thing['id']}",
            },
        }
        return self.signed(json.dumps(body).encode(), event)

    def signed(
        self, body: bytes, event: Json | None = None, *, at: int | None = None, secret: str = ""
    ) -> Delivery:
        """Any bytes with a right signature, or one by another secret."""
        moment = self.world.now if at is None else at
        secrets: Sequence[str] = [secret] if secret else self.world.secrets
        message = f"{moment}.".encode() + body
        signatures = [hmac.new(one.encode(), message, sha256).hexdigest() for one in secrets]
        header = ",".join([f"t={moment}", *(f"v1={one}" for one in signatures)])
        headers = {"stripe-signature": header, "content-type": "application/json; charset=utf-8"}
        told = event or {"id": "", "type": ""}
        return Delivery(body, headers, told["id"], told["type"])


async def post(url: str, deliveries: Sequence[Delivery]) -> list[int]:
    """Post deliveries to a receiver, one after another; the statuses it answered."""
    statuses = []
    async with ClientSession() as session:
        for one in deliveries:
            async with session.post(url, data=one.body, headers=one.headers) as answer:
                statuses.append(answer.status)
    return statuses

"""The other side in memory: it asks for a key and takes each delivery once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from faktura.plugin import Http, HttpAnswer, HttpRequest
from faktura.testing.kit.fact_receiver import FactReceiverDouble
from pydantic import SecretStr
from typing_extensions import override

from faktura_ref_events.settings import RefEventsSettings

KEY = "refevents-key-4711-0815"
_JSON = {"content-type": "application/json"}


@dataclass
class RefReceiver(FactReceiverDouble, Http):
    """The other side and the way to it."""

    taken: dict[str, dict[str, object]] = field(default_factory=dict)

    @property
    @override
    def http(self) -> Http:
        return self

    @override
    def settings(self) -> RefEventsSettings:
        return RefEventsSettings(url="https://refevents.example/v1", key=SecretStr(KEY))

    @override
    def secrets(self) -> Sequence[str]:
        return (KEY,)

    @override
    def facts(self) -> Sequence[Mapping[str, object]]:
        return list(self.taken.values())

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Take a fact, or say no."""
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return HttpAnswer(401, _JSON, b'{"error": "key"}')
        if request.headers.get("content-type") != "application/json":
            return HttpAnswer(415, _JSON, b'{"error": "content-type"}')
        if (request.method, request.url) != ("POST", "https://refevents.example/v1/facts"):
            return HttpAnswer(404, _JSON, b'{"error": "path"}')
        said = json.loads(request.body or b"")
        fact = {
            "delivery_id": said["delivery"],
            "type": said["type"],
            "tenant": said["tenant"],
            "object_type": said["object"]["type"],
            "object_id": said["object"]["id"],
            "sequence": said["sequence"],
            "occurred_at": said["occurredAt"],
            "data": said["data"],
        }
        self.taken.setdefault(request.headers["idempotency-key"], fact)
        return HttpAnswer(202, _JSON, b"{}")

"""The payment double's deliveries: what it signs, and the source that reads them."""

import hashlib
import hmac
import json

from typing_extensions import override

from faktura.kernel.outside_errors import DeliveryUnreadable, SignatureWrong
from faktura.plugin import Handshake, ProviderEvent, RawDelivery, WebhookSource

_SECRET = b"double-secret"
SIGNATURE = "double-signature"


class DoubleSource(WebhookSource):
    """Reads the double's deliveries: JSON with `events`, signed; by GET it repeats a `challenge`."""

    provider = "double"

    @override
    def read(self, delivery: RawDelivery) -> Handshake | tuple[ProviderEvent, ...]:
        """Verify and split."""
        if delivery.method == "GET" and "challenge" in delivery.query:
            return Handshake(text=delivery.query["challenge"])
        told = delivery.headers.get(SIGNATURE, "").encode()
        if not hmac.compare_digest(signature(delivery.body).encode(), told):
            raise SignatureWrong("the signature is not the double's")
        try:
            events = json.loads(delivery.body)["events"]
            return tuple(ProviderEvent.model_validate(one) for one in events)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise DeliveryUnreadable("not what the double sends") from error


def signature(body: bytes) -> str:
    """The double's signature of a body."""
    return hmac.new(_SECRET, body, hashlib.sha256).hexdigest()


def signed(*events: ProviderEvent) -> RawDelivery:
    """A delivery of these events as the double sends it."""
    body = json.dumps({"events": [one.model_dump(mode="json") for one in events]}).encode()
    return RawDelivery(method="POST", headers={SIGNATURE: signature(body)}, body=body)

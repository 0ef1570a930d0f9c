"""What Stripe delivers: the signature over the raw bytes first, then what the body says.

Own code and not the SDK's, which takes signatures from the future, an empty body as an event, and
stumbles over bodies that are no JSON objects (payments 1.1).
"""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar, cast

from typing_extensions import override

from faktura.kernel.errors import SettingMissing
from faktura.kernel.outside_errors import DeliveryUnreadable, SignatureWrong
from faktura.plugin import (
    AdapterSettings,
    Handshake,
    ProviderEvent,
    RawDelivery,
    Runtime,
    WebhookSource,
)
from faktura_stripe.events import is_thin, snapshot_event, thin_event
from faktura_stripe.settings import StripeSettings

if TYPE_CHECKING:
    from faktura_stripe.reading import Json

_HEADER = "stripe-signature"
_PLACE = "delivery of Stripe"


class StripeWebhooks(WebhookSource):
    """Deliveries to the endpoints whose secrets are in the settings."""

    provider: ClassVar[str] = "stripe"
    Settings: ClassVar[type[AdapterSettings]] = StripeSettings

    def __init__(self, settings: AdapterSettings, runtime: Runtime) -> None:
        super().__init__(settings, runtime)
        if not isinstance(settings, StripeSettings):
            raise SettingMissing("Stripe needs settings of its own", mend="Set `webhook_secrets`")
        self._own = settings

    @override
    def read(self, delivery: RawDelivery) -> Handshake | tuple[ProviderEvent, ...]:
        """The one event of a delivery."""
        self._verify(delivery)
        return (_event_in(delivery.body),)

    def _verify(self, delivery: RawDelivery) -> None:
        """Raise SignatureWrong unless one active secret signed these bytes around now."""
        signed_at, signatures = _signature(delivery.headers.get(_HEADER, ""))
        secrets = [one.get_secret_value() for one in self._own.webhook_secrets]
        message = f"{signed_at}.".encode() + delivery.body
        # No early end: how long it takes tells nothing about a secret.
        good = [
            hmac.compare_digest(hmac.new(secret.encode(), message, sha256).hexdigest(), one)
            for secret in secrets
            if secret.strip()
            for one in signatures
        ]
        if not any(good):
            raise SignatureWrong(
                "no signing secret of ours fits its signature",
                place=_PLACE,
                mend="Put the endpoint's signing secret (whsec_…) in `webhook_secrets`",
            )
        now, tolerance = self.runtime.clock.now(), timedelta(seconds=self._own.tolerance)
        if abs(now - datetime.fromtimestamp(signed_at, UTC)) > tolerance:
            raise SignatureWrong(
                f"it was signed at {datetime.fromtimestamp(signed_at, UTC):%Y-%m-%d %H:%M:%S} UTC",
                place=_PLACE,
                mend="Set this machine's clock; an old delivery is sent again by Stripe",
            )


def _signature(header: str) -> tuple[int, list[str]]:
    """The moment and the v1 signatures of the header; v0 and others do not count."""
    pairs = [part.strip().partition("=")[::2] for part in header.split(",")]
    moments = [value for name, value in pairs if name == "t"]
    signatures = [value for name, value in pairs if name == "v1" and value.isascii()]
    told = moments[0] if len(moments) == 1 else ""
    if not (told.isascii() and told.isdigit() and len(told) < 12) or not signatures:
        raise SignatureWrong("it carries no signature of Stripe's", place=_PLACE)
    return int(told), signatures


def _event_in(body: bytes) -> ProviderEvent:
    try:
        said: object = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise DeliveryUnreadable("the body is not JSON in UTF-8", place=_PLACE) from None
    if not isinstance(said, Mapping):
        raise DeliveryUnreadable("the body is no JSON object", place=_PLACE)
    body_of = cast("Json", said)
    thin = is_thin(body_of)
    event = thin_event(body_of) if thin else snapshot_event(body_of)
    if event is None:
        wanted = "id, type and related_object" if thin else "id, type and data.object"
        raise DeliveryUnreadable(f"the body lacks one of {wanted}", place=_PLACE)
    return event

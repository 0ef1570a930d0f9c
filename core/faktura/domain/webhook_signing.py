"""Signatures of webhooks as Standard Webhooks has them: HMAC-SHA256 over id, moment and body.

While a secret is replaced both sign, so that a receiver may know either.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hmac import digest

RandomBytes = Callable[[int], bytes]

SECRET_BYTES = 32
_PREFIX = "whsec_"


def new_signing_secret(random: RandomBytes) -> str:
    """A secret of 32 random bytes, as receivers take it: `whsec_` and base64."""
    return _PREFIX + b64encode(random(SECRET_BYTES)).decode()


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one endpoint with its live secrets, the newest first; prints nothing of them."""

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def of(cls, secrets: Sequence[str]) -> "Signer":
        """The signer of these secrets, written as `whsec_…`."""
        return cls(tuple(b64decode(secret.removeprefix(_PREFIX)) for secret in secrets))

    def headers(self, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
        """`webhook-id`, `webhook-timestamp` in seconds and `webhook-signature`, one a secret."""
        seconds = str(int(at.timestamp()))
        signed = f"{message_id}.{seconds}.".encode() + body
        return {
            "webhook-id": message_id,
            "webhook-timestamp": seconds,
            "webhook-signature": " ".join(
                f"v1,{b64encode(digest(key, signed, 'sha256')).decode()}" for key in self.keys
            ),
        }

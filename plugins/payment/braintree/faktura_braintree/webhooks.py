"""Braintree's webhooks: signed forms without an id of their own (payments 3.5). Nobody is asked here."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import ClassVar
from urllib.parse import parse_qs

from pydantic import JsonValue
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
from faktura_braintree.sdk import Gateway, gateway_of, library
from faktura_braintree.settings import BraintreeSettings

_PLACE = "webhook of Braintree"
_MOST_FIELDS = 8


class BraintreeWebhooks(WebhookSource):
    """Proves that Braintree sent it, and says which object it is about."""

    provider: ClassVar[str] = "braintree"
    Settings: ClassVar[type[AdapterSettings]] = BraintreeSettings

    def __init__(self, settings: AdapterSettings, runtime: Runtime) -> None:
        super().__init__(settings, runtime)
        if not isinstance(settings, BraintreeSettings):
            raise SettingMissing("the adapter needs settings of its own", place="braintree")
        self._own = settings
        self._gateway: Gateway = None

    @override
    def read(self, delivery: RawDelivery) -> Handshake | tuple[ProviderEvent, ...]:
        """Answer a challenge, or read one notification.

        Its id is the hash of the signed text: Braintree gives none, and a repeated delivery has the
        same text. Raises SignatureWrong, DeliveryUnreadable.
        """
        if delivery.method.upper() == "GET":
            return self._challenge(delivery.query)
        signature, payload = _fields(delivery.body)
        notification = self._verified(signature, payload)
        kind = str(getattr(notification, "kind", "") or "")
        if not kind:
            raise DeliveryUnreadable("the notification has no kind", place=_PLACE)
        return (
            ProviderEvent(
                id=sha256(payload.encode()).hexdigest(),
                type=kind,
                occurred_at=_moment(notification),
                payload=_named(notification, kind),
            ),
        )

    def _challenge(self, query: Mapping[str, str]) -> Handshake:
        try:
            text = self._opened().webhook_notification.verify(query.get("bt_challenge", ""))
        except library().exceptions.InvalidChallengeError as error:
            raise SignatureWrong("the challenge is not one of Braintree's", place=_PLACE) from error
        return Handshake(text=str(text))

    def _verified(self, signature: str, payload: str) -> object:
        if not (signature.isascii() and payload.isascii()):
            raise SignatureWrong("signature and payload are ASCII text", place=_PLACE)
        try:
            notification: object = self._opened().webhook_notification.parse(signature, payload)
        except library().exceptions.InvalidSignatureError as error:
            raise SignatureWrong(str(error), place=_PLACE) from error
        except Exception as error:
            # The signature is checked first; the SDK lets every error of its parser through.
            raise DeliveryUnreadable(
                f"the notification cannot be read: {type(error).__name__}", place=_PLACE
            ) from error
        return notification

    def _opened(self) -> Gateway:
        if self._gateway is None:
            self._gateway = gateway_of(self._own)
        return self._gateway


def _fields(body: bytes) -> tuple[str, str]:
    """Signature and payload of the raw form; each stands there exactly once."""
    try:
        form = parse_qs(
            body.decode("ascii"),
            keep_blank_values=True,
            max_num_fields=_MOST_FIELDS,
            errors="strict",
        )
    except ValueError as error:
        raise DeliveryUnreadable("the body is no form", place=_PLACE) from error
    signature, payload = form.get("bt_signature", []), form.get("bt_payload", [])
    if len(signature) != 1 or len(payload) != 1:
        raise DeliveryUnreadable(
            "the form needs bt_signature and bt_payload, each once", place=_PLACE
        )
    return signature[0], payload[0]


def _moment(notification: object) -> datetime | None:
    value = getattr(notification, "timestamp", None)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None


def _named(notification: object, kind: str) -> dict[str, JsonValue]:
    """The ids by which the facts are asked for; of a kind that we do not know only its name."""
    found: dict[str, JsonValue] = {"kind": kind}
    dispute = getattr(notification, "dispute", None)
    charge = getattr(notification, "transaction", None) or getattr(
        notification, "transaction_review", None
    )
    revoked = getattr(notification, "revoked_payment_method_metadata", None)
    if dispute is not None:
        found["dispute"] = str(dispute.id)
    elif charge is not None:
        found["transaction"] = str(getattr(charge, "id", None) or charge.transaction_id)
    elif revoked is not None:
        found["token"] = str(revoked.token)
    return found

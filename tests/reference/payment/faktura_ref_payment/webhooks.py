"""What Refpay delivers: a moment and a signature over it and the raw bytes, then one event."""

from typing import ClassVar, cast

import faktura.plugin as api
from faktura.kernel.outside_errors import DeliveryUnreadable, SignatureWrong
from pydantic import ValidationError
from typing_extensions import override

from faktura_ref_payment.settings import RefPaymentSettings


class RefPaymentWebhooks(api.WebhookSource):
    """Deliveries signed with the account's secret."""

    provider = "ref-payment"
    Settings: ClassVar[type[api.AdapterSettings]] = RefPaymentSettings

    @override
    def read(self, delivery: api.RawDelivery) -> tuple[api.ProviderEvent, ...]:
        """The one event of a delivery: Refpay writes events as we do."""
        secret = cast("RefPaymentSettings", self.settings).webhook_secret.get_secret_value()
        moment, _, signature = delivery.headers.get("refpay-signature", "").partition(":")
        if not api.is_signed(f"{moment}:".encode() + delivery.body, signature, secret):
            raise SignatureWrong("not signed with `webhook_secret`")
        if not api.is_recent(moment, self.runtime.clock.now()):
            raise SignatureWrong("signed too long ago, or by a clock that is ahead")
        try:
            event = api.ProviderEvent.model_validate_json(delivery.body)
        except ValidationError:
            raise DeliveryUnreadable("no event of Refpay's") from None
        if not event.id or not event.type or not isinstance(event.payload.get("payment"), str):
            raise DeliveryUnreadable("an event without id, type or payment")
        return (event,)

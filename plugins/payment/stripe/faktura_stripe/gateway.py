"""The calls to Stripe, one method each: typed requests out, plain JSON back.

Raises OutsideUnavailable, AccountBroken, StripeRefused, OutcomeUnknown (see answers.py). Imports
the SDK: import it in functions.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

import stripe

from faktura.kernel.outside_errors import OutcomeUnknown
from faktura.plugin import Http
from faktura_stripe.reading import Json, inners, text
from faktura_stripe.settings import StripeSettings
from faktura_stripe.transport import CoreTransport

if TYPE_CHECKING:
    from stripe.params import (
        CustomerCreateParams,
        EventListParams,
        PaymentIntentCreateParams,
        RefundCreateParams,
    )
    from stripe.params.checkout import SessionCreateParams

_PAGE = 100
_MOST_PAGES = 50

INTENT = ("latest_charge.balance_transaction", "payment_method")
"""What is asked for along with a payment: its fee, and what it was paid with."""

SESSION = (
    "payment_intent.latest_charge.balance_transaction",
    "payment_intent.payment_method",
    "setup_intent.payment_method",
    "setup_intent.mandate",
)
_REFUND = ("payment_intent",)


class _Answer(Protocol):
    def to_dict(self) -> dict[str, object]: ...


A = TypeVar("A", bound=_Answer)


class Gateway:
    """One account at Stripe, asked through the core's way out and never twice by itself."""

    def __init__(self, settings: StripeSettings, http: Http) -> None:
        # It would write an id of this machine into a file, and send it along; and its own log
        # holds what is sent, names and addresses of people among it.
        stripe.enable_telemetry = False
        logging.getLogger("stripe").setLevel(logging.WARNING)
        self._transport = CoreTransport(http)
        self._client = stripe.StripeClient(
            settings.api_key.get_secret_value(),
            stripe_version=settings.api_version,
            base_addresses={"api": settings.api_base},
            max_network_retries=0,
            http_client=self._transport,
        )
        self._v1 = self._client.v1

    @property
    def stripe_time(self) -> datetime | None:
        """What Stripe's clock said in the latest answer."""
        return self._transport.stripe_time

    async def create_payment(self, params: "PaymentIntentCreateParams", key: str) -> Json:
        """A payment, confirmed in the same call."""
        params["expand"] = list(INTENT)
        return await _plain(self._v1.payment_intents.create_async(params, {"idempotency_key": key}))

    async def payment(self, reference: str) -> Json:
        """A payment as it is now; an answer that is none of a payment decides nothing."""
        said = await _plain(
            self._v1.payment_intents.retrieve_async(reference, {"expand": list(INTENT)})
        )
        if not text(said, "id"):
            raise OutcomeUnknown("the answer is no payment of Stripe's", place=reference)
        return said

    async def cancel_payment(self, reference: str) -> Json:
        """Call a payment off; it can be asked twice, so a new key each time forgets an old no."""
        return await _plain(
            self._v1.payment_intents.cancel_async(reference, {"expand": list(INTENT)})
        )

    async def payments_since(self, customer: str, since: datetime) -> AsyncIterator[Json]:
        """All payments of a customer (of everybody, where it is empty) begun since then."""
        after = ""
        for _ in range(_MOST_PAGES):
            params: stripe.params.PaymentIntentListParams = {
                "created": {"gte": int(since.timestamp())},
                "limit": _PAGE,
                "expand": [f"data.{name}" for name in INTENT],
            }
            if customer:
                params["customer"] = customer
            if after:
                params["starting_after"] = after
            page = await _plain(self._v1.payment_intents.list_async(params))
            found = _listed(page)
            for one in found:
                yield one
            if page.get("has_more") is not True or not found:
                return
            after = text(found[-1], "id")
        raise OutcomeUnknown(f"more than {_MOST_PAGES * _PAGE} payments to look through")

    async def create_refund(self, params: "RefundCreateParams", key: str) -> Json:
        """A refund."""
        params["expand"] = list(_REFUND)
        return await _plain(self._v1.refunds.create_async(params, {"idempotency_key": key}))

    async def refund(self, reference: str) -> Json:
        """A refund as it is now, with its payment."""
        return await _plain(self._v1.refunds.retrieve_async(reference, {"expand": list(_REFUND)}))

    async def refunds_of(self, payment: str) -> Sequence[Json]:
        """The refunds of a payment; raises OutcomeUnknown where they are too many to be sure."""
        page = await _plain(
            self._v1.refunds.list_async({"payment_intent": payment, "limit": _PAGE})
        )
        if page.get("has_more") is True:
            raise OutcomeUnknown(f"{payment} has more than {_PAGE} refunds")
        return _listed(page)

    async def dispute(self, reference: str) -> Json:
        """A dispute as it is now, with its payment; its movements of money come along."""
        return await _plain(
            self._v1.disputes.retrieve_async(reference, {"expand": ["payment_intent"]})
        )

    async def mandate(self, reference: str) -> Json:
        """A mandate."""
        return await _plain(self._v1.mandates.retrieve_async(reference))

    async def setup(self, reference: str) -> Json:
        """A setup of a means of payment, with the means and the mandate."""
        return await _plain(
            self._v1.setup_intents.retrieve_async(
                reference, {"expand": ["payment_method", "mandate"]}
            )
        )

    async def means(self, reference: str) -> Json:
        """A saved means of payment."""
        return await _plain(self._v1.payment_methods.retrieve_async(reference))

    async def detach_means(self, reference: str) -> Json:
        """Take a means of payment from its customer: nobody can charge it again."""
        return await _plain(self._v1.payment_methods.detach_async(reference))

    async def create_customer(self, params: "CustomerCreateParams", key: str) -> Json:
        """A customer, to whom means of payment can be saved."""
        return await _plain(self._v1.customers.create_async(params, {"idempotency_key": key}))

    async def create_session(self, params: "SessionCreateParams", key: str) -> Json:
        """A page at Stripe."""
        return await _plain(
            self._v1.checkout.sessions.create_async(params, {"idempotency_key": key})
        )

    async def session(self, reference: str) -> Json:
        """A page as it is now, with its payment or setup."""
        return await _plain(
            self._v1.checkout.sessions.retrieve_async(reference, {"expand": list(SESSION)})
        )

    async def session_of(self, payment: str) -> Json:
        """The page on which a payment began; empty where it began on none."""
        page = await _plain(
            self._v1.checkout.sessions.list_async({"payment_intent": payment, "limit": 1})
        )
        found = _listed(page)
        return found[0] if found else {}

    async def expire_session(self, reference: str) -> Json:
        """Close a page; it can be asked twice, so a new key each time forgets an old no."""
        return await _plain(self._v1.checkout.sessions.expire_async(reference))

    async def events(self, params: "EventListParams") -> Json:
        """One page of the list of events, newest first."""
        params["limit"] = _PAGE
        return await _plain(self._v1.events.list_async(params))

    async def webhook_endpoints(self) -> Sequence[Json]:
        """Where Stripe delivers to; an account has sixteen at most."""
        page = await _plain(self._v1.webhook_endpoints.list_async({"limit": _PAGE}))
        return _listed(page)

    async def method_configurations(self) -> Sequence[Json]:
        """Which kinds of payment the account has switched on."""
        page = await _plain(self._v1.payment_method_configurations.list_async({"limit": _PAGE}))
        return _listed(page)

    async def try_key(self) -> None:
        """Ask for next to nothing; raises AccountBroken."""
        await _plain(self._v1.payment_intents.list_async({"limit": 1}))


def _listed(page: Json) -> Sequence[Json]:
    """The objects of a list; what is no list raises OutcomeUnknown: that nothing is there is a fact."""
    if not isinstance(page.get("data"), list):
        raise OutcomeUnknown("the answer is no list of Stripe's")
    return inners(page, "data")


async def _plain(call: Awaitable[A]) -> Json:
    """The answer as plain JSON: the SDK's objects are no mappings."""
    return cast("Json", (await call).to_dict())

"""From an event to facts: ask Stripe how its object is now, and say that in our words."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.plugin import PaymentFact, ProviderEvent
from faktura_stripe import marks
from faktura_stripe.answers import StripeRefused
from faktura_stripe.disputes import dispute_facts
from faktura_stripe.events import object_of
from faktura_stripe.facts import (
    Found,
    gone,
    ignored,
    mandate_facts,
    means_facts,
    payment_facts,
    refund_facts,
    session_facts,
    setup_facts,
)
from faktura_stripe.reading import Json, text

if TYPE_CHECKING:
    from faktura_stripe.gateway import Gateway

_READERS: dict[str, Callable[[Found], tuple[PaymentFact, ...]]] = {
    "checkout.session": session_facts,
    "refund": refund_facts,
    "dispute": dispute_facts,
    "mandate": mandate_facts,
    "payment_method": means_facts,
    "setup_intent": setup_facts,
}


async def facts_of(
    gateway: "Gateway", event: ProviderEvent, now: datetime
) -> Sequence[PaymentFact]:
    """The facts behind an event; IGNORED with the reason for everything that brings none."""
    kind, reference = object_of(event)
    at = event.occurred_at or now
    if not reference or (kind != "payment_intent" and kind not in _READERS):
        return ignored(at, f"events like {event.type[:60]} bring nothing of their own")
    try:
        found = Found(await _asked(gateway, kind, reference), at)
        if kind == "payment_intent":
            return payment_facts(found, await _page_of(gateway, found.said))
        return _READERS[kind](found)
    except StripeRefused as refusal:
        if text(refusal.error, "code") != "resource_missing":
            raise
        if kind == "payment_method":
            return (gone(Found({}, at), reference),)
        return ignored(at, f"Stripe has no {kind} {reference[:60]} any more")
    except OutcomeUnknown as lost:
        # Asked again, nothing happens twice.
        raise OutsideUnavailable(lost.problem, place=lost.place) from lost


async def _asked(gateway: "Gateway", kind: str, reference: str) -> Json:
    asking = {
        "payment_intent": gateway.payment,
        "checkout.session": gateway.session,
        "refund": gateway.refund,
        "dispute": gateway.dispute,
        "mandate": gateway.mandate,
        "payment_method": gateway.means,
        "setup_intent": gateway.setup,
    }
    return await asking[kind](reference)


async def _page_of(gateway: "Gateway", payment: Json) -> Json:
    """The page a payment of ours began on; asked for only where it decides something."""
    unfinished = text(payment, "status") in ("requires_payment_method", "requires_action")
    if not (unfinished and text(payment, "metadata", marks.PAGE)):
        return {}
    return await gateway.session_of(text(payment, "id"))

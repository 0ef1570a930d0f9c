"""Stripe's events: which we want, where the facts behind each are, and reading them in order."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from pydantic import JsonValue

from faktura.plugin import ProviderEvent
from faktura_stripe.reading import Json, id_of, inner, moment, text

# The fee of a capture is known some time after it (1.2).
_SETTLED = "charge.updated"

WANTED = (
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "payment_intent.canceled",
    _SETTLED,
    "checkout.session.completed",
    "checkout.session.expired",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "mandate.updated",
    "payment_method.detached",
    "payment_method.updated",
    "payment_method.automatically_updated",
)
"""What an endpoint should be sent, and what is polled for: Stripe's list takes twenty types.

Events of charges are not among them, but for the one that brings the fee: those of payments and
refunds say the same (1.9). Late debits on a page come with their payment, too.
"""

_THIN = "v2.core.event"


def snapshot_event(said: Json) -> ProviderEvent | None:
    """An event with a copy of its object, of which only the id is used; None for what is none."""
    thing = inner(said, "data", "object")
    if not (text(said, "id") and text(said, "type") and thing):
        return None
    return ProviderEvent(
        id=text(said, "id"),
        type=text(said, "type"),
        occurred_at=moment(said, "created"),
        payload=_payload(thing, text(said, "api_version")),
    )


def _payload(thing: Json, version: str) -> Mapping[str, JsonValue]:
    return {
        "object": text(thing, "object"),
        "object_id": text(thing, "id"),
        "payment": id_of(thing, "payment_intent"),
        "api_version": version,
    }


def is_thin(said: Json) -> bool:
    """Whether it is an event that names its object and does not hold it."""
    return text(said, "object") == _THIN


def thin_event(said: Json) -> ProviderEvent | None:
    """An event that only names its object, in the terms of the others; None for what is none.

    It has the id of the snapshot event of the same change where Stripe names one: then both count
    as one (1.11).
    """
    related = inner(said, "related_object")
    if not (text(said, "id") and text(said, "type") and text(related, "id")):
        return None
    return ProviderEvent(
        id=text(said, "snapshot_event") or text(said, "id"),
        type=text(said, "type").removeprefix("v1."),
        occurred_at=_told(text(said, "created")),
        payload={"object": text(related, "type"), "object_id": text(related, "id")},
    )


def _told(words: str) -> datetime | None:
    try:
        told = datetime.fromisoformat(words)
    except ValueError:
        return None
    return told.astimezone(UTC) if told.tzinfo else None


def object_of(event: ProviderEvent) -> tuple[str, str]:
    """Kind and id of the object an event is about; empty where it names none.

    What a charge costs is asked of its payment.
    """
    payload = cast("Json", event.payload)
    if event.type == _SETTLED and text(payload, "payment"):
        return "payment_intent", text(payload, "payment")
    return text(payload, "object"), text(payload, "object_id")

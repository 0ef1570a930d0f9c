"""Deliveries: what was sent to whom, when, with what answer, and sending it again (P48)."""

from typing import Annotated

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.domain.deliveries import DeliveryFilter
from faktura.domain.events import EventType
from faktura.domain.subscribers import subscriber_named
from faktura.kernel.outbox_terms import DeliveryState
from faktura.services.deliveries import resend, resend_range, show_delivery
from faktura.services.imports.checks import Fields
from faktura.services.imports.moment_fields import MomentText
from faktura.services.imports.text_fields import Filled, Number
from faktura.services.imports.value_fields import Flag, as_word
from faktura.store.delivery_lists import list_deliveries
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.paths import id_of
from faktura.web.api.replies import Page, page
from faktura.web.api.resources.delivery_answers import (
    DeliveryAnswer,
    DeliverySummary,
    ResentAnswer,
)

DELIVERIES = Resource(
    "Deliveries", "Facts on their way to webhooks and listeners, of all projects, and their log."
)

_ONE = "/Deliveries/{deliveryId}"
_ID = "deliveryId"
_SUBSCRIBER = "An endpoint by its id, or a listener by its name."
EventWord = Annotated[EventType, as_word(EventType)]
StateWord = Annotated[DeliveryState, as_word(DeliveryState)]


class DeliveryQuery(Paged):
    """Which deliveries; several conditions hold together."""

    subscriber: Filled | None = Field(default=None, description=_SUBSCRIBER)
    state: Annotated[tuple[StateWord, ...], Field(strict=False)] = Field(
        default=(), description="Repeat it for several states; left out: all."
    )
    type: Annotated[tuple[EventWord, ...], Field(strict=False)] = Field(
        default=(), description="Repeat it for several types; left out: all."
    )
    customer_number: Number | None = Field(default=None, description="Facts of this customer.")
    since: MomentText | None = Field(default=None, description="Happened then or later.")
    until: MomentText | None = Field(default=None, description="Happened before then.")


class ResendFields(Fields):
    """What is sent again to one subscriber."""

    subscriber: Filled = Field(description=_SUBSCRIBER)
    since: MomentText = Field(description="What happened then or later.")
    until: MomentText | None = Field(
        default=None, description="What happened before then; left out: until now."
    )
    dead_only: Flag = Field(default=False, description="Only what was given up.")


@DELIVERIES.get("/Deliveries", Scope.WEBHOOKS_READ)
def delivery_list(call: Call[DeliveryQuery, Nothing]) -> Page[DeliverySummary]:
    """Deliveries in the order in which they were made, a page at a time."""
    query = call.query
    wanted = DeliveryFilter(
        None if query.subscriber is None else subscriber_named(query.subscriber),
        query.state or None,
        query.type or None,
        query.customer_number,
        query.since,
        query.until,
    )
    found = list_deliveries(call.tx, wanted, after=query.after_id(), limit=query.limit + 1)
    return page(found, query.limit, lambda one: cursor_of(str(one.id)), DeliverySummary.of)


@DELIVERIES.get(_ONE, Scope.WEBHOOKS_READ)
def delivery_get(call: Call[Nothing, Nothing]) -> DeliveryAnswer:
    """One delivery, with what it says and the log of its tries."""
    return DeliveryAnswer.with_log(show_delivery(call.tx, id_of(call.path, _ID)))


@DELIVERIES.post(f"{_ONE}/resend", Scope.WEBHOOKS_WRITE)
def delivery_resend(call: Call[Nothing, Nothing]) -> DeliverySummary:
    """Send it again under the same id, also one that was taken; it is tried for three days anew."""
    row = resend(call.tx, id_of(call.path, _ID), by=call.access.key.name)
    return DeliverySummary.of(row)


@DELIVERIES.post("/Deliveries/resend", Scope.WEBHOOKS_WRITE)
def deliveries_resend(call: Call[Nothing, ResendFields]) -> ResentAnswer:
    """Send again what happened in a span of time to one subscriber, in the order of the facts."""
    given = call.body
    wanted = DeliveryFilter(
        states=(DeliveryState.DEAD,) if given.dead_only else None,
        since=given.since,
        until=given.until,
    )
    subscriber = subscriber_named(given.subscriber)
    count = resend_range(call.tx, subscriber, wanted, by=call.access.key.name)
    return ResentAnswer(deliveries=count)

"""The list of events behind a cursor, oldest first, so that webhooks only make things faster (O22)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.plugin import PolledEvents
from faktura_stripe.answers import StripeRefused
from faktura_stripe.events import WANTED, snapshot_event
from faktura_stripe.reading import Json, inners, text

if TYPE_CHECKING:
    from stripe.params import EventListParams

    from faktura_stripe.gateway import Gateway

_KEPT = timedelta(days=30)
"""How long Stripe lists events."""


async def events_since(
    gateway: "Gateway", cursor: str, since: datetime, now: datetime
) -> PolledEvents:
    """The next page behind the cursor; an empty cursor, or one Stripe forgot, begins at `since`."""
    try:
        if cursor:
            try:
                return _polled(await gateway.events(_wanted(ending_before=cursor)), cursor)
            except StripeRefused:
                # Older than thirty days: what is left begins at the oldest.
                pass
        return await _oldest(gateway, max(since, now - _KEPT))
    except OutcomeUnknown as lost:
        raise OutsideUnavailable(lost.problem, place=lost.place) from lost


def _wanted(*, ending_before: str = "", starting_after: str = "") -> "EventListParams":
    params: EventListParams = {"types": list(WANTED)}
    if ending_before:
        params["ending_before"] = ending_before
    if starting_after:
        params["starting_after"] = starting_after
    return params


async def _oldest(gateway: "Gateway", since: datetime) -> PolledEvents:
    """The oldest page since then; pages in between are not kept, they come again by cursor."""
    after, newer = "", False
    while True:
        params = _wanted(starting_after=after)
        params["created"] = {"gte": int(since.timestamp())}
        page = await gateway.events(params)
        found = inners(page, "data")
        if page.get("has_more") is not True or not found:
            return _polled(page, "", more=newer)
        after, newer = text(found[-1], "id"), True


def _polled(page: Json, cursor: str, *, more: bool | None = None) -> PolledEvents:
    """A page of the list, which is newest first, turned round."""
    found = inners(page, "data")
    events = [event for one in reversed(found) if (event := snapshot_event(one)) is not None]
    return PolledEvents(
        events=tuple(events),
        cursor=text(found[0], "id") if found else cursor,
        more=page.get("has_more") is True if more is None else more,
    )

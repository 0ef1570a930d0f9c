"""Who is told of facts: a listener by its name, an endpoint of webhooks by `webhook:` and its id."""

import re
from uuid import UUID

_WEBHOOK = "webhook:"
_ENDPOINT = re.compile(rf"{_WEBHOOK}([0-9a-f]{{32}})", re.ASCII)


def webhook_subscriber(endpoint_id: UUID) -> str:
    """The subscriber that an endpoint is."""
    return f"{_WEBHOOK}{endpoint_id.hex}"


def endpoint_of(subscriber: str) -> UUID | None:
    """The endpoint that a subscriber is; None for a listener."""
    found = _ENDPOINT.fullmatch(subscriber)
    return None if found is None else UUID(found[1])


def subscriber_named(text: str) -> str:
    """The subscriber that a person names: an endpoint by its id, alone or behind `webhook:`."""
    try:
        return webhook_subscriber(UUID(text.removeprefix(_WEBHOOK)))
    except ValueError:
        return text


def subscriber_shown(subscriber: str) -> str:
    """A subscriber as people know it: an endpoint by its id alone, a listener by its name."""
    endpoint_id = endpoint_of(subscriber)
    return subscriber if endpoint_id is None else str(endpoint_id)

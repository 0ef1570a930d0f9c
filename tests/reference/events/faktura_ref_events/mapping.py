"""A fact as the other side wants it, and what its answers mean."""

import json

from faktura.kernel.outside_errors import AccountBroken, LinkRefused, OutsideUnavailable
from faktura.plugin import EventData, HttpAnswer

_KEY_REFUSED = (401, 403)
_TAKEN = range(200, 300)
_LATER = (408, 425, 429, *range(500, 600))


def body_of(event: EventData) -> bytes:
    """The fact as JSON; moments with their offset, amounts as the texts that they are."""
    fact = {
        "delivery": str(event.delivery_id),
        "type": event.type,
        "tenant": event.tenant,
        "object": {"type": event.object_type, "id": str(event.object_id)},
        "sequence": event.sequence,
        "occurredAt": event.occurred_at.isoformat(),
        "data": dict(event.data),
    }
    return json.dumps(fact).encode()


def check_taken(answer: HttpAnswer) -> None:
    """Return where the fact was taken.

    Raises OutsideUnavailable for a system that is away, AccountBroken where it does not take our
    key, LinkRefused for every other answer that is no yes.
    """
    if answer.status in _TAKEN:
        return
    said = f"it answers with status {answer.status}"
    if answer.status in _KEY_REFUSED:
        raise AccountBroken(said, mend="Correct the listener's `key`")
    if answer.status in _LATER:
        raise OutsideUnavailable(said, retry_after=answer.retry_after)
    raise LinkRefused(said, mend="Look at the other side why it does not take facts")

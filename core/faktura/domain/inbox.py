"""What providers tell us, as it is kept: each event of an account once, with all that came with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from uuid import UUID

from faktura.kernel.payment_terms import InboxState

# Whoever holds one of these could pretend to be the provider. A signature is none of them: it proves
# these bytes alone, and is kept as the proof it is.
_SECRET = re.compile("authorization|cookie|token|secret|password|api-key", re.IGNORECASE)
_MOST_HEADERS = 64
_LONGEST_HEADER = 2_000


@unique
class InboxChannel(StrEnum):
    """How an event came: delivered and proved by its signature, or found where we asked."""

    WEBHOOK = "WEBHOOK"
    POLL = "POLL"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event on its way into the inbox; `event` and `envelope` are JSON, `body` the raw bytes."""

    instance: str
    event_id: str
    type: str
    event: str
    channel: InboxChannel
    envelope: str = "{}"
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An event as it stands; `event`, `facts` and `effect` are JSON, moments are UTC.

    `tries` counts how often it was handled in vain; a NEW one with an `error` is tried again at
    `next_try_at`.
    """

    id: UUID
    instance: str
    event_id: str
    type: str
    channel: InboxChannel
    state: InboxState
    event: str
    received_at: datetime
    tries: int = 0
    next_try_at: datetime | None = None
    facts: str | None = None
    effect: str | None = None
    error: str | None = None
    handled_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether somebody is still to handle it."""
        return self.state in (InboxState.NEW, InboxState.PARKED)


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers as they may be kept: without what lets somebody in, and bounded.

    Halves of characters, which no database takes, are replaced.
    """
    kept = [
        (_kept(name), _kept(value)) for name, value in headers.items() if not _SECRET.search(name)
    ]
    return dict(kept[:_MOST_HEADERS])


def _kept(text: str) -> str:
    short = text[:_LONGEST_HEADER]
    return short if short.isascii() else short.encode(errors="replace").decode()

"""What a person sees of a connection to an accounting system."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique

from faktura.store.links import StoredLink, find_link
from faktura.store.transaction import Tx


@unique
class LinkState(StrEnum):
    """Whether a connection can be used; INCOMPLETE lacks a permission, ENDED needs a new login."""

    NONE = "NONE"
    CONNECTED = "CONNECTED"
    INCOMPLETE = "INCOMPLETE"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class LinkView:
    """A connection; `refresh_until` (UTC) is when the person must log in again at the latest.

    `problems` say what it lacks, or why it ended. `person` is the full name of who allowed it.
    """

    target: str
    state: LinkState
    person: str = ""
    client_name: str = ""
    connected_at: datetime | None = None
    refresh_until: datetime | None = None
    checked_at: datetime | None = None
    problems: tuple[str, ...] = ()


def view_link(tx: Tx, target: str) -> LinkView:
    """The connection to that target, also where there is none."""
    link = find_link(tx, target)
    if link is None:
        return LinkView(target, LinkState.NONE)
    facts = link.facts
    state, problems = _state(link, tx.now())
    return LinkView(
        target,
        state,
        facts.person,
        facts.client_name,
        link.connected_at,
        facts.refresh_until,
        facts.checked_at,
        problems,
    )


def _state(link: StoredLink, now: datetime) -> tuple[LinkState, tuple[str, ...]]:
    facts = link.facts
    if facts.broken:
        return LinkState.ENDED, (facts.broken,)
    if facts.refresh_until <= now:
        return LinkState.ENDED, ("the time for which it was allowed is over",)
    if facts.problems:
        return LinkState.INCOMPLETE, facts.problems
    return LinkState.CONNECTED, ()

"""Endpoints of webhooks: what they want, and what becomes of one that does not answer (P48, P51)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from faktura.domain.events import EventType
from faktura.domain.subscribers import webhook_subscriber
from faktura.kernel.errors import UnknownTerm, shortened
from faktura.kernel.outbox_terms import EndpointState

PING = "PING"
"""The type of a webhook that tries an endpoint out; it tells no fact, so it is no type of event."""
# An old secret signs beside the new one for so long.
GRACE = timedelta(hours=24)
# So many failures without a success between them, and the endpoint is left alone for a while.
LEFT_ALONE_AFTER = 5
SHORTEST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(hours=1)
# Of an endpoint that takes one webhook after the other, not every single one is written down.
_FRESH = timedelta(minutes=1)
# An endpoint that asks to be left alone is believed up to this.
_LONGEST_WISH = timedelta(hours=24)
# Only failures for so long, and no fewer of them: nobody is there any more.
DISABLED_AFTER, _LEAST_FAILURES = timedelta(days=3), 10


@dataclass(frozen=True, slots=True)
class Heard:
    """What an endpoint answered to several webhooks: how many it took, how many it did not.

    `problem` is the last failure's, `gone` that it said 410, `retry_after` how many seconds it wants
    to be left alone.
    """

    taken: int
    failed: int
    problem: str = ""
    gone: bool = False
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where webhooks go; without `event_types` all are wanted.

    `failures` counts attempts since the last one that was taken, `failing_since` is when they began;
    nothing is sent before `next_try_at`. `rotated_at` is when its secret was replaced.
    """

    id: UUID
    url: str
    created_at: datetime
    description: str = ""
    event_types: frozenset[str] = frozenset()
    state: EndpointState = EndpointState.ACTIVE
    failures: int = 0
    failing_since: datetime | None = None
    next_try_at: datetime | None = None
    last_delivered_at: datetime | None = None
    problem: str = ""
    rotated_at: datetime | None = None

    @property
    def subscriber(self) -> str:
        """Under which name the outbox knows it."""
        return webhook_subscriber(self.id)

    @property
    def secret_instance(self) -> str:
        """Under which name its secrets are kept."""
        return f"webhook-{self.id.hex}"

    @property
    def is_doubtful(self) -> bool:
        """Whether it failed so often in a row that it is probed before more is sent."""
        return self.failures >= LEFT_ALONE_AFTER

    def is_known_to_take(self, heard: Heard, now: datetime) -> bool:
        """Whether these answers say nothing new: it took all, as it did within the last minute."""
        is_well = self.state is EndpointState.ACTIVE and not self.failures and not self.next_try_at
        last = self.last_delivered_at
        return is_well and not heard.failed and last is not None and now < last + _FRESH

    def may_be_sent_to(self, now: datetime) -> bool:
        """Whether it is switched on and not left alone just now."""
        rests = self.next_try_at is not None and now < self.next_try_at
        return self.state is EndpointState.ACTIVE and not rests


def checked_event_types(words: Iterable[str]) -> frozenset[str]:
    """The types of events of these names; raises UnknownTerm with the place of the first other one."""
    known = frozenset(EventType)
    wanted = list(words)
    for no, word in enumerate(wanted, start=1):
        if word not in known:
            near = sorted(one for one in known if one.partition("_")[0] == word.partition("_")[0])
            raise UnknownTerm(
                f"there is no type of events “{shortened(word)}”",
                place=f"event types, no. {no}",
                mend=f"Types: {', '.join(near or sorted(known))}",
            )
    return frozenset(wanted)


def after_hearing(endpoint: Endpoint, heard: Heard, now: datetime) -> Endpoint:
    """The endpoint after these answers.

    One that took anything is well. One that took nothing is left alone for as long as it has failed
    so far, 30 seconds to an hour, and probed then; after three days of that, or when it says that it
    is gone, it is switched off.
    """
    if heard.gone:
        return replace(_failed(endpoint, heard, now), state=_off(endpoint), next_try_at=None)
    if heard.taken:
        return replace(
            endpoint,
            failures=0,
            failing_since=None,
            next_try_at=_wish(heard, now),
            last_delivered_at=now,
            problem="",
        )
    failed = _failed(endpoint, heard, now)
    span = now - (failed.failing_since or now)
    if span >= DISABLED_AFTER and failed.failures >= _LEAST_FAILURES:
        return replace(failed, state=_off(endpoint), next_try_at=None)
    rests = [] if (wish := _wish(heard, now)) is None else [wish]
    if failed.failures >= LEFT_ALONE_AFTER:
        rests.append(now + min(max(span, SHORTEST_REST), LONGEST_REST))
    return replace(failed, next_try_at=max(rests, default=None))


def woken(endpoint: Endpoint) -> Endpoint:
    """The endpoint switched on, with nothing held against it."""
    return replace(
        endpoint,
        state=EndpointState.ACTIVE,
        failures=0,
        failing_since=None,
        next_try_at=None,
        problem="",
    )


def _failed(endpoint: Endpoint, heard: Heard, now: datetime) -> Endpoint:
    return replace(
        endpoint,
        failures=endpoint.failures + heard.failed,
        failing_since=endpoint.failing_since or now,
        problem=heard.problem,
    )


def _off(endpoint: Endpoint) -> EndpointState:
    """Whoever paused it meanwhile has decided already."""
    is_paused = endpoint.state is EndpointState.PAUSED
    return EndpointState.PAUSED if is_paused else EndpointState.DISABLED


def _wish(heard: Heard, now: datetime) -> datetime | None:
    wanted = min(timedelta(seconds=heard.retry_after), _LONGEST_WISH)
    return now + wanted if wanted else None

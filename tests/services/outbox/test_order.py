"""Whatever fails and whenever: each customer's facts arrive in their order, each marked once (P48)."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from tests.services.outbox.scene import happened, rounds, state, work_off
from typing_extensions import override

from faktura.domain.delivery_lines import MOST_OF_A_LANE, Line
from faktura.domain.events import Delivery
from faktura.flows.fan_out import fan_out
from faktura.kernel.outbox_terms import DeliveryState
from faktura.plugin import EventData, EventListener
from faktura.store.tables import delivery, delivery_attempt, job

LANES = ("K-1", "K-2", "K-3")
# More failures than there are tries: it is dead, and the lane goes on.
TRIES = 10


@dataclass
class Script:
    """How often each fact is refused before it is taken, and what was taken."""

    refusals: dict[UUID, int] = field(default_factory=dict)
    taken: list[EventData] = field(default_factory=list)


SCRIPT = Script()


class Scripted(EventListener):
    """Refuses as the script says."""

    listens_to = frozenset()

    @override
    async def handle(self, event: EventData) -> None:
        if SCRIPT.refusals.get(event.object_id, 0):
            SCRIPT.refusals[event.object_id] -= 1
            raise ConnectionError("not now")
        SCRIPT.taken.append(event)


a_fact = st.tuples(
    st.sampled_from(LANES), st.sampled_from([0, 0, 0, 1, 2, TRIES - 1, TRIES, TRIES + 5])
)
# Facts come in by transactions; between them the worker gets round or does not.
a_history = st.lists(st.tuples(st.lists(a_fact, min_size=1, max_size=5), st.booleans()), max_size=5)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=a_history)
def test_each_customers_facts_arrive_in_order_and_are_marked_once(
    database, context_with, clock, history
):
    """A customer's facts that are taken come in the order in which they happened; the others are dead."""
    _forget(database)
    context = context_with(Scripted)

    asyncio.run(_play(context, clock, history))

    facts = [fact for seal, _ in history for fact in seal]
    wanted = {
        lane: [no for no, (of, refusals) in enumerate(facts) if of == lane and refusals < TRIES]
        for lane in LANES
    }
    taken = {
        lane: [
            int(str(one.data["no"])) for one in SCRIPT.taken if one.data["customerNumber"] == lane
        ]
        for lane in LANES
    }
    assert taken == wanted
    with database.read(1) as tx:
        states = Counter(tx.connection.execute(select(delivery.c.state)).scalars())
        marked = Counter(
            tx.connection.execute(
                select(delivery_attempt.c.delivery_id).where(delivery_attempt.c.taken)
            ).scalars()
        )
    dead = sum(refusals >= TRIES for _, refusals in facts)
    assert (states["DELIVERED"], states["DEAD"], states["PENDING"]) == (len(facts) - dead, dead, 0)
    assert set(marked.values()) <= {1}


async def _play(context, clock, history: Sequence[tuple[Sequence[tuple[str, int]], bool]]) -> None:
    no = 0
    for facts, gets_round in history:
        events = []
        for lane, refusals in facts:
            object_id = context.database.new_id()
            SCRIPT.refusals[object_id] = refusals
            events.append(happened(object_id, 1, customerNumber=lane, no=no))
            no += 1
        fan_out(context, 1, {"seal": state(context.database, *events)})
        if gets_round:
            await rounds(context, clock, 1, every=timedelta(minutes=7))
    await work_off(context)
    # Each fact may need all its tries, one after the other in its lane.
    for _ in range(no * TRIES):
        if not _waits(context.database):
            break
        await rounds(context, clock, 1, every=timedelta(days=1))


def _waits(database) -> bool:
    with database.read(1) as tx:
        found = select(delivery.c.id).where(delivery.c.state == "PENDING").limit(1)
        return tx.connection.execute(found).first() is not None


def _forget(database) -> None:
    SCRIPT.refusals.clear()
    SCRIPT.taken.clear()
    with database.write(1) as tx:
        for table in (delivery_attempt, delivery, job):
            tx.connection.execute(delete(table))


def _waiting(no: int, lane: str, at: datetime, due_at: datetime | None = None) -> Delivery:
    return Delivery(
        UUID(int=no),
        "test",
        DeliveryState.PENDING,
        "nord",
        "INVOICE_CREATED",
        "invoice",
        UUID(int=no),
        1,
        at,
        {},
        lane,
        no,
        due_at=due_at,
    )


a_waiting = st.tuples(st.sampled_from(LANES), st.booleans())


@given(line=st.lists(a_waiting, max_size=40), takes=st.lists(st.booleans(), max_size=60))
def test_a_line_never_gives_two_of_a_lane_nor_one_behind_an_untaken(line, takes):
    """At any moment one of a lane is out; behind one that is not due or not taken none follows."""
    now = datetime(2026, 11, 5, tzinfo=UTC)
    queue = Line(now)
    given_ = [
        _waiting(no, lane, now, None if due else now + timedelta(1))
        for no, (lane, due) in enumerate(line)
    ]
    for one in given_:
        queue.add(one)
    answers = list(takes)
    heard: list[Delivery] = []
    stopped: set[str] = set()
    out: list[Delivery] = []

    while (first := queue.take()) is not None or out:
        if first is not None:
            assert first.lane not in {other.lane for other in out} | stopped
            out.append(first)
            continue
        ended = out.pop(0)
        goes_on = answers.pop() if answers else True
        heard.append(ended)
        if not goes_on:
            stopped.add(ended.lane)
        queue.end(ended, goes_on=goes_on)

    assert queue.held == 0
    for lane in LANES:
        mine = [one for one in given_ if one.lane == lane]
        told = [one.id.int for one in heard if one.lane == lane]
        due = next((no for no, one in enumerate(mine) if not one.is_due(now)), len(mine))
        assert told == [one.id.int for one in mine[: len(told)]]
        assert len(told) <= due
        assert lane in stopped or len(told) == due


@pytest.mark.parametrize(
    ("count", "left_over"), [(MOST_OF_A_LANE, False), (MOST_OF_A_LANE + 1, True)]
)
def test_what_a_lane_has_beyond_a_hundred_is_left_over(clock, count, left_over):
    """One that was closed so takes nothing more in this pass, so that nothing overtakes."""
    line = Line(clock.now())

    taken = [line.add(_waiting(no, "K-1", clock.now())) for no in range(count)]

    assert (sum(taken), line.left_over, line.held) == (100, left_over, 100)
    assert line.is_open_to(_waiting(1, "K-1", clock.now())) is not left_over

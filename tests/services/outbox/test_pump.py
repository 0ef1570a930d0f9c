"""The pump: order within a customer, crashes, a dead subscriber, and how much it holds (P48, P49)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event as engine_event
from sqlalchemy import select, update
from tests.services.outbox.scene import (
    FIRST,
    HEARD,
    REFUSED,
    SECOND,
    Dead,
    Everything,
    deliveries,
    happened,
    numbers,
    pump,
    rounds,
    rows,
    task_subjects,
    told,
    waiting,
    work_off,
)
from tests.services.outbox.scene import state as stated
from typing_extensions import override

from faktura.domain.deliveries import Try
from faktura.domain.delivery_lines import Line
from faktura.domain.events import Delivery
from faktura.domain.jobs import JobName
from faktura.domain.webhooks import Endpoint
from faktura.flows.delivering import deliver
from faktura.flows.messengers import Messenger, Told
from faktura.flows.outbox_jobs import outbox_round_job
from faktura.flows.pump import Pump
from faktura.kernel.errors import DatabaseUnreachable
from faktura.kernel.outbox_terms import EndpointState
from faktura.plugin import EventData, EventListener
from faktura.services.handing_out import hand_out
from faktura.services.outbox import give_up, start_what_is_due
from faktura.services.told_deliveries import forget_old_tries, settle
from faktura.store.database import Database
from faktura.store.delivery_log import log_of
from faktura.store.tables import delivery as deliveries_table
from faktura.store.tables import delivery_attempt
from faktura.store.webhooks import endpoint_of_id, write_endpoint

NAME = "example.Everything"
MINUTE = timedelta(minutes=1)
PAUSES = [MINUTE * minutes for minutes in (1, 5, 30, 120, 300, 600, 840, 1080, 1440)]
FINE = Told(taken=True, status=200, answer="", milliseconds=3)
AWAY = Told(taken=False, status=503, answer="", milliseconds=3, error={"problem": "503"})


@dataclass
class Receiver(Messenger):
    """Another side of our own: answers by a script, and looks at what is on its way."""

    at_once: int = 64
    failing: set[UUID] = field(default_factory=set)
    broken: set[UUID] = field(default_factory=set)
    heard: list[UUID] = field(default_factory=list)
    prepared: set[UUID] = field(default_factory=set)
    most_prepared: int = 0

    @property
    @override
    def in_flight(self) -> int:
        return self.at_once

    @override
    async def prepare(self, deliveries: Sequence[Delivery]) -> None:
        self.prepared |= {one.id for one in deliveries}
        self.most_prepared = max(self.most_prepared, len(self.prepared))

    @override
    async def tell(self, delivery: Delivery) -> Told:
        self.prepared.remove(delivery.id)
        if delivery.object_id in self.broken:
            raise RuntimeError("a defect of ours")
        self.heard.append(delivery.id)
        return AWAY if delivery.object_id in self.failing else FINE

    @override
    async def close(self) -> None:
        pass


@dataclass
class Overtaken(Receiver):
    """While it is told, somebody else marks all as taken."""

    database: Database | None = None

    @override
    async def tell(self, delivery: Delivery) -> Told:
        assert self.database is not None
        with self.database.write(1) as tx:
            tx.connection.execute(
                update(deliveries_table).values(
                    state="DELIVERED", attempts=1, delivered_at=tx.now()
                )
            )
        return await super().tell(delivery)


@pytest.fixture(autouse=True)
def _nothing_heard():
    HEARD.clear()
    REFUSED.clear()
    Dead.asked.clear()


def one_each(count: int, lanes: int):
    """That many invoices, of so many customers by turns; each fact says which it is of its customer."""
    return [
        happened(UUID(int=n), 1, customerNumber=f"K-{n % lanes}", no=n // lanes)
        for n in range(count)
    ]


async def a_pass(database: Database, receiver: Receiver) -> bool:
    line = Line(database.clock.now())
    return await Pump(database, 1, NAME, receiver, line).run()


async def test_a_fact_that_is_not_taken_holds_up_its_customer_only(database, context_with, clock):
    """The customer's later facts wait behind it and follow in their order; others go on."""
    context = context_with(Everything)
    told(context, *one_each(6, 2))
    REFUSED.add(UUID(int=2))

    await pump(context, NAME)
    before = numbers(HEARD, ["K-0", "K-1"])
    REFUSED.clear()
    await rounds(context, clock, 1, every=MINUTE)

    assert before == {"K-0": [0], "K-1": [0, 1, 2]}
    assert numbers(HEARD, ["K-0", "K-1"]) == {"K-0": [0, 1, 2], "K-1": [0, 1, 2]}


async def test_a_round_starts_only_what_is_due(database, context_with, clock):
    """59 seconds after a failure nobody is told, after a minute it is; a round for nothing puts in nothing."""
    context = context_with(Everything)
    told(context, happened(FIRST, 1))
    REFUSED.add(FIRST)
    await work_off(context)

    clock.advance(timedelta(seconds=59))
    outbox_round_job(context, 1, {})
    early = waiting(database, JobName.DELIVER)
    clock.advance(timedelta(seconds=1))
    outbox_round_job(context, 1, {})
    outbox_round_job(context, 1, {})

    assert early == []
    assert [job.args for job in waiting(database, JobName.DELIVER)] == [{"subscriber": NAME}]


async def test_a_crash_between_telling_and_marking_tells_again_under_the_same_id(
    database, context_with, monkeypatch
):
    """Nothing is lost, nothing is marked that was not told; the receiver tells the repeat by its id."""
    context = context_with(Everything)
    told(context, *one_each(5, 5))

    with monkeypatch.context() as patched:
        patched.setattr("faktura.flows.pump.settle", _dies)
        with pytest.raises(DatabaseUnreachable):
            await pump(context, NAME)
    after_the_crash = {row[3] for row in deliveries(database)}
    first_time = [one.delivery_id for one in HEARD]
    await pump(context, NAME)

    assert after_the_crash == {"PENDING"}
    assert len(set(first_time)) == len(first_time) > 0
    everything = Counter(row.id for row in rows(database))
    assert Counter(one.delivery_id for one in HEARD) == everything + Counter(first_time)
    assert {(row[3], row[4]) for row in deliveries(database)} == {("DELIVERED", 1)}


def _dies(tx, _subscriber, tries):
    """The process ends after the other side has got the facts and before the commit."""
    tx.connection.execute(update(deliveries_table).values(state="DELIVERED"))
    raise DatabaseUnreachable(f"killed with {len(tries)} tries in hand")


async def test_a_defect_in_telling_one_fact_keeps_what_was_told(database, context_with):
    """The others are marked all the same: nobody is told twice of them."""
    told(context_with(Everything), *one_each(3, 3))
    receiver = Receiver(broken={UUID(int=2)})

    with pytest.raises(RuntimeError, match="a defect of ours"):
        await a_pass(database, receiver)

    states = {row[0].int: row[3] for row in deliveries(database)}
    assert states == {0: "DELIVERED", 1: "DELIVERED", 2: "PENDING"}


async def test_what_was_taken_meanwhile_stays_taken(database, context_with):
    """Two who tell the same by mistake, after a lease ran out: one fails, the fact stays delivered."""
    told(context_with(Everything), happened(FIRST, 1))
    (row,) = rows(database)
    await a_pass(database, Overtaken(failing={FIRST}, database=database))

    assert deliveries(database) == [(FIRST, 1, NAME, "DELIVERED", 1)]
    with database.read(1) as tx:
        assert [(one.no, one.taken, one.status) for one in log_of(tx, row.id)] == [(1, False, 503)]


async def test_ten_tries_in_three_days_then_it_is_dead_and_a_person_is_asked(
    database, context_with, clock
):
    """The pauses: 1, 5, 30 minutes, 2, 5, 10, 14, 18, 24 hours; one task a subscriber, the lane goes on."""
    context = context_with(Everything)
    began = clock.now()
    told(
        context,
        happened(FIRST, 1, customerNumber="K-1", no=1),
        happened(FIRST, 2, customerNumber="K-1", no=2),
        happened(SECOND, 1, customerNumber="K-1", no=3),
    )
    REFUSED.add(FIRST)
    await work_off(context)
    # The second fact's turn comes when the first one is dead.
    for pause in PAUSES * 2:
        await rounds(context, clock, 1, every=pause)

    (first, second, third) = rows(database)
    with database.read(1) as tx:
        tries = [(one.at - began) // MINUTE for one in log_of(tx, first.id)]
    assert tries == [0, 1, 6, 36, 156, 456, 1056, 1896, 2976, 4416]
    assert [(row.state, row.attempts) for row in (first, second, third)] == [
        ("DEAD", 10),
        ("DEAD", 10),
        ("DELIVERED", 1),
    ]
    assert [one.data["no"] for one in HEARD] == [3]
    assert task_subjects(database) == [("DELIVERY_DEAD", NAME)]


async def test_a_dead_subscriber_with_ten_thousand_facts_does_not_slow_the_others(
    database, context_with
):
    """It is asked four times a pass, the other one gets all; statements grow with pages, not with facts."""
    context = context_with(Everything, Dead)
    told(context, *one_each(10_000, 2_000))
    statements: list[str] = []
    engine_event.listen(
        database.engine, "before_cursor_execute", lambda *args: statements.append(args[2])
    )

    await pump(context, "example.Dead")
    of_the_dead = len(statements)
    statements.clear()
    await work_off(context)

    assert len(Dead.asked) == 8
    assert len(set(Dead.asked)) == 8
    assert len(HEARD) == 10_000
    assert Counter(row.state for row in rows(database)) == {"DELIVERED": 10_000, "PENDING": 10_000}
    assert sum(row.attempts for row in rows(database) if row.state == "PENDING") == 8
    assert of_the_dead < 30
    assert _selects(statements) < 400


def _selects(statements: list[str]) -> int:
    return sum(one.lstrip().startswith("SELECT delivery.id") for one in statements)


async def test_a_pass_holds_a_thousand_facts_at_most(database, context_with):
    """Five thousand wait; what is prepared and not yet told stays within four pages."""
    told(context_with(Everything), *one_each(5_000, 1_000))
    receiver = Receiver()

    again = await a_pass(database, receiver)

    assert not again
    assert len(receiver.heard) == 5_000
    assert receiver.most_prepared <= 1_000


async def test_a_customer_with_very_many_facts_does_not_hold_up_the_others(database, context_with):
    """A hundred of one lane a pass; another pass follows at once, in order."""
    told(
        context_with(Everything),
        *(happened(UUID(int=n), 1, customerNumber="K-1") for n in range(950)),
        happened(UUID(int=9_999), 1, customerNumber="K-2"),
    )
    receiver = Receiver()

    again = await a_pass(database, receiver)

    assert again
    assert len(receiver.heard) < 950
    assert receiver.heard.index(rows(database)[950].id) < 200
    while await a_pass(database, receiver):
        pass
    assert [one.object_id.int for one in _in_order(database, receiver) if one.lane == "K-1"] == [
        *range(950)
    ]


def _in_order(database, receiver):
    found = {row.id: row for row in rows(database)}
    return [found[one] for one in receiver.heard]


class Slow(EventListener):
    """Takes its time, by the test's clock."""

    listens_to = frozenset()

    @override
    async def handle(self, event: EventData) -> None:
        HEARD.append(event)
        self.runtime.clock.advance(timedelta(seconds=10))  # type: ignore[attr-defined] # the test's


async def test_a_pass_ends_after_half_a_minute_and_another_one_follows(database, context_with):
    """Others wait for the worker too; nothing is begun after the time is over."""
    context = context_with(Slow)
    told(context, *(happened(FIRST, n) for n in range(1, 8)))

    await deliver(context, 1, {"subscriber": "example.Slow"})

    assert len(HEARD) == 3
    assert len(waiting(database, JobName.DELIVER)) == 1
    await work_off(context)
    assert [one.sequence for one in HEARD] == [1, 2, 3, 4, 5, 6, 7]


async def test_rows_from_before_lanes_are_told(database, context_with):
    """Without lane and moment they are due, an object's in their order."""
    context = context_with(Everything)
    told(context, happened(FIRST, 1), happened(FIRST, 2))
    with database.write(1) as tx:
        tx.connection.execute(update(deliveries_table).values(lane=None, due_at=None))

    outbox_round_job(context, 1, {})
    await work_off(context)

    assert [one.sequence for one in HEARD] == [1, 2]


def test_giving_up_ends_what_waits_for_one_subscriber(database, context_with):
    """An endpoint was removed: its deliveries say so, the other's wait on."""
    told(context_with(Everything, Dead), happened(FIRST, 1), happened(SECOND, 1))

    with database.write(1) as tx:
        ended = give_up(tx, "example.Dead", {"code": "gone", "problem": "it was removed"})

    assert ended == 2
    assert [row[3] for row in deliveries(database)] == ["DEAD", "PENDING"] * 2


@pytest.mark.parametrize(
    ("state", "next_try", "started"),
    [
        (EndpointState.ACTIVE, None, True),
        (EndpointState.ACTIVE, -MINUTE, True),
        (EndpointState.ACTIVE, MINUTE, False),
        (EndpointState.PAUSED, None, False),
        (EndpointState.DISABLED, None, False),
    ],
)
def test_nobody_starts_to_tell_an_endpoint_that_is_to_get_nothing(
    database, clock, state, next_try, started
):
    """What waits for it waits on; it is started when it is resumed, or its rest is over."""
    rest = None if next_try is None else clock.now() + next_try
    endpoint = Endpoint(
        UUID(int=7), "https://hooks.example.com/", clock.now(), state=state, next_try_at=rest
    )
    seal = stated(database, happened(FIRST, 1))
    with database.write(1) as tx:
        write_endpoint(tx, endpoint)
        hand_out(tx, seal, {endpoint.subscriber: frozenset()})
        start_what_is_due(tx)
    with database.write(2) as tx:
        start_what_is_due(tx)

    names = [job.args["subscriber"] for job in waiting(database, JobName.DELIVER)]
    assert names == ([endpoint.subscriber] if started else [])
    assert deliveries(database) == [(FIRST, 1, endpoint.subscriber, "PENDING", 0)]


async def test_the_log_is_kept_for_ninety_days(database, context_with, clock):
    """The tries of that day go, the delivery stays; another tenant's are not touched."""
    context = context_with(Everything)
    told(context, happened(FIRST, 1))
    await pump(context, NAME)
    clock.advance(timedelta(days=90))
    counts = []
    for tenant_id, later in ((1, timedelta(0)), (2, timedelta(seconds=1)), (1, timedelta(0))):
        clock.advance(later)
        with database.write(tenant_id) as tx:
            counts.append(forget_old_tries(tx))

    assert counts == [0, 0, 1]
    with database.read(1) as tx:
        assert tx.connection.execute(select(delivery_attempt)).all() == []
    assert deliveries(database) == [(FIRST, 1, NAME, "DELIVERED", 1)]


def test_what_an_endpoint_answered_is_noted_with_its_deliveries(database, clock):
    """In one transaction: a 410 switches it off, what it took before stays taken; no tries change nothing."""
    endpoint = Endpoint(UUID(int=7), "https://hooks.example.com/", clock.now())
    seal = stated(database, happened(FIRST, 1), happened(SECOND, 1))
    with database.write(1) as tx:
        write_endpoint(tx, endpoint)
        hand_out(tx, seal, {endpoint.subscriber: frozenset()})
    first, second = rows(database)
    tries = [
        Try(first.id, clock.now(), 5, taken=True, status=204, answer="", error=None, next_at=None),
        Try(
            second.id,
            clock.now(),
            5,
            taken=False,
            status=410,
            answer="",
            error={"problem": "HTTP 410"},
            next_at=clock.now() + MINUTE,
        ),
    ]

    with database.write(1) as tx:
        settle(tx, endpoint.subscriber, [])
        settle(tx, endpoint.subscriber, tries)

    assert [row[3:] for row in deliveries(database)] == [("DELIVERED", 1), ("PENDING", 1)]
    with database.read(1) as tx:
        kept = endpoint_of_id(tx, endpoint.id)
    assert (kept.state, kept.problem) == (EndpointState.DISABLED, "HTTP 410")

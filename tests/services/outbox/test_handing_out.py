"""Facts leave the house: what is handed out to whom, and how a listener is told (P48)."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from tests.services.outbox.scene import (
    FIRST,
    HEARD,
    PAID,
    REFUSED,
    SECOND,
    Everything,
    Payments,
    deliveries,
    errors,
    happened,
    pump,
    rows,
    state,
    told,
    waiting,
)
from typing_extensions import override

from faktura.domain.events import Event, EventType
from faktura.domain.jobs import JobName
from faktura.flows.delivering import deliver
from faktura.flows.fan_out import fan_out
from faktura.flows.listener_messenger import ListenerMessenger
from faktura.flows.messengers import Told
from faktura.kernel.errors import NotFound
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import EventData, EventListener
from faktura.services.handing_out import hand_out
from faktura.services.outbox import announce
from faktura.store.deliveries import read_deliveries
from faktura.store.events import next_sequences

ALL: frozenset[str] = frozenset()


class Silent(EventListener):
    """Never answers."""

    listens_to = frozenset()

    @override
    async def handle(self, event: EventData) -> None:
        await asyncio.Event().wait()


class Busy(EventListener):
    """Asks to be left alone."""

    listens_to = frozenset()

    @override
    async def handle(self, event: EventData) -> None:
        raise OutsideUnavailable("too\x00 many", retry_after=7200)


@pytest.fixture(autouse=True)
def _nothing_heard():
    HEARD.clear()
    REFUSED.clear()


def test_a_transaction_with_events_puts_in_one_job(database):
    """One fan-out a transaction, whatever the number of events; announcing twice adds none."""
    seal_seq = state(database, happened(FIRST, 1), happened(SECOND, 1))
    with database.write(1) as tx:
        announce(tx, seal_seq)

    (job,) = waiting(database, JobName.FAN_OUT)

    assert (job.args, job.key, job.lock) == ({"seal": 1}, "fan-out:1", "fan-out")


def test_each_subscriber_gets_a_delivery_of_what_it_listens_to(database, context_with):
    """An empty set of types means all; each subscriber is told by one job of its own."""
    context = context_with(Everything, Payments)

    told(context, happened(FIRST, 1), happened(FIRST, 2, PAID), happened(SECOND, 1))

    assert deliveries(database) == [
        (FIRST, 1, "example.Everything", "PENDING", 0),
        (FIRST, 2, "example.Everything", "PENDING", 0),
        (FIRST, 2, "example.Payments", "PENDING", 0),
        (SECOND, 1, "example.Everything", "PENDING", 0),
    ]
    assert [(job.args, job.lock) for job in waiting(database, JobName.DELIVER)] == [
        ({"subscriber": "example.Everything"}, "deliver:example.Everything"),
        ({"subscriber": "example.Payments"}, "deliver:example.Payments"),
    ]


def test_a_job_that_waits_tells_what_comes_later_too(database, context_with):
    """A hundred transactions put in one job, not a hundred."""
    context = context_with(Everything)

    for sequence in (1, 2, 3):
        told(context, happened(FIRST, sequence))

    assert len(waiting(database, JobName.DELIVER)) == 1


def test_a_customers_facts_share_a_lane(database, context_with):
    """The customer by number under each name facts have for it; else the object."""
    context = context_with(Everything)
    told(
        context,
        Event(EventType.CUSTOMER_CREATED, "customer", FIRST, 1, {"number": "K-1"}),
        Event(EventType.CUSTOMER_CHANGED, "customer", FIRST, 2, {"customerNumber": "K-1"}),
        Event(EventType.RECURRING_PAYMENT_FAILED, "attempt", SECOND, 1, {"customer": "K-1"}),
        Event(EventType.ITEM_CREATED, "article", SECOND, 2, {"number": "A-1"}),
    )

    assert [row.lane for row in rows(database)] == ["K-1", "K-1", "K-1", str(SECOND)]
    assert [row.seal_seq for row in rows(database)] == [1, 1, 1, 1]


def test_a_repeated_fan_out_adds_only_what_is_missing(database):
    """Fan-out runs at least once: the second time it finds its own deliveries."""
    seal_seq = state(database, happened(FIRST, 1))

    counts = []
    for subscribers in ({"a": ALL}, {"a": ALL}, {"a": ALL, "b": ALL}):
        with database.write(1) as tx:
            counts.append(hand_out(tx, seal_seq, subscribers))

    assert counts == [1, 0, 1]
    assert [row[2] for row in deliveries(database)] == ["a", "b"]
    assert len(waiting(database, JobName.DELIVER)) == 2


def test_without_listeners_nothing_is_delivered(database, context_with):
    """The default: nobody listens."""
    told(context_with(), happened(FIRST, 1))

    assert deliveries(database) == []
    assert waiting(database, JobName.DELIVER) == []


def test_a_seal_without_events_hands_out_nothing(database, context_with):
    """A transaction may seal facts that nobody is told of."""
    fan_out(context_with(Everything), 1, {"seal": 99})

    assert deliveries(database) == []


async def test_a_listener_is_told_the_whole_fact(database, context_with, clock):
    """Type, tenant, object, sequence, moment and data as they were when it happened."""
    happened_at = clock.now()
    context = context_with(Everything)
    told(context, happened(FIRST, 1, number="RE-1", gross="119.00"))
    (row,) = rows(database)
    clock.advance(timedelta(hours=5))

    await pump(context, "example.Everything")

    (heard,) = HEARD
    assert heard.delivery_id == row.id
    assert heard.model_dump(exclude={"delivery_id"}) == {
        "type": "INVOICE_CREATED",
        "tenant": "tenant-1",
        "object_type": "invoice",
        "object_id": FIRST,
        "sequence": 1,
        "occurred_at": happened_at,
        "data": {"number": "RE-1", "gross": "119.00"},
    }
    assert deliveries(database) == [(FIRST, 1, "example.Everything", "DELIVERED", 1)]


async def test_a_fact_that_was_taken_is_not_told_again(database, context_with):
    """The job may run again after a crash; what is marked is not told once more."""
    context = context_with(Everything)
    told(context, happened(FIRST, 1))

    await pump(context, "example.Everything", "example.Everything")

    assert len(HEARD) == 1


async def test_a_listener_that_raises_is_told_again_later(database, context_with, clock):
    """Its error is the outcome of this attempt: kept with the delivery, which waits (P53)."""
    context = context_with(Payments)
    told(context, happened(FIRST, 1, PAID))

    await pump(context, "example.Payments")

    (row,) = rows(database)
    assert (row.state, row.attempts, row.due_at) == (
        "PENDING",
        1,
        clock.now() + timedelta(minutes=1),
    )
    assert errors(database) == ["ConnectionError: the other side is away"]
    assert '"code":"delivery_failed"' in row.last_error


async def test_a_listener_that_does_not_answer_has_a_time_limit(database, context_with):
    """A hanging listener costs its own deliveries time, nothing else (P53)."""
    context = context_with(Silent)
    answer = await _asked(context, "example.Silent", timedelta(milliseconds=1))

    assert (answer.taken, answer.answer) == (False, "no answer within 0.001 seconds")


async def test_a_listener_may_ask_to_be_left_alone(database, context_with):
    """Two hours are two hours; what it says is kept as one printable line."""
    answer = await _asked(context_with(Busy), "example.Busy", timedelta(seconds=30))

    assert (answer.retry_after, answer.answer) == (7200, "too  many")
    # A person is told of it as well, and no database keeps a null.
    assert answer.error is not None
    assert answer.error["problem"] == "too  many"


async def _asked(context, name: str, limit: timedelta) -> Told:
    told(context, happened(FIRST, 1))
    (row,) = rows(context.database)
    with context.database.read(1) as tx:
        found = read_deliveries(tx, [row.id])
    messenger = ListenerMessenger(context.adapters, 1, name, limit)
    return await messenger.tell(found[row.id])


async def test_a_listener_that_is_gone_fails_by_name(database, context_with):
    """Its plugin was disabled after the fact: the delivery waits, and says why."""
    told(context_with(Everything), happened(FIRST, 1))

    await pump(context_with(), "example.Everything")

    (error,) = errors(database)
    assert "example.Everything" in error
    assert "no enabled plugin offers" in error


async def test_an_old_job_starts_the_one_that_tells_its_subscriber(database, context_with):
    """Jobs from before name a delivery each; many of them put in one job, and tell nobody themselves."""
    context = context_with(Everything)
    told(context, happened(FIRST, 1), happened(SECOND, 1))
    with database.write(1) as tx:
        tx.connection.exec_driver_sql("DELETE FROM job")
    first, second = rows(database)

    await deliver(context, 1, {"delivery": str(first.id)})
    await deliver(context, 1, {"delivery": str(second.id)})

    assert HEARD == []
    (job,) = waiting(database, JobName.DELIVER)
    assert job.args == {"subscriber": "example.Everything"}


async def test_a_delivery_of_another_tenant_does_not_exist(database, context_with):
    """A job never reaches into another tenant's facts (P50)."""
    context = context_with(Everything)
    told(context, happened(FIRST, 1))
    (row,) = rows(database)

    with pytest.raises(NotFound):
        await deliver(context, 2, {"delivery": str(row.id)})
    await deliver(context, 2, {"subscriber": "example.Everything"})

    assert HEARD == []


def test_sequences_count_from_one_for_each_object(database):
    """Two facts on one object, none on the other; asked for more objects than one query takes."""
    state(database, happened(FIRST, 1), happened(FIRST, 2, PAID))
    many = [UUID(int=n) for n in range(1, 600)]

    with database.read(1) as tx:
        found = next_sequences(tx, [FIRST, SECOND, *many])

    assert (found[FIRST], found[SECOND], len(found)) == (3, 1, 601)

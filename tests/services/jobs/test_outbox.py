"""Facts leave the house: fan-out to listeners, deliveries, their order and their failures (P48)."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from typing_extensions import override

from faktura.domain.events import Event, EventType
from faktura.domain.jobs import JobName, JobState
from faktura.flows import fan_out as fan_out_flow
from faktura.flows.fan_out import deliver, fan_out
from faktura.kernel.errors import NotFound
from faktura.kernel.outside_errors import DeliveryFailed
from faktura.plugin import EventData, EventListener
from faktura.services.outbox import announce, hand_out
from faktura.store.events import next_sequences
from faktura.store.facts import Facts, write_facts
from faktura.store.jobs import read_jobs
from faktura.store.tables import delivery

FIRST = UUID("01a190f9-0000-7001-8000-0000000000a1")
SECOND = UUID("01a190f9-0000-7001-8000-0000000000a2")
CREATED, PAID = EventType.INVOICE_CREATED, EventType.INVOICE_PAYMENT_RECEIVED


class Everything(EventListener):
    """Keeps all it is told."""

    listens_to = frozenset()

    @override
    async def handle(self, event: EventData) -> None:
        HEARD.append(event)


class Payments(EventListener):
    """Wants payments only, and raises."""

    listens_to = frozenset({"INVOICE_PAYMENT_RECEIVED"})

    @override
    async def handle(self, event: EventData) -> None:
        raise ConnectionError("the other side is away")


class Silent(EventListener):
    """Never answers."""

    listens_to = frozenset()

    @override
    async def handle(self, event: EventData) -> None:
        await asyncio.sleep(60)


HEARD: list[EventData] = []


@pytest.fixture(autouse=True)
def _nothing_heard():
    HEARD.clear()


def state(database, *events: Event):
    """Write events as facts of one transaction and announce them; the seal's number."""
    with database.write(1) as tx:
        seal_seq = write_facts(tx, Facts(events=list(events)))
        announce(tx, seal_seq)
    return seal_seq


def happened(object_id, sequence, kind=CREATED, **data: object):
    return Event(kind, "invoice", object_id, sequence, data)


def waiting(database, name):
    with database.read(1) as tx:
        found = read_jobs(tx, [JobState.READY], 50)
    return [job for job in reversed(found) if job.name is name]


def deliveries(database):
    with database.read(1) as tx:
        rows = tx.connection.execute(select(delivery).order_by(delivery.c.id)).all()
    return [(row.object_id, row.sequence, row.subscriber, row.state, row.attempts) for row in rows]


def test_a_transaction_with_events_puts_in_one_job(database):
    """One fan-out a transaction, whatever the number of events; announcing twice adds none."""
    seal_seq = state(database, happened(FIRST, 1), happened(SECOND, 1))
    with database.write(1) as tx:
        announce(tx, seal_seq)

    (job,) = waiting(database, JobName.FAN_OUT)

    assert (job.args, job.key, job.lock) == ({"seal": 1}, "fan-out:1", "fan-out")


def test_each_subscriber_gets_a_delivery_of_what_it_listens_to(database, context_with):
    """An empty set of types means all; an object's deliveries to one listener share a lock."""
    seal_seq = state(database, happened(FIRST, 1), happened(FIRST, 2, PAID), happened(SECOND, 1))

    fan_out(context_with(Everything, Payments), 1, {"seal": seal_seq})

    assert deliveries(database) == [
        (FIRST, 1, "example.Everything", "PENDING", 0),
        (FIRST, 2, "example.Everything", "PENDING", 0),
        (FIRST, 2, "example.Payments", "PENDING", 0),
        (SECOND, 1, "example.Everything", "PENDING", 0),
    ]
    assert [job.lock for job in waiting(database, JobName.DELIVER)] == [
        f"example.Everything:{FIRST}",
        f"example.Everything:{FIRST}",
        f"example.Payments:{FIRST}",
        f"example.Everything:{SECOND}",
    ]


def test_a_repeated_fan_out_adds_only_what_is_missing(database):
    """Fan-out runs at least once: the second time it finds its own deliveries."""
    seal_seq = state(database, happened(FIRST, 1))

    everything: frozenset[str] = frozenset()
    counts = []
    for subscribers in ({"a": everything}, {"a": everything}, {"a": everything, "b": everything}):
        with database.write(1) as tx:
            counts.append(hand_out(tx, seal_seq, subscribers))

    assert counts == [1, 0, 1]
    assert [row[2] for row in deliveries(database)] == ["a", "b"]
    assert len(waiting(database, JobName.DELIVER)) == 2


def test_without_listeners_nothing_is_delivered(database, context_with):
    """The default: nobody listens."""
    fan_out(context_with(), 1, {"seal": state(database, happened(FIRST, 1))})

    assert deliveries(database) == []
    assert waiting(database, JobName.DELIVER) == []


async def test_a_listener_is_told_the_whole_fact(database, context_with, clock):
    """Type, tenant, object, sequence, moment and data as they were when it happened."""
    happened_at = clock.now()
    context = context_with(Everything)
    fan_out(
        context, 1, {"seal": state(database, happened(FIRST, 1, number="RE-1", gross="119.00"))}
    )
    (job,) = waiting(database, JobName.DELIVER)
    clock.advance(timedelta(hours=5))

    await deliver(context, 1, job.args)

    (told,) = HEARD
    assert told.delivery_id == UUID(str(job.args["delivery"]))
    assert told.model_dump(exclude={"delivery_id"}) == {
        "type": "INVOICE_CREATED",
        "tenant": "tenant-1",
        "object_type": "invoice",
        "object_id": FIRST,
        "sequence": 1,
        "occurred_at": happened_at,
        "data": {"number": "RE-1", "gross": "119.00"},
    }
    assert deliveries(database) == [(FIRST, 1, "example.Everything", "DELIVERED", 1)]


async def test_a_delivery_that_was_taken_is_not_repeated(database, context_with):
    """The job may run again after a crash; the listener is told once more only if it must be."""
    context = context_with(Everything)
    fan_out(context, 1, {"seal": state(database, happened(FIRST, 1))})
    (job,) = waiting(database, JobName.DELIVER)

    await deliver(context, 1, job.args)
    await deliver(context, 1, job.args)

    assert len(HEARD) == 1


async def test_a_listener_that_raises_is_told_again_later(database, context_with):
    """Its error is the outcome of this attempt: kept with the delivery, named for the job (P53)."""
    context = context_with(Payments)
    fan_out(context, 1, {"seal": state(database, happened(FIRST, 1, PAID))})
    (job,) = waiting(database, JobName.DELIVER)

    with pytest.raises(DeliveryFailed, match="ConnectionError: the other side is away"):
        await deliver(context, 1, job.args)

    assert deliveries(database) == [(FIRST, 1, "example.Payments", "PENDING", 1)]
    with database.read(1) as tx:
        said = tx.connection.execute(select(delivery.c.last_error)).scalar_one()
    assert '"code":"delivery_failed"' in said


async def test_a_listener_that_does_not_answer_has_a_time_limit(
    database, context_with, monkeypatch
):
    """A hanging listener costs its own deliveries time, nothing else (P53)."""
    monkeypatch.setattr(fan_out_flow, "TIME_LIMIT", timedelta(milliseconds=200))
    context = context_with(Silent)
    fan_out(context, 1, {"seal": state(database, happened(FIRST, 1))})
    (job,) = waiting(database, JobName.DELIVER)

    with pytest.raises(DeliveryFailed, match=r"no answer within 0\.2 seconds"):
        await deliver(context, 1, job.args)


async def test_a_listener_that_is_gone_fails_by_name(database, context_with):
    """Its plugin was disabled after the fact: the delivery waits for a person."""
    fan_out(context_with(Everything), 1, {"seal": state(database, happened(FIRST, 1))})
    (job,) = waiting(database, JobName.DELIVER)

    with pytest.raises(DeliveryFailed, match=r"example\.Everything.*no enabled plugin offers"):
        await deliver(context_with(), 1, job.args)


async def test_a_delivery_of_another_tenant_does_not_exist(database, context_with):
    """A job never reaches into another tenant's facts (P50)."""
    fan_out(context_with(Everything), 1, {"seal": state(database, happened(FIRST, 1))})
    (job,) = waiting(database, JobName.DELIVER)

    with pytest.raises(NotFound):
        await deliver(context_with(Everything), 2, job.args)


def test_sequences_count_from_one_for_each_object(database):
    """Two facts on one object, none on the other; asked for more objects than one query takes."""
    state(database, happened(FIRST, 1), happened(FIRST, 2, PAID))
    many = [UUID(int=n) for n in range(1, 600)]

    with database.read(1) as tx:
        found = next_sequences(tx, [FIRST, SECOND, *many])

    assert (found[FIRST], found[SECOND], len(found)) == (3, 1, 601)

"""What happens in these tests: facts of customers, listeners that take them or not, rows to look at."""

import json
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from typing_extensions import override

from faktura.domain.events import Event, EventType
from faktura.domain.jobs import JobName, JobRecord, JobState
from faktura.flows.delivering import deliver
from faktura.flows.fan_out import fan_out
from faktura.flows.job_context import JobContext
from faktura.flows.outbox_jobs import outbox_round_job
from faktura.kernel.clock import FixedClock
from faktura.plugin import EventData, EventListener
from faktura.services.outbox import announce
from faktura.store.database import Database
from faktura.store.facts import Facts, write_facts
from faktura.store.jobs import read_jobs
from faktura.store.tables import delivery, job
from faktura.store.tasks import TaskFilter, find_tasks

FIRST = UUID("01a190f9-0000-7001-8000-0000000000a1")
SECOND = UUID("01a190f9-0000-7001-8000-0000000000a2")
CREATED, PAID = EventType.INVOICE_CREATED, EventType.INVOICE_PAYMENT_RECEIVED
_ALL_TASKS = TaskFilter(done=False)

HEARD: list[EventData] = []
# Objects of which the listeners take nothing, for as long as they stand here.
REFUSED: set[UUID] = set()


class Everything(EventListener):
    """Keeps all it is told, but for what it refuses."""

    listens_to = frozenset()

    @override
    async def handle(self, event: EventData) -> None:
        if event.object_id in REFUSED:
            raise ConnectionError("the other side is away")
        HEARD.append(event)


class Dead(EventListener):
    """Takes nothing, and counts how often it is asked."""

    listens_to = frozenset()
    asked: list[UUID] = []  # noqa: RUF012 - one list, the listener has no memory of its own

    @override
    async def handle(self, event: EventData) -> None:
        self.asked.append(event.object_id)
        raise ConnectionError("the other side is away")


class Payments(EventListener):
    """Wants payments only, and raises."""

    listens_to = frozenset({"INVOICE_PAYMENT_RECEIVED"})

    @override
    async def handle(self, event: EventData) -> None:
        raise ConnectionError("the other side is away")


def happened(object_id: UUID, sequence: int, kind: EventType = CREATED, **data: object) -> Event:
    """A fact about an invoice."""
    return Event(kind, "invoice", object_id, sequence, data)


def state(database: Database, *events: Event) -> int:
    """Write events as facts of one transaction and announce them; the seal's number."""
    with database.write(1) as tx:
        seal_seq = write_facts(tx, Facts(events=list(events)))
        announce(tx, seal_seq)
    return seal_seq


def told(context: JobContext, *events: Event) -> None:
    """Write events as facts of one transaction, and hand them out."""
    fan_out(context, 1, {"seal": state(context.database, *events)})


def waiting(database: Database, name: JobName) -> list[JobRecord]:
    """Jobs of that name that wait, oldest first."""
    with database.read(1) as tx:
        found = read_jobs(tx, [JobState.READY], 50)
    return [one for one in reversed(found) if one.name is name]


def rows(database: Database) -> list[Any]:
    """All deliveries, in the order in which they were made."""
    with database.read(1) as tx:
        return list(tx.connection.execute(select(delivery).order_by(delivery.c.id)).all())


def deliveries(database: Database) -> list[tuple[UUID, int, str, str, int]]:
    """Object, sequence, subscriber, state and tries of each."""
    return [
        (row.object_id, row.sequence, row.subscriber, row.state, row.attempts)
        for row in rows(database)
    ]


def errors(database: Database) -> list[str]:
    """What was said of each that was not taken."""
    return [json.loads(row.last_error)["problem"] for row in rows(database) if row.last_error]


def task_subjects(database: Database) -> list[tuple[str, str]]:
    """Kind and subject of each open task."""
    with database.read(1) as tx:
        return [(one.kind.value, one.subject) for one in find_tasks(tx, _ALL_TASKS)]


async def pump(context: JobContext, *subscribers: str) -> None:
    """One pass of each."""
    for name in subscribers:
        await deliver(context, 1, {"subscriber": name})


async def rounds(context: JobContext, clock: FixedClock, times: int, *, every: timedelta) -> None:
    """So many rounds of the outbox, with the passes that they start."""
    for _ in range(times):
        clock.advance(every)
        outbox_round_job(context, 1, {})
        await work_off(context)


async def work_off(context: JobContext) -> None:
    """Do the jobs that tell subscribers, until none waits."""
    while found := waiting(context.database, JobName.DELIVER):
        for one in found:
            _done(context.database, one)
            await deliver(context, 1, one.args)


def _done(database: Database, one: JobRecord) -> None:
    """Nobody else takes it: it is worked on here."""
    with database.write(1) as tx:
        tx.connection.execute(
            job.update().where(job.c.tenant_id == 1, job.c.id == one.id).values(state=JobState.DONE)
        )


def numbers(heard: Sequence[EventData], lanes: Collection[str]) -> dict[str, list[int]]:
    """What was heard of each lane, by the facts' own counting."""
    return {
        lane: [int(str(one.data["no"])) for one in heard if one.data["customerNumber"] == lane]
        for lane in lanes
    }

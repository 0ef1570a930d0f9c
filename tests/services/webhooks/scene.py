"""A company, facts of its customers, an endpoint of webhooks at a receiver that can say no."""

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from aiohttp import web
from sqlalchemy import select
from tests.services.company import Company

from faktura.domain.events import Event, EventType
from faktura.domain.jobs import JobName, JobState
from faktura.domain.webhooks import Endpoint
from faktura.flows.delivering import deliver
from faktura.flows.fan_out import fan_out
from faktura.flows.job_context import JobContext
from faktura.flows.outbox_jobs import outbox_round_job
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Registry
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.services.outbox import announce
from faktura.services.webhook_endpoints import EndpointWish, add_endpoint
from faktura.store.adapters import AdapterStore
from faktura.store.blobs import DirectoryStore
from faktura.store.database import open_database
from faktura.store.facts import Facts, write_facts
from faktura.store.jobs import read_jobs
from faktura.store.secrets import KeyRing, new_key
from faktura.store.tables import delivery, event, job, mail
from faktura.store.tasks import TaskFilter, find_tasks
from faktura.store.webhooks import endpoint_of_id

_OPEN = TaskFilter(done=False)


@dataclass
class Receiver:
    """What came in; `status` is what it answers, by customer where `refuses` names one."""

    status: int = 200
    refuses: set[str] = field(default_factory=set)
    headers: dict[str, str] = field(default_factory=dict)
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    base: str = ""

    @property
    def host(self) -> str:
        """Its host and port."""
        return self.base.removeprefix("http://")

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What came, read."""
        return [json.loads(body) for _, body in self.came]

    def taken_by(self, customer: str) -> list[int]:
        """The facts of a customer that it took, by their own counting, in the order they came."""
        return [
            body["data"]["no"]
            for body in self.bodies
            if body["data"].get("customerNumber") == customer
        ]

    async def answer(self, request: web.Request) -> web.Response:
        """As it is told to."""
        body = await request.read()
        customer = json.loads(body)["data"].get("customerNumber")
        if self.status != 200 or customer in self.refuses:
            return web.Response(status=500 if self.status == 200 else self.status,
                                headers=self.headers, text="no")  # fmt: skip
        self.came.append(({name.lower(): value for name, value in request.headers.items()}, body))
        return web.Response(text="thanks")


class WebhookScene:
    """The tenant `werk` on 31 October 2026, and who may be sent to."""

    def __init__(self, url: str, folder: Path, receiver: Receiver) -> None:
        self.clock = FixedClock(datetime(2026, 10, 31, 8, tzinfo=UTC))
        self.database = open_database(url, self.clock, Uuid7Source(self.clock))
        self.company = Company(self.database)
        self.keys = KeyRing([new_key()])
        self.receiver = receiver
        self.hosts = frozenset({receiver.host})
        self._counts: Counter[str] = Counter()
        registry = Registry()
        kept = AdapterStore(self.database, self.keys)
        adapters = Adapters(registry, kept, self.clock, Installation())
        self.context = JobContext(
            self.database,
            registry,
            adapters,
            DirectoryStore(folder),
            self.keys,
            private_hosts=self.hosts,
        )

    @property
    def tenant_id(self) -> int:
        """The company's."""
        return self.company.tenant.id

    def write(self) -> Any:
        """A transaction that writes."""
        return self.database.write(self.tenant_id)

    def read(self) -> Any:
        """One that reads."""
        return self.database.read(self.tenant_id)

    def name_host(self, host: str) -> None:
        """The installation may call that one too."""
        self.hosts |= {host}
        self.context = replace(self.context, private_hosts=self.hosts)

    def add(self, *types: str, path: str = "/hook") -> Endpoint:
        """An endpoint at the receiver."""
        with self.write() as tx:
            wish = EndpointWish(self.receiver.base + path, types, "shop")
            return add_endpoint(tx, self.keys, wish, self.hosts)[0]

    def endpoint(self, endpoint_id: UUID) -> Endpoint:
        """As it is now."""
        with self.read() as tx:
            return endpoint_of_id(tx, endpoint_id)

    def happens(self, *customers: str, kind: EventType = EventType.INVOICE_CREATED) -> None:
        """A fact of each of these customers, handed out."""
        events = []
        for customer in customers:
            self._counts[customer] += 1
            data = {"customerNumber": customer, "no": self._counts[customer]}
            events.append(Event(kind, "payment", self.database.new_id(), 1, data))
        with self.write() as tx:
            seal = write_facts(tx, Facts(events=events))
            announce(tx, seal)
        fan_out(self.context, self.tenant_id, {"seal": seal})

    async def work(self) -> None:
        """Do the jobs that tell subscribers and hand out, until none waits."""
        while found := self._waiting():
            for one in found:
                self._done(one.id)
                act = deliver if one.name is JobName.DELIVER else None
                if act is not None:
                    await act(self.context, self.tenant_id, one.args)
                else:
                    fan_out(self.context, self.tenant_id, one.args)

    async def later(self, by: timedelta) -> None:
        """So much time goes by, then comes a round of the outbox."""
        self.clock.advance(by)
        outbox_round_job(self.context, self.tenant_id, {})
        await self.work()

    def states(self) -> list[str]:
        """Of all deliveries, in the order in which they were made."""
        with self.read() as tx:
            found = tx.connection.execute(select(delivery.c.state).order_by(delivery.c.id))
            return list(found.scalars())

    def told(self, kind: EventType) -> list[dict[str, Any]]:
        """The data of events of a type."""
        with self.read() as tx:
            found = tx.connection.execute(select(event.c.data).where(event.c.type == kind))
            return [json.loads(data) for data in found.scalars()]

    def mails(self) -> list[str]:
        """What mails are for that were asked for."""
        with self.read() as tx:
            return list(tx.connection.execute(select(mail.c["use"])).scalars())

    def tasks(self) -> list[tuple[str, str, str]]:
        """Kind, subject and problem of what waits for a person."""
        with self.read() as tx:
            return [(one.kind.value, one.subject, one.problem) for one in find_tasks(tx, _OPEN)]

    def _waiting(self) -> list[Any]:
        with self.read() as tx:
            found = read_jobs(tx, [JobState.READY], 50)
        return [one for one in reversed(found) if one.name in (JobName.DELIVER, JobName.FAN_OUT)]

    def _done(self, job_id: UUID) -> None:
        with self.write() as tx:
            tx.connection.execute(
                job.update().where(job.c.id == job_id).values(state=JobState.DONE)
            )

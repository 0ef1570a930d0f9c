"""A company whose bank is read over the feed in memory, and the worker that runs its jobs."""

import asyncio
import json
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import IBAN

from faktura.domain.bank_connections import BankConnection, Errand
from faktura.domain.feed_status import statuses
from faktura.domain.jobs import JobName
from faktura.flows.bank_feeds import add_feed, begin_connecting, begin_update
from faktura.flows.feed_calls import FeedDesk
from faktura.flows.feed_jobs import bank_day_job, sync_bank_job
from faktura.flows.feed_looks import look
from faktura.flows.job_context import JobContext
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Offer, Registry
from faktura.kernel.bank_terms import FeedTaskKind
from faktura.kernel.clock import FixedClock
from faktura.plugin import Attendance, FormRequest, NoHttp
from faktura.services.bank_connections import show_connection
from faktura.services.tasks import list_tasks
from faktura.store import tables
from faktura.store.adapters import AdapterStore
from faktura.store.bank_connections import list_connections
from faktura.store.feed_errands import errand_of
from faktura.store.secrets import KeyRing, new_key
from faktura.testing.feed_double import feed_class
from faktura.testing.feed_world import DoubleConnection, FeedWorld, Killed

HERE = Attendance(ip_address="192.0.2.7", user_agent="Firefox")
PUBLIC_URL = "https://billing.example"
KEY = new_key()

T = TypeVar("T")


@dataclass
class FeedScene:
    """The company of scene.py, its access `double`, and the feed's world."""

    scene: BankScene
    world: FeedWorld = field(init=False)
    desk: FeedDesk = field(init=False)
    context: JobContext = field(init=False)

    def __post_init__(self) -> None:
        self.world = FeedWorld(self.clock)
        registry = Registry(feeds={"double": Offer("double", "double", feed_class(self.world))})
        database, keys = self.scene.database, KeyRing([KEY])
        adapters = Adapters(
            registry, AdapterStore(database, keys), self.clock, Installation({}), _no_way_out
        )
        content = self.scene.bank.content
        self.desk = FeedDesk(
            database, keys, content, adapters, self.scene.tenant, PUBLIC_URL, timedelta(seconds=5)
        )
        self.context = JobContext(database, registry, adapters, content, keys, PUBLIC_URL)
        run(add_feed(self.desk, "double", "double"))

    @property
    def clock(self) -> FixedClock:
        """The clock of everything here."""
        clock = self.scene.database.clock
        assert isinstance(clock, FixedClock)
        return clock

    def begin_form(self) -> Errand:
        """Begin to connect a bank."""
        return run(begin_connecting(self.desk, "double", FormRequest(), "anna"))

    def connect(self, *ibans: str | None) -> DoubleConnection:
        """Connect a bank with these accounts and let its first update end."""
        errand = self.begin_form()
        made = self.world.complete(errand.reference or "", *(ibans or (IBAN,)))
        self.look(errand)
        self.work()
        return made

    def update(
        self, attended: Attendance | None = HERE, kind: FeedTaskKind = FeedTaskKind.UPDATE
    ) -> Errand:
        """A person has the only connection updated, and looks until nothing changes."""
        errand = run(
            begin_update(
                self.desk, self.connection().id, FormRequest(attended=attended), "anna", kind
            )
        )
        self.look(errand)
        return self.errand(errand)

    def look(self, errand: Errand) -> None:
        """Look at an errand out of turn, as a callback has it."""
        run(look(self.desk, errand.id))

    def errand(self, errand: Errand) -> Errand:
        """The errand as it is now."""
        with self.scene.database.read(self.scene.tenant.id) as tx:
            return errand_of(tx, errand.id)

    def connection(self) -> BankConnection:
        """The only connection that lives."""
        (one,) = self.connections()
        return one

    def connections(self) -> list[BankConnection]:
        """All that live."""
        with self.scene.database.read(self.scene.tenant.id) as tx:
            return list_connections(tx)

    def codes(self, connection_id: UUID | None = None) -> list[str]:
        """The codes of the connection's state."""
        with self.scene.database.read(self.scene.tenant.id) as tx:
            shown = show_connection(tx, connection_id or self.connection().id)
            return [one.code.value for one in statuses(shown.view, tx.now())]

    def day(self) -> None:
        """Run the job that comes round."""
        bank_day_job(self.context, self.scene.tenant.id, {})

    def jobs(self) -> list[Any]:
        """The jobs that are due, in order."""
        job = tables.job.c
        with self.scene.database.read(self.scene.tenant.id) as tx:
            return list(
                tx.connection.execute(
                    select(tables.job)
                    .where(
                        job.name == JobName.SYNC_BANK, job.state == "READY", job.run_at <= tx.now()
                    )
                    .order_by(job.place)
                )
            )

    def work(self, most: int = 60) -> int:
        """Do the jobs that are due, and those that come due while time goes by; how many."""
        done = 0
        for _ in range(most):
            for one in self.jobs():
                self._forget(one.id)
                run(sync_bank_job(self.context, self.scene.tenant.id, _args(one.args)))
                done += 1
            self.clock.advance(timedelta(seconds=30))
            if not self._waiting():
                break
        return done

    def _waiting(self) -> bool:
        job, soon = tables.job.c, self.clock.now() + timedelta(minutes=5)
        with self.scene.database.read(self.scene.tenant.id) as tx:
            found = tx.connection.execute(
                select(job.id).where(
                    job.name == JobName.SYNC_BANK, job.state == "READY", job.run_at <= soon
                )
            )
            return found.first() is not None

    def _forget(self, job_id: UUID) -> None:
        with self.scene.database.write(self.scene.tenant.id) as tx:
            tx.connection.execute(tables.job.delete().where(tables.job.c.id == job_id))

    def tasks(self) -> list[str]:
        """Subjects' kinds and problems of the tasks that are open."""
        with self.scene.database.read(self.scene.tenant.id) as tx:
            return [f"{one.kind}: {one.problem}" for one in list_tasks(tx)]

    def told(self) -> list[list[str]]:
        """The statuses of each event about connections."""
        event = tables.event.c
        with self.scene.database.read(self.scene.tenant.id) as tx:
            rows = tx.connection.execute(
                select(event.data)
                .where(event.type == "BANK_CONNECTION_CHANGED")
                .order_by(event.object_id, event.sequence)
            ).scalars()
            return [json.loads(data)["statuses"] for data in rows]


def run(act: Awaitable[T]) -> T:
    """Run it to its end."""

    async def whole() -> T:
        return await act

    return asyncio.run(whole())


@contextmanager
def dying() -> Iterator[None]:
    """Our process dies in here, and another one goes on."""
    died = False
    try:
        yield
    except Killed:
        died = True
    assert died, "nobody died"


def _args(text: str) -> Any:
    return json.loads(text)


def _no_way_out(*_: object) -> NoHttp:
    return NoHttp()

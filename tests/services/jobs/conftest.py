"""A database with the tables of the queue and the outbox, two tenants, and its queue engine.

SQLite has our own table, PostgreSQL procrastinate: each test of the contract runs over both.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy import event as engine_event
from sqlalchemy.engine.interfaces import DBAPIConnection

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.tenants import Seller, Tenant
from faktura.flows.job_context import JobContext
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import FixedClock, SystemClock
from faktura.kernel.ids import Uuid7Source
from faktura.plugin import EventListener
from faktura.store.adapters import AdapterStore
from faktura.store.blobs import DirectoryStore
from faktura.store.codec import to_json
from faktura.store.database import Database, open_database
from faktura.store.job_queue import JobQueue
from faktura.store.procrastinate_schema import create_procrastinate
from faktura.store.queues import queue_of
from faktura.store.secrets import KeyRing
from faktura.store.tables import chain_head, metadata, tenant


@pytest.fixture
def database(empty_database_url: str, clock: FixedClock, ids: Uuid7Source) -> Iterator[Database]:
    """Tenant 1 lives in Berlin, tenant 2 in New York."""
    opened = open_database(empty_database_url, clock, ids)
    if opened.is_postgresql:
        go_by(clock, opened.engine)
        with opened.engine.begin() as connection:
            create_procrastinate(connection)
    metadata.create_all(opened.engine)
    seller = Seller("Muster GmbH", Address("Weg 1", "10115", "Berlin", "DE"), ContactPerson())
    with opened.engine.begin() as connection:
        for number, zone in ((1, "Europe/Berlin"), (2, "America/New_York")):
            data = to_json(Tenant(number, f"tenant-{number}", seller, time_zone=zone), Tenant)
            connection.execute(
                tenant.insert().values(
                    id=number, key=f"tenant-{number}", data=data, created_at=clock.now()
                )
            )
            connection.execute(
                chain_head.insert().values(
                    tenant_id=number, seal_seq=0, seal_hash=bytes(32), entry_seq=0
                )
            )
    yield opened
    opened.close()


def go_by(clock: FixedClock, engine: Engine) -> None:
    """Let procrastinate, which asks the database for `now()`, go by the test's clock as well."""

    def look_here_first(connection: DBAPIConnection, _entry: object) -> None:
        connection.cursor().execute("SET search_path = public, pg_catalog")
        connection.commit()

    def set_clock(connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL faktura.now = '{clock.now().isoformat()}'")

    engine_event.listen(engine, "connect", look_here_first)
    engine_event.listen(engine, "begin", set_clock)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            # Who sets no clock goes by the machine's.
            "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT"
            " coalesce(nullif(current_setting('faktura.now', true), '')::timestamptz,"
            " pg_catalog.now()) $$"
        )


@pytest.fixture
def queue(database: Database) -> JobQueue:
    """The queue of this database."""
    return queue_of(database)


@pytest.fixture
def live(database: Database, empty_database_url: str) -> Iterator[Database]:
    """The database with the machine's clock: the loop of a worker waits in real time."""
    clock = SystemClock()
    opened = open_database(empty_database_url, clock, Uuid7Source(clock))
    yield opened
    opened.close()


@pytest.fixture
def context(live: Database, context_with: Callable[..., JobContext]) -> JobContext:
    """What the jobs use, on the machine's clock, too."""
    return replace(context_with(), database=live)


@pytest.fixture
def context_with(database: Database, tmp_path: Path) -> Callable[..., JobContext]:
    """What jobs use, with these listeners enabled by the plugin `example`, real hub objects."""

    def build(*listeners: type[EventListener]) -> JobContext:
        offers = {
            f"example.{found.__name__}": Offer(f"example.{found.__name__}", "example", found)
            for found in listeners
        }
        registry = Registry(listeners=offers)
        kept = AdapterStore(database, KeyRing([]))
        adapters = Adapters(registry, kept, database.clock, Installation())
        return JobContext(database, registry, adapters, DirectoryStore(tmp_path / "content"))

    return build

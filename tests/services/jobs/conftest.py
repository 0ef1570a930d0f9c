"""A database with the tables of the queue and the outbox, two tenants, and each queue engine."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.tenants import Seller, Tenant
from faktura.flows.job_context import JobContext
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.plugin import EventListener
from faktura.store.adapters import AdapterStore
from faktura.store.codec import to_json
from faktura.store.database import Database, open_database
from faktura.store.job_queue import JobQueue
from faktura.store.secrets import KeyRing
from faktura.store.table_queue import TableQueue
from faktura.store.tables import (
    adapter_secret,
    adapter_setting,
    adapter_state,
    chain_head,
    delivery,
    event,
    job,
    metadata,
    schedule_tick,
    seal,
    tenant,
)

# A second engine is one more line here: the whole contract then runs over it.
ENGINES: Mapping[str, Callable[[Database], JobQueue]] = {"table": TableQueue}

NEEDED = (
    *(tenant, chain_head, seal, event, delivery, job, schedule_tick),
    *(adapter_secret, adapter_setting, adapter_state),
)


@pytest.fixture
def database(database_url: str, clock: FixedClock, ids: Uuid7Source) -> Iterator[Database]:
    """Tenant 1 lives in Berlin, tenant 2 in New York."""
    opened = open_database(database_url, clock, ids)
    metadata.create_all(opened.engine, tables=NEEDED)
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


@pytest.fixture(params=ENGINES)
def queue(request: pytest.FixtureRequest, database: Database) -> JobQueue:
    """The queue, once for each engine."""
    return ENGINES[request.param](database)


@pytest.fixture
def context_with(database: Database) -> Callable[..., JobContext]:
    """What jobs use, with these listeners enabled by the plugin `example`, real hub objects."""

    def build(*listeners: type[EventListener]) -> JobContext:
        offers = {
            f"example.{found.__name__}": Offer(f"example.{found.__name__}", "example", found)
            for found in listeners
        }
        registry = Registry(listeners=offers)
        kept = AdapterStore(database, KeyRing([]))
        return JobContext(
            database, registry, Adapters(registry, kept, database.clock, Installation())
        )

    return build

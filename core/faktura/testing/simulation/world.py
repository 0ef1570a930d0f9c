"""The world of a simulation: a company on a real database, and everything outside it with books of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from faktura.domain.tenants import Tenant
from faktura.kernel.clock import FixedClock, zone
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.ids import Uuid7Source
from faktura.kernel.money import Money
from faktura.store.blobs import ContentStore, DirectoryStore, TableStore
from faktura.store.database import Database, open_database
from faktura.store.migrations import upgrade
from faktura.store.queues import queue_of
from faktura.store.tenants import read_tenant
from faktura.testing.simulation.bank import Bank
from faktura.testing.simulation.chance import Bits, Chance
from faktura.testing.simulation.company import set_up_company
from faktura.testing.simulation.connections import Connections
from faktura.testing.simulation.counting import Counters, Met
from faktura.testing.simulation.deliveries import Courier
from faktura.testing.simulation.errands import Errands
from faktura.testing.simulation.faults import FAULTS, Faults
from faktura.testing.simulation.memory import known_contracts, prepared
from faktura.testing.simulation.mortality import Process
from faktura.testing.simulation.outside import BankBooks, OutsideBooks, ProviderBooks
from faktura.testing.simulation.payers import Payers
from faktura.testing.simulation.plan import Simulation
from faktura.testing.simulation.post import PostOffice
from faktura.testing.simulation.psp import Psp
from faktura.testing.simulation.psp_adapter import PspLine
from faktura.testing.simulation.subscriber import Subscriber
from faktura.testing.simulation.virtual_loop import VirtualLoop
from faktura.testing.simulation.weather import Weather
from faktura.testing.simulation.wishes import Calendar
from faktura.testing.simulation.working import Worker

_MIDNIGHT = time(0, 5)


@dataclass(slots=True)
class World:
    """A company with all that is outside; `simulate` lives it. `database` is the one nobody crashes on."""

    simulation: Simulation
    database: Database
    contents: ContentStore
    tenant: Tenant
    clock: FixedClock
    outside: OutsideBooks
    counters: Counters
    calendar: Calendar
    payers: Payers
    weather: Weather
    psp: Psp
    bank: Bank
    courier: Courier
    subscriber: Subscriber
    errands: Errands
    worker: Worker
    is_new: bool

    @property
    def chance(self) -> Chance:
        """The dice."""
        return self.payers.chance

    def go_to(self, day: date, at: time) -> None:
        """Move the clock to that local moment, unless it is past it."""
        moment = datetime.combine(day, at, zone(self.tenant.time_zone))
        later = moment - self.clock.now()
        if later.total_seconds() > 0:
            self.clock.advance(later)

    def close(self) -> None:
        """Close the loop and the connections to the database."""
        self.worker.loop.close()
        self.database.close()


def open_world(url: str, simulation: Simulation, *, folder: Path | None) -> World:
    """A new company on the database of that address, whose schema is brought up to date.

    `folder` takes rendered bytes; without one the database does. Raises what opening a database raises, and
    NumberTaken where a simulated company lives there already.
    """
    return _built(url, simulation, folder, lambda database: (set_up_company(database), True))


def world_of_tenant(
    url: str, tenant_id: int, simulation: Simulation, *, folder: Path | None
) -> World:
    """The world around a sandbox tenant that exists: its contracts are lived on from `start`.

    Raises TransitionRefused for a tenant that is no sandbox.
    """

    def found(database: Database) -> tuple[Tenant, bool]:
        with database.read(tenant_id) as tx:
            tenant = read_tenant(tx)
        if not tenant.sandbox:
            raise TransitionRefused(
                f"tenant {tenant.key} is no sandbox",
                place="tenant",
                mend="Copy it first: faktura db sandbox-copy",
            )
        return prepared(database, tenant), False

    return _built(url, simulation, folder, found)


def _built(
    url: str,
    simulation: Simulation,
    folder: Path | None,
    find: Callable[[Database], tuple[Tenant, bool]],
) -> World:
    first = datetime.combine(simulation.start, _MIDNIGHT, zone("Europe/Berlin"))
    clock = FixedClock(first)
    database = open_database(url, clock, Uuid7Source(clock, Bits(simulation.seed)))
    try:
        upgrade(database)
        tenant, is_new = find(database)
    except BaseException:
        database.close()
        raise
    contents = TableStore(database) if folder is None else DirectoryStore(folder)
    ground = _Ground(simulation, database, clock, tenant, contents)
    world = _surrounded(ground, is_new=is_new)
    if not is_new:
        known_contracts(database, tenant, world.calendar, simulation.start)
    return world


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a world stands on."""

    simulation: Simulation
    database: Database
    clock: FixedClock
    tenant: Tenant
    contents: ContentStore

    @property
    def faults(self) -> Faults:
        return FAULTS[self.simulation.faults]


def _surrounded(on: _Ground, *, is_new: bool) -> World:
    """The world around a company: each outside with its books, and the process that talks to them."""
    chance, counters = Chance(on.simulation.seed), Counters()
    seller, process = on.tenant.seller, Process()
    met = Met(chance, counters)
    outside = OutsideBooks(ProviderBooks(), BankBooks(seller.iban, Money(0, on.tenant.currency)))
    weather = Weather(on.clock, chance, on.faults.outages)
    psp, bank = Psp(on.clock, chance, outside.psp), Bank(chance, outside.bank)
    subscriber = Subscriber(outside.subscriber, weather, on.faults, process, met)
    line = PspLine(psp, weather, on.faults, process, met, on.tenant.key)
    post = PostOffice(outside.mail, weather, on.faults, process, met)
    connections = Connections(on.database, process, on.contents, on.tenant, line, subscriber)
    worker = Worker(
        connections.context(),
        connections.context,
        queue_of(on.database),
        on.clock,
        process,
        VirtualLoop(),
        on.faults,
        met,
        post,
    )
    calendar = Calendar(chance)
    return World(
        on.simulation,
        on.database,
        on.contents,
        on.tenant,
        on.clock,
        outside,
        counters,
        calendar,
        Payers(chance, bank),
        weather,
        psp,
        bank,
        Courier(psp, on.faults, met, connections.source()),
        subscriber,
        Errands(
            worker,
            on.tenant,
            chance,
            calendar,
            bank,
            outside.datev,
            on.faults,
            met,
            on.simulation.start,
        ),
        worker,
        is_new,
    )

"""Lives a company day by day: night, morning, noon and evening, each with its people, parcels and jobs."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta

from faktura.domain.jobs import JobName
from faktura.domain.tenants import Tenant
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.testing.simulation.chance import OF
from faktura.testing.simulation.counting import Counters
from faktura.testing.simulation.newcomers import Newcomer, first_newcomers, newcomer
from faktura.testing.simulation.outside import OutsideBooks
from faktura.testing.simulation.payers import Payer
from faktura.testing.simulation.plan import Simulation
from faktura.testing.simulation.world import World

_NIGHT, _MORNING, _NOON, _EVENING = time(4, 10), time(8, 30), time(12, 30), time(19, 30)
# One tick stands for the many of the hours before it: what it starts does all that is due.
_BY_NIGHT = (JobName.CONTRACT_DAY, JobName.ACCOUNTING_DAY)
# What no simulated customer gives daily work to.
_WEEKLY = (JobName.TIDY_UP, JobName.VAT_DAY, JobName.MAIL_DAY, JobName.BANK_DAY)
# The day's collection tries again what is to be tried again, too: no hourly round beside it.
_BY_MORNING = (JobName.RUN_DUNNING, JobName.PAYMENT_DAY)
_BY_NOON = (JobName.RESOLVE_PAYMENTS,)
_BY_EVENING = (JobName.RESOLVE_PAYMENTS, JobName.POLL_PROVIDERS, JobName.OUTBOX_ROUND)
_SUNDAY = 6
# New contracts a day, of ten thousand: a fifth more in a year makes up for those that end.
_GROWTH = 8
_IMPORTED_AT_ONCE = 2_000
_PRICES_RISE_AFTER = 150
_LATE_FACTS = 31


@dataclass(frozen=True, slots=True)
class Day:
    """A simulated day that is over: nothing is due, no transaction is open, the clock stands at its evening.

    `no` counts from 1. `database` is for reading; nobody crashes on it.
    """

    no: int
    date: date
    database: Database
    contents: ContentStore
    tenant: Tenant
    outside: OutsideBooks
    counters: Counters


@dataclass(frozen=True, slots=True)
class Lived:
    """What came of a simulation: how it stands after its last day."""

    simulation: Simulation
    last: Day


def simulate(
    world: World, simulation: Simulation, *, on_day: Callable[[Day], None] = lambda _day: None
) -> Lived:
    """Live the days of the simulation; `on_day` is called at the end of each."""
    if world.is_new:
        begin(world, simulation)
    with _rare_searches_for_cycles():
        for no in range(1, simulation.days):
            on_day(live_day(world, no, simulation.start + timedelta(days=no - 1)))
        end = simulation.start + timedelta(days=simulation.days - 1)
        last = live_day(world, simulation.days, end)
        on_day(last)
    return Lived(simulation, last)


@contextmanager
def _rare_searches_for_cycles() -> Iterator[None]:
    """The books of the outside grow all the time and hold no cycles; looking for them costs a tenth."""
    thresholds = gc.get_threshold()
    gc.set_threshold(100_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def begin(world: World, simulation: Simulation) -> None:
    """The contracts that the company begins with."""
    people = first_newcomers(world.chance, simulation.contracts, simulation.start)
    for first in range(0, len(people), _IMPORTED_AT_ONCE):
        _welcome(world, people[first : first + _IMPORTED_AT_ONCE], simulation.start)


def live_day(world: World, no: int, today: date) -> Day:
    """One day from night to evening."""
    _night(world, today)
    _morning(world, no, today)
    _noon(world, today)
    _evening(world, today)
    running = world.calendar.running(today)
    world.counters.contracts = running
    world.counters.contract_days += running
    return Day(
        no,
        today,
        world.database,
        world.contents,
        world.tenant,
        world.outside,
        world.counters,
    )


def _night(world: World, today: date) -> None:
    world.go_to(today, _NIGHT)
    for name in world.weather.begin_day():
        world.counters.faults[f"{name}_outage"] += 1
    weekly = _WEEKLY if today.weekday() == _SUNDAY else ()
    world.worker.work((*_BY_NIGHT, *weekly))


def _morning(world: World, no: int, today: date) -> None:
    world.go_to(today, _MORNING)
    if not world.weather.is_away("bank"):
        world.errands.fetch_statement(today)
    world.errands.clear_up(today)
    _welcome(world, _newcomers(world, today), today)
    if no == _PRICES_RISE_AFTER and world.is_new:
        world.errands.raise_prices(today + timedelta(days=_LATE_FACTS))
    world.errands.hear_wishes(today)
    world.errands.bill(today)
    _deliver(world)
    world.worker.work(_BY_MORNING)
    if not world.weather.is_away("bank"):
        world.errands.file_debits()


def _noon(world: World, today: date) -> None:
    world.go_to(today, _NOON)
    _deliver(world)
    world.worker.work(_BY_NOON)


def _evening(world: World, today: date) -> None:
    world.go_to(today, _EVENING)
    _deliver(world)
    world.bank.book_day(today)
    world.errands.export(today)
    world.worker.work(_BY_EVENING)
    for kind, data in world.subscriber.read_news():
        world.payers.hear(kind, data, today)
    world.payers.begin_day(today)


def _deliver(world: World) -> None:
    """The PSP lives on and tells; what our receiver did not take it brings again."""
    world.psp.live_on()
    now = world.clock.now()
    world.courier.pack(now)
    events = world.courier.due(now)
    if not events:
        return
    worker = world.worker
    worker.survive(
        lambda: world.courier.hand_over(worker.context.database, world.tenant.id, events)
    )


def _newcomers(world: World, today: date) -> list[Newcomer]:
    if not world.is_new:
        return []
    expected = world.counters.contracts * _GROWTH
    more = world.chance.happens(expected % OF, "newcomers", today)
    count = expected // OF + (1 if more else 0)
    known = len(world.payers.payers)
    return [newcomer(world.chance, known + no, today) for no in range(1, count + 1)]


def _welcome(world: World, people: list[Newcomer], today: date) -> None:
    for one in people:
        world.payers.payers[one.customer] = Payer(one.customer, one.name, one.iban, one.method)
    world.errands.welcome(people, today)

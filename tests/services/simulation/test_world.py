"""The simulated company: what it lives through, and that outside books and ours tell of the same money."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from faktura.domain.events import EventType
from faktura.flows.verification import verify
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import OutOfRange, TransitionRefused, UnexpectedFailure
from faktura.kernel.ids import Uuid7Source
from faktura.kernel.money import Money
from faktura.store.database import open_database
from faktura.store.movement_lists import list_movements
from faktura.store.tenants import create_tenant, list_tenants, read_tenant, update_tenant
from faktura.testing.simulation.bank import Transfer
from faktura.testing.simulation.chance import Bits, Chance
from faktura.testing.simulation.company import TENANT
from faktura.testing.simulation.driver import Day, simulate
from faktura.testing.simulation.mortality import Died, MortalDatabase, Process
from faktura.testing.simulation.newcomers import german_iban
from faktura.testing.simulation.outside import ChargeState
from faktura.testing.simulation.plan import FaultLevel, Simulation
from faktura.testing.simulation.virtual_loop import VirtualLoop
from faktura.testing.simulation.wishes import Calendar, Life
from faktura.testing.simulation.world import World, open_world, world_of_tenant

QUIET = Simulation(contracts=10, days=37, seed=5, faults=FaultLevel.NONE)


@pytest.fixture(scope="module")
def quiet(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, list[Day]]]:
    """Five weeks in which nothing goes wrong."""
    folder = tmp_path_factory.mktemp("quiet")
    shutil.copy(migrated_file, folder / "faktura.sqlite3")
    world = open_world(f"sqlite:///{folder / 'faktura.sqlite3'}", QUIET, folder=folder)
    days: list[Day] = []
    with closing(world):
        simulate(world, QUIET, on_day=days.append)
        yield world, days


def test_every_day_is_told_of_once(quiet: tuple[World, list[Day]]) -> None:
    """From 1 January to 6 February, with all contracts that were concluded."""
    _, days = quiet

    assert [(day.no, day.date) for day in (days[0], days[-1])] == [
        (1, date(2026, 1, 1)),
        (37, date(2026, 2, 6)),
    ]
    assert len(days) == 37
    assert days[-1].counters.contract_days >= 10 * 37


def test_without_faults_nothing_dies_and_nothing_is_lost(quiet: tuple[World, list[Day]]) -> None:
    """NONE is really none: no crash, no fault, every mail taken once, no request that breaks a rule."""
    counters, outside = quiet[1][-1].counters, quiet[1][-1].outside

    assert (counters.crashes, dict(counters.faults)) == (0, {})
    assert set(outside.mail.accepted.values()) == {1}
    assert (outside.mail.unanswered, outside.mail.bounced) == (set(), set())
    assert outside.psp.breaches == []


def test_customers_pay_in_every_way(quiet: tuple[World, list[Day]]) -> None:
    """Transfers and debits at the bank, charges at the PSP; the accounting gets its first month."""
    outside = quiet[1][-1].outside

    assert any(one.invoice for one in outside.bank.bookings)
    assert any(not one.invoice and one.amount.minor > 0 for one in outside.bank.bookings)
    assert any(one.state is ChargeState.TAKEN for one in outside.psp.charges.values())
    assert [batch.number for batch in outside.datev.batches] == [1]
    assert outside.datev.batches[0].day == date(2026, 2, 5)


def test_the_bank_adds_up_what_it_booked(quiet: tuple[World, list[Day]]) -> None:
    """Its balance is the sum of its bookings; statements told of all but the last evening's."""
    bank = quiet[1][-1].outside.bank

    total = Money(0, "EUR")
    for booking in bank.bookings:
        total += booking.amount
    assert bank.balance == total
    assert all(one.day == date(2026, 2, 6) for one in bank.bookings[bank.told :])


def test_the_subscriber_hears_each_fact_once_where_nothing_is_lost(
    quiet: tuple[World, list[Day]],
) -> None:
    """No delivery twice, and the facts of an object in their order."""
    taken = quiet[1][-1].outside.subscriber.taken

    assert len({one.id for one in taken}) == len(taken) > 50
    heard: dict[object, int] = {}
    for one in taken:
        assert one.sequence > heard.get(one.object_id, 0)
        heard[one.object_id] = one.sequence
    assert EventType.INVOICE_CREATED in {one.type for one in taken}


def test_what_nobody_knows_is_given_up_after_a_month(migrated_file: Path, tmp_path: Path) -> None:
    """A stranger's transfer of 1 January waits until 2 February, the Monday after thirty days."""
    wanted = Simulation(contracts=1, days=33, seed=3, faults=FaultLevel.NONE)
    states: dict[date, MovementState] = {}

    def note(day: Day) -> None:
        with day.database.read(day.tenant.id) as tx:
            for one in list_movements(tx):
                if one.booked_on == date(2026, 1, 1):
                    states[day.date] = one.state

    with closing(_opened(migrated_file, tmp_path, wanted)) as world:
        stranger = Transfer(Money(1234, "EUR"), "Spende", "Unbekannt", german_iban(9_000_000_000))
        world.bank.order(date(2026, 1, 1), stranger)
        simulate(world, wanted, on_day=note)

    assert states[date(2026, 2, 1)] is MovementState.OPEN
    assert states[date(2026, 2, 2)] is MovementState.DISMISSED


def test_the_books_of_a_simulated_company_verify(quiet: tuple[World, list[Day]]) -> None:
    """As those of a real one."""
    world, _ = quiet

    assert list(verify(world.database, world.contents, world.tenant.id)) == []


def test_a_company_survives_crashes_and_outages(migrated_file: Path, tmp_path: Path) -> None:
    """HIGH: the process dies again and again; the books verify, and the PSP charged no key twice."""
    wanted = Simulation(contracts=20, days=22, seed=8, faults=FaultLevel.HIGH)
    with closing(_opened(migrated_file, tmp_path, wanted)) as world:
        last = simulate(world, wanted).last
        found = list(verify(world.database, world.contents, world.tenant.id))

    assert last.counters.crashes >= 1
    assert last.outside.psp.breaches == []
    keys = [one.key for one in last.outside.psp.charges.values()]
    assert len(set(keys)) == len(keys) > 0
    assert found == []


def test_a_sandbox_tenant_is_lived_on(migrated_file: Path, tmp_path: Path) -> None:
    """Its contracts are billed from the new start on; a tenant of the live world is refused."""
    wanted = Simulation(contracts=6, days=3, seed=3, faults=FaultLevel.NONE)
    with closing(_opened(migrated_file, tmp_path, wanted)) as world:
        simulate(world, wanted)
    url = f"sqlite:///{tmp_path / 'faktura.sqlite3'}"
    later = Simulation(0, 12, 3, FaultLevel.LOW, start=date(2026, 2, 1))

    with closing(world_of_tenant(url, 1, later, folder=tmp_path)) as world:
        last = simulate(world, later).last
        found = list(verify(world.database, world.contents, 1))
        with world.database.write(1) as tx:
            update_tenant(tx, replace(read_tenant(tx), sandbox=False))

    assert last.counters.contracts == 6
    assert EventType.INVOICE_CREATED in {one.type for one in last.outside.subscriber.taken}
    assert found == []
    with pytest.raises(TransitionRefused, match="no sandbox"):
        world_of_tenant(url, 1, later, folder=tmp_path)


def _opened(migrated_file: Path, folder: Path, wanted: Simulation) -> World:
    shutil.copy(migrated_file, folder / "faktura.sqlite3")
    return open_world(f"sqlite:///{folder / 'faktura.sqlite3'}", wanted, folder=folder)


@pytest.mark.parametrize(("contracts", "days"), [(-1, 10), (1_000_001, 10), (10, 0), (10, 3_701)])
def test_what_cannot_be_simulated_is_refused(contracts: int, days: int) -> None:
    """By name, with what to give instead."""
    with pytest.raises(OutOfRange, match="cannot be simulated"):
        Simulation(contracts, days, 1)


def test_chance_depends_on_what_it_is_about_alone() -> None:
    """Neither on the order of asking nor on how often; another seed says something else."""
    dice = Chance(7)
    asked = [dice.below(1_000, "pay-day", number) for number in range(20)]

    assert [Chance(7).below(1_000, "pay-day", number) for number in reversed(range(20))] == asked[
        ::-1
    ]
    assert [Chance(8).below(1_000, "pay-day", number) for number in range(20)] != asked
    assert not any(dice.happens(0, "never", number) for number in range(100))
    assert all(dice.happens(10_000, "always", number) for number in range(100))
    assert {dice.between(3, 5, "days", number) for number in range(100)} == {3, 4, 5}


def test_ids_are_the_same_in_every_run_and_never_twice() -> None:
    """Their random part counts."""
    clock = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
    one, other = Uuid7Source(clock, Bits(7)), Uuid7Source(clock, Bits(7))

    made = [one() for _ in range(500)]

    assert [other() for _ in range(500)] == made
    assert len(set(made)) == 500
    assert Uuid7Source(clock, Bits(8))() != made[0]


def test_ibans_of_customers_have_right_check_digits() -> None:
    """The account of the ISO example."""
    assert german_iban(532_013_000) == "DE89370400440532013000"


def test_the_loop_neither_waits_nor_uses_threads() -> None:
    """An hour of sleep passes in no time, in the order of the ends; a call in a thread is made at once."""
    loop, told = VirtualLoop(), list[str]()

    async def sleeper(seconds: int) -> None:
        await asyncio.sleep(seconds)
        told.append(await asyncio.to_thread(lambda: f"after {seconds} s"))

    async def both() -> None:
        await asyncio.gather(sleeper(3_600), sleeper(60))

    loop.run_until_complete(both())

    assert told == ["after 60 s", "after 3600 s"]
    assert loop.time() == pytest.approx(3_600)
    loop.close()


def test_what_waits_for_ever_is_an_error_not_a_hang() -> None:
    """A simulated process that nobody wakes up."""
    loop = VirtualLoop()

    async def stuck() -> None:
        await asyncio.Event().wait()

    with pytest.raises(UnexpectedFailure, match="what never comes"):
        loop.run_until_complete(stuck())
    loop.bury()
    loop.close()


@pytest.mark.parametrize(("fuse", "is_kept"), [(1, False), (2, False), (3, True)])
def test_a_process_dies_before_at_or_behind_a_commit(
    database_url: str, fuse: int, *, is_kept: bool
) -> None:
    """What was committed is there, all else never happened; the dead reach nothing any more."""
    clock = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
    plain = open_database(database_url, clock, Uuid7Source(clock))
    process = Process()
    mortal = MortalDatabase(plain.engine, plain.clock, plain.new_id, process)
    process.begin(fuse)

    with pytest.raises(Died), mortal.write(0) as tx:
        create_tenant(tx, TENANT)

    with plain.read(0) as tx:
        found = [tenant.key for tenant in list_tenants(tx)]
    assert found == (["simulated"] if is_kept else [])
    with pytest.raises(Died), mortal.read(0):
        pass
    process.start_again()
    with mortal.read(0):
        pass
    plain.close()


def test_a_contract_wishes_until_it_ends() -> None:
    """Each has one next wish at a time; one that has ended is counted no more and wishes nothing."""
    today = date(2026, 1, 1)
    calendar = Calendar(Chance(1))
    calendar.add(Life("A-1", "MONTH", 1, ("M-BASIC",)), today)
    calendar.add(Life("A-2", "MONTH", 1, ("M-BASIC",)), today)
    calendar.end("A-2", date(2026, 3, 1))

    wished = [
        (life.number, life.wishes)
        for day in range(900)
        for life in calendar.due(today + timedelta(days=day))
    ]

    assert wished[:3] == [("A-1", 0), ("A-1", 1), ("A-1", 2)]
    assert {number for number, _ in wished} == {"A-1"}
    assert [calendar.running(day) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [2, 1]

"""The same seed lives the same company, on either database; another seed lives another one."""

import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.databases import MigratedServer

from faktura.testing.simulation.counting import Counters
from faktura.testing.simulation.driver import simulate
from faktura.testing.simulation.ledger_hash import ledger_hash
from faktura.testing.simulation.outside import OutsideBooks
from faktura.testing.simulation.plan import FaultLevel, Simulation
from faktura.testing.simulation.world import open_world

SIMULATION = Simulation(contracts=8, days=34, seed=11, faults=FaultLevel.HIGH)


@dataclass(frozen=True, slots=True)
class Story:
    """What came of a simulation."""

    hash: str
    counters: Counters
    outside: OutsideBooks


def lived(url: str, simulation: Simulation, folder: Path) -> Story:
    """A simulation from its first to its last day."""
    with closing(open_world(url, simulation, folder=folder)) as world:
        last = simulate(world, simulation).last
        return Story(ledger_hash(world.database, world.tenant.id), last.counters, last.outside)


def fresh(migrated_file: Path, folder: Path) -> str:
    """The address of a SQLite database without rows."""
    folder.mkdir()
    shutil.copy(migrated_file, folder / "faktura.sqlite3")
    return f"sqlite:///{folder / 'faktura.sqlite3'}"


def charged(story: Story) -> list[object]:
    """What the PSP charged, in its order."""
    charges = story.outside.psp.charges.values()
    return [(one.invoice, one.amount, one.at, one.state, one.fee) for one in charges]


def told(story: Story) -> list[object]:
    """What the subscriber was told, in the order in which it came."""
    return [(one.type, one.sequence) for one in story.outside.subscriber.taken]


@pytest.fixture(scope="module")
def first(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The story on SQLite."""
    folder = tmp_path_factory.mktemp("seed") / "first"
    return lived(fresh(migrated_file, folder), SIMULATION, folder)


def test_a_seed_tells_the_same_story_twice(
    first: Story, migrated_file: Path, tmp_path: Path
) -> None:
    """Ledger, crashes, faults, jobs, and what PSP, bank, mail and subscriber wrote down, id by id."""
    folder = tmp_path / "again"

    again = lived(fresh(migrated_file, folder), SIMULATION, folder)

    assert again == first
    assert first.counters.crashes > 0
    assert sum(first.counters.faults.values()) > 4


@pytest.mark.postgres
def test_a_seed_tells_the_same_story_on_postgresql(
    first: Story, migrated_server: MigratedServer, tmp_path: Path
) -> None:
    """Another queue, another order of rows that nobody asked to sort: nothing of it shows but in ids."""
    story = lived(migrated_server.without_rows(), SIMULATION, tmp_path)

    assert (story.hash, story.counters) == (first.hash, first.counters)
    assert story.outside.bank == first.outside.bank
    assert charged(story) == charged(first)
    assert told(story) == told(first)


def test_another_seed_tells_another_story(
    first: Story, migrated_file: Path, tmp_path: Path
) -> None:
    """The hash says so within a few days."""
    folder = tmp_path / "other"
    other = Simulation(contracts=8, days=4, seed=12, faults=FaultLevel.HIGH)

    story = lived(fresh(migrated_file, folder), other, folder)

    assert story.hash != first.hash

"""A contract's whole life in any order: each day of each item is billed once, to the cent."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from tests.lives.beginnings import live
from tests.lives.machine import Plan
from tests.lives.plans import ACTS, plans
from tests.lives.world import World, open_lives

from faktura.store.database import Database

_CALM = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database of the lives, closed whatever becomes of them."""
    database = open_lives(url)
    try:
        yield database
    finally:
        database.close()


def lives_on(database: Database, lives: int, *, thorough: bool) -> Counter[str]:
    """Let that many contracts live; how often each step happened and how often it was refused.

    A thorough look asks `faktura verify` after every step, any other at the end of each life.
    """
    happened: Counter[str] = Counter()

    @settings(max_examples=lives, suppress_health_check=_CALM, report_multiple_bugs=False)
    @given(plans())
    def one_life(plan: Plan) -> None:
        life = live(World(database), plan, ACTS, thorough=thorough)
        happened.update(life.counts)
        happened["lives"] += 1
        for what in life.counts:
            event(what)

    one_life()
    return happened


def test_each_day_of_a_life_is_billed_once(tmp_path: Path):
    """Whatever happens to a contract: days, cents, accounts, journal and documents hold (F068-F075).

    As many lives as the profile says; a search in which nothing succeeds would prove nothing.
    """
    with opened(f"sqlite:///{tmp_path / 'lives.sqlite3'}") as database:
        happened = lives_on(database, settings().max_examples, thorough=False)
    for what in ("upgrade", "bill", "align", "succeed", "pause", "cancel"):
        assert happened[what] > 0, happened
    succeeded = sum(happened[what] for what in ACTS)
    refused = sum(happened[f"{what} refused"] for what in ACTS)
    assert succeeded > refused, happened


def test_lives_on_both_databases(database_url: str):
    """A few of them on PostgreSQL as well, with every proof after every step."""
    with opened(database_url) as database:
        lives_on(database, 10, thorough=True)


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(4))
def test_ten_thousand_lives(tmp_path: Path, part: int):
    """As above, with every proof after every step; each part is a search of its own."""
    with opened(f"sqlite:///{tmp_path / f'lives-{part}.sqlite3'}") as database:
        happened = lives_on(database, 2500, thorough=True)
    assert happened["lives"] >= 2500

"""A company's year with everything that can go wrong: no invariant is broken on any evening (O20)."""

import shutil
from pathlib import Path

import pytest

from faktura.testing.simulation.plan import FaultLevel, Simulation
from faktura.testing.simulation.receipt import Receipt, live
from faktura.testing.simulation.world import open_world


def lived(url: str, simulation: Simulation, folder: Path) -> Receipt:
    """The receipt of a simulation."""
    world = open_world(url, simulation, folder=folder)
    try:
        return live(world, simulation)
    finally:
        world.close()


def fresh(migrated_file: Path, folder: Path) -> str:
    """The address of a SQLite database without rows."""
    shutil.copy(migrated_file, folder / "year.db")
    return f"sqlite:///{folder}/year.db"


def test_a_year_of_200_contracts_breaks_no_invariant(migrated_file, tmp_path):
    """400 days, crashes, lost answers, duplicates, outages: every evening all invariants hold."""
    year = Simulation(contracts=200, days=400, seed=1, faults=FaultLevel.HIGH)

    receipt = lived(fresh(migrated_file, tmp_path), year, tmp_path)

    assert [one.breach for one in receipt.breaches] == []
    assert (receipt.broken, receipt.evenings) == (0, 400)
    # It was no quiet year: otherwise the line above would say little.
    assert receipt.contract_days > 70_000
    assert receipt.crashes > 20
    assert receipt.returns > 0
    assert receipt.dunnings > 0
    assert {"event_twice", "event_lost", "psp_answer_lost", "bank_outage"} <= receipt.faults.keys()
    assert {"new contract", "upgrade", "terminate", "pause"} <= receipt.acts.keys()


@pytest.mark.nightly
@pytest.mark.postgres
def test_the_same_year_has_the_same_ledger_on_postgresql(migrated_file, migrated_server, tmp_path):
    """One hash of 400 days on both databases."""
    year = Simulation(contracts=200, days=400, seed=1, faults=FaultLevel.HIGH)

    here = lived(fresh(migrated_file, tmp_path), year, tmp_path / "here")
    there = lived(migrated_server.without_rows(), year, tmp_path / "there")

    assert there.ledger_hash == here.ledger_hash
    assert (there.broken, here.broken) == (0, 0)


@pytest.mark.nightly
def test_a_year_of_10000_contracts_breaks_no_invariant(migrated_file, tmp_path):
    """The same with many."""
    year = Simulation(contracts=10_000, days=400, seed=1, faults=FaultLevel.HIGH)

    receipt = lived(fresh(migrated_file, tmp_path), year, tmp_path)

    assert [one.breach for one in receipt.breaches] == []
    assert receipt.contract_days > 3_500_000

"""A tenant that is older than dunning has no numbers for charges yet."""

from datetime import date

import pytest
from sqlalchemy import delete
from tests.services.dunning.scene import LEVELS, Scene

from faktura.domain.dunning_policies import DunningPolicy
from faktura.flows.dunning import rehearse_dunning
from faktura.services.verification import PROOFS, prove
from faktura.store import tables

ON = date(2026, 3, 23)


@pytest.fixture
def old(scene: Scene) -> Scene:
    """A customer who owes charges by the first level, of a tenant without the number range."""
    scene.set_policy(DunningPolicy(LEVELS[1:2]))
    scene.owe(scene.customer(), "R-1", 11_900, date(2026, 3, 2))
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(
            delete(tables.number_range).where(tables.number_range.c.name == "DUNNING")
        )
    return scene


def test_trying_it_out_needs_no_range_and_starts_none(old: Scene):
    """5.00 of fee and 0.70 of interest for 21 days; nothing of it stays."""
    found = rehearse_dunning(old.database, old.tenant, ON)

    assert [(number, one.charges) for number, one in found.notices] == [("K-1", 570)]
    with old.database.read(old.tenant.id) as tx:
        ranges = set(tx.connection.execute(tables.number_range.select()).scalars())
        assert "DUNNING" not in ranges
    assert old.notices() == []


def test_the_first_run_starts_the_range(old: Scene):
    """With the prefix that new tenants have."""
    receipt = old.dun(ON)

    assert receipt.totals.notices == 1
    with old.database.read(old.tenant.id) as tx:
        numbers = tx.connection.execute(
            tables.document.select().with_only_columns(tables.document.c.number)
        ).scalars()
        assert sorted(numbers) == ["MG-000001", "R-1"]
        assert [one for proof in PROOFS for one in prove(tx, proof)] == []

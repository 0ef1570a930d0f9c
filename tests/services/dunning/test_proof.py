"""`faktura verify` on what dunning wrote."""

from datetime import date

import pytest
from sqlalchemy import text
from tests.services.dunning.scene import Scene

from faktura.domain.violations import Proof
from faktura.services.dunning_waivers import waive_charges
from faktura.services.verification import PROOFS, prove


def _dunned(scene: Scene) -> None:
    owner = scene.customer()
    scene.owe(owner, "R-1", 11_900, date(2026, 3, 2))
    scene.owe(owner, "R-2", 4_000, date(2026, 3, 10))
    for on in (date(2026, 3, 9), date(2026, 3, 23), date(2026, 4, 6)):
        scene.dun(on)


def _found(scene: Scene, proof: Proof) -> list[str]:
    with scene.database.read(scene.tenant.id) as tx:
        return [one.problem for one in prove(tx, proof)]


def test_a_dunned_company_verifies(scene: Scene):
    """All proofs hold, those of the ledger, the numbers and the seals as well, also after a waiver."""
    _dunned(scene)
    with scene.database.write(scene.tenant.id) as tx:
        waive_charges(tx, scene.tenant, "MG-000001", reason="Kulanz", by="test")

    assert {proof: _found(scene, proof) for proof in PROOFS} == {proof: [] for proof in PROOFS}


@pytest.mark.parametrize(
    ("table", "statement", "problem"),
    [
        (
            "dunning_notice",
            "UPDATE dunning_notice SET snapshot = '{}' WHERE level = 1",
            "what it says is not what was told when it was written",
        ),
        (
            "dunning_notice",
            "UPDATE dunning_notice SET fee = fee + 1, interest = interest - 1 WHERE level = 2",
            "its sums are not those of its documents",
        ),
        (
            "dunning_item",
            "DELETE FROM dunning_item",
            "it reminds of no document",
        ),
        (
            "dunning_level",
            "UPDATE dunning_level SET level = level + 1",
            "it is not what the document's notices say",
        ),
        (
            "dunning_level",
            "DELETE FROM dunning_level",
            "notices name a level that is not kept",
        ),
        (
            "dunning_notice",
            "UPDATE dunning_notice SET document_id = NULL WHERE level = 2",
            "it charges what no notice says",
        ),
        (
            "document",
            "UPDATE document SET net = 1, gross = 1 WHERE number = 'MG-000001'",
            "its document says 1",
        ),
        (
            "journal_entry",
            "UPDATE journal_entry SET entry_key = 'x' WHERE entry_key = 'dun:MG-000001'",
            "its charges are not in the journal",
        ),
        (
            "leg",
            "UPDATE leg SET minor = minor + 1 WHERE slot = 'DUNNING_FEES'",
            "the journal says",
        ),
    ],
)
def test_what_is_changed_afterwards_is_found(
    scene: Scene, table: str, statement: str, problem: str
):
    """A frozen notice, its items and the levels that follow from them."""
    _dunned(scene)
    with scene.database.write(scene.tenant.id) as tx:
        for trigger in _triggers(scene, table):
            tx.connection.execute(text(trigger))
        tx.connection.execute(text(statement))

    assert any(problem in one for one in _found(scene, Proof.DUNNING))


def _triggers(scene: Scene, table: str) -> list[str]:
    if scene.database.is_postgresql:
        return [f"ALTER TABLE {table} DISABLE TRIGGER USER"]
    with scene.database.read(scene.tenant.id) as tx:
        rows = tx.connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
            {"table": table},
        )
        return [f"DROP TRIGGER {name}" for name in rows.scalars()]

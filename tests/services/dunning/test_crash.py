"""Killed anywhere, a dunning run goes on to the same notices and charges."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.services.dunning.scene import Scene, open_scene

from faktura.domain.violations import Proof
from faktura.services.verification import prove
from faktura.store.accounts import read_open_items

_SCRIPT = Path(__file__).with_name("dying_dunning.py")
_FIRST, _SECOND = date(2026, 3, 9), date(2026, 3, 23)

_Books = tuple[list[tuple[object, ...]], list[tuple[object, ...]], list[tuple[str, int]]]


def _overdue(scene: Scene) -> None:
    """Five customers with seven documents, all at their first level."""
    for no in range(1, 6):
        owner = scene.customer()
        for part in range(1 if no % 2 else 2):
            scene.owe(owner, f"R-{no}-{part}", 10_000 * no, date(2026, 3, 2))
    scene.dun(_FIRST)


def _books(scene: Scene) -> _Books:
    """Notices, items and open documents, without ids."""
    with scene.database.read(scene.tenant.id) as tx:
        items = sorted((one.number, one.open.minor) for one in read_open_items(tx))
    return scene.notices(), scene.items(), items


def _run(url: str, dies_at: int) -> int:
    command = [sys.executable, str(_SCRIPT), url, str(_SECOND), str(dies_at)]
    return subprocess.run(command, check=False).returncode


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> _Books:
    """The books after a run that nothing interrupted."""
    path = tmp_path_factory.mktemp("whole") / "whole.db"
    scene = open_scene(f"sqlite:///{path}")
    _overdue(scene)
    assert _run(f"sqlite:///{path}", 0) == 0
    books = _books(scene)
    scene.database.close()
    assert len(books[0]) == 10
    return books


@pytest.mark.parametrize("dies_at", [1, 2, 5, 9, 13, 17, 21])
def test_a_killed_run_goes_on_to_the_same_books(
    scene: Scene, database_url: str, expected: _Books, dies_at: int
):
    """SIGKILL in the middle of a chunk leaves nothing of it; the next run finishes."""
    _overdue(scene)

    assert _run(database_url, dies_at) == -9
    assert _run(database_url, 0) == 0

    assert _books(scene) == expected
    with scene.database.read(scene.tenant.id) as tx:
        assert [one for proof in (Proof.DUNNING, Proof.NUMBERS) for one in prove(tx, proof)] == []

"""A billed company with a bank account, on both databases."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.services.bank.scene import BankScene

from faktura.store.database import Database


@pytest.fixture
def open_scene(database: Database, tmp_path: Path) -> Callable[..., BankScene]:
    """Makes the scene, with another chart or ledger account where the test says so."""
    return lambda **changes: BankScene(database, tmp_path / "content", **changes)


@pytest.fixture
def scene(open_scene: Callable[..., BankScene]) -> BankScene:
    """The scene as it is described."""
    return open_scene()

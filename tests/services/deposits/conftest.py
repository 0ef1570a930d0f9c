"""A company that asks for deposits, and its bank, on both databases."""

from pathlib import Path

import pytest
from tests.services.deposits.scene import DepositScene

from faktura.store.database import Database


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> DepositScene:
    """The scene as it is described."""
    return DepositScene(database, tmp_path / "content")

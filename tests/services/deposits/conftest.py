"""A company that asks for deposits, and its bank, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.company import opened
from tests.services.deposits.scene import DepositScene

from faktura.store.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with its schema."""
    database = opened(database_url)
    yield database
    database.close()


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> DepositScene:
    """The scene as it is described."""
    return DepositScene(database, tmp_path / "content")

"""A billed company with a bank account, on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.services.bank.scene import BankScene
from tests.services.company import opened

from faktura.store.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with its schema."""
    database = opened(database_url)
    yield database
    database.close()


@pytest.fixture
def open_scene(database: Database, tmp_path: Path) -> Callable[..., BankScene]:
    """Makes the scene, with another chart or ledger account where the test says so."""
    return lambda **changes: BankScene(database, tmp_path / "content", **changes)


@pytest.fixture
def scene(open_scene: Callable[..., BankScene]) -> BankScene:
    """The scene as it is described."""
    return open_scene()

"""A billed company on both databases, with its content store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.company import Company, opened

from faktura.store.blobs import DirectoryStore
from faktura.store.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with its schema."""
    database = opened(database_url)
    yield database
    database.close()


@pytest.fixture
def company(database: Database) -> Company:
    """A company without contracts."""
    return Company(database)


@pytest.fixture
def contents(tmp_path: Path) -> DirectoryStore:
    """The content store."""
    return DirectoryStore(tmp_path / "content")

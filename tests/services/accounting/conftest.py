"""A billed company on both databases, with its content store."""

from pathlib import Path

import pytest
from tests.services.company import Company

from faktura.store.blobs import DirectoryStore
from faktura.store.database import Database


@pytest.fixture
def company(database: Database) -> Company:
    """A company without contracts."""
    return Company(database)


@pytest.fixture
def contents(tmp_path: Path) -> DirectoryStore:
    """The content store."""
    return DirectoryStore(tmp_path / "content")

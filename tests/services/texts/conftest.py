"""A tenant whose mail texts are shown and changed, on both databases."""

from collections.abc import Iterator

import pytest
from tests.services.company import Company, opened

from faktura.store.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with its schema."""
    database = opened(database_url)
    yield database
    database.close()


@pytest.fixture
def company(database: Database) -> Company:
    """A tenant."""
    return Company(database)

"""What most tests of services start from."""

from collections.abc import Iterator

import pytest
from tests.services.company import opened

from faktura.store.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with its schema."""
    database = opened(database_url)
    yield database
    database.close()

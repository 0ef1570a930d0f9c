"""A tenant whose mail texts are shown and changed, on both databases."""

import pytest
from tests.services.company import Company

from faktura.store.database import Database


@pytest.fixture
def company(database: Database) -> Company:
    """A tenant."""
    return Company(database)

"""The company whose contracts change their minds, on both databases."""

from collections.abc import Iterator

import pytest
from tests.services.changes.world import World, open_world


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A company without contracts."""
    made = open_world(database_url)
    yield made
    made.database.close()

"""Scenes on both databases."""

from collections.abc import Iterator

import pytest
from tests.services.billing.scene import Scene, open_scene


@pytest.fixture
def scene(database_url: str) -> Iterator[Scene]:
    """A small company without contracts."""
    database = open_scene(database_url)
    yield Scene(database)
    database.close()

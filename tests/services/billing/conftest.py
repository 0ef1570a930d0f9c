"""Scenes on both databases."""

from collections.abc import Iterator

import pytest
from tests.services.billing.scene import Scene, open_scene
from tests.services.changes.world import World, open_world


@pytest.fixture
def scene(database_url: str) -> Iterator[Scene]:
    """A small company without contracts."""
    database = open_scene(database_url)
    yield Scene(database)
    database.close()


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A company whose contracts are given as requests give them."""
    made = open_world(database_url)
    yield made
    made.database.close()

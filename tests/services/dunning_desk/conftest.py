"""Scenes of dunning on both databases."""

from collections.abc import Iterator

import pytest
from tests.services.dunning.scene import Scene, open_scene


@pytest.fixture
def scene(database_url: str) -> Iterator[Scene]:
    """A company on 31 October 2026 to which nobody owes anything yet."""
    made = open_scene(database_url)
    yield made
    made.database.close()

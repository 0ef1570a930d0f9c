"""Scenes on both databases."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from scene import Scene, open_scene


@pytest.fixture
def scene(database_url: str) -> Iterator[Scene]:
    """A small company without contracts."""
    database = open_scene(database_url)
    yield Scene(database)
    database.close()

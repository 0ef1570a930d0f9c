"""A double of finAPI for each test, and the adapter on it."""

import logging
from collections.abc import AsyncIterator

import pytest

from faktura.kernel.clock import FixedClock
from faktura.plugin import Runtime
from finapi_double.scene import NOW, NoState, Scene, new_world
from finapi_double.server import running


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """A double at 1 December 2026, 08:00 UTC, with Erika's login at the test bank."""
    async with running(new_world()) as double:
        yield Scene(double)


@pytest.fixture
def scene_runtime() -> Runtime:
    """A runtime with no way out."""
    return Runtime(FixedClock(NOW), logging.getLogger("faktura.adapter.finapi"), NoState())

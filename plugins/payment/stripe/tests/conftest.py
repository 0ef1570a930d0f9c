"""A double of Stripe for each test."""

from collections.abc import AsyncIterator

import pytest

from faktura.kernel.clock import FixedClock
from stripe_double.scene import NOW, Scene
from stripe_double.server import running
from stripe_double.world import World


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """A double at 1 December 2026, 08:00 UTC."""
    clock = FixedClock(NOW)
    async with running(World(clock)) as double:
        yield Scene(double, clock)

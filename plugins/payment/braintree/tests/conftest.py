"""A double of Braintree for each test, and the adapter on it."""

from collections.abc import AsyncIterator

import pytest

from braintree_double.scene import Scene, new_world
from braintree_double.server import running


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """A double at 1 December 2026, 08:00 UTC, with a card and a PayPal agreement."""
    async with running(new_world()) as double:
        yield Scene(double)

"""A company with endpoints of webhooks, their receiver, and the pump, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from tests.services.webhooks.scene import Receiver, WebhookScene


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver on this machine that takes everything at first."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/{path:.*}", receiver.answer)
    server = TestServer(app)
    await server.start_server()
    receiver.base = f"http://127.0.0.1:{server.port}"
    yield receiver
    await server.close()


@pytest.fixture
def scene(database_url: str, tmp_path: Path, receiver: Receiver) -> object:
    """The scene as it is described."""
    scene = WebhookScene(database_url, tmp_path / "content", receiver)
    yield scene
    scene.database.close()

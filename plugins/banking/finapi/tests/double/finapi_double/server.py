"""The double as two servers on this machine: Access and Web Form, with finAPI's paths."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from threading import Thread

from aiohttp import web
from aiohttp.test_utils import TestServer

from finapi_double import access, listing, mocking, oauth, pages, web_form
from finapi_double.callbacks import RUNNING, Running
from finapi_double.guard import let_in, record
from finapi_double.problems import LISTENER, WORLD
from finapi_double.world import World


@dataclass(frozen=True)
class Double:
    """A running double: its world, and the settings that lead to it."""

    world: World
    access: str
    web_form: str

    @property
    def settings(self) -> dict[str, object]:
        """The plugin's settings for this double."""
        return {
            "client_id": self.world.client_id,
            "client_secret": self.world.client_secret,
            "access_url": self.access,
            "web_form_url": self.web_form,
            "test_banks": True,
        }

    @property
    def hosts(self) -> tuple[str, str]:
        """Name and port of both."""
        return self.access.removeprefix("http://"), self.web_form.removeprefix("http://")


@asynccontextmanager
async def running(world: World) -> AsyncIterator[Double]:
    """The double on two free ports of this machine."""
    servers = [TestServer(access_application(world)), TestServer(form_application(world))]
    for server in servers:
        await server.start_server()
    try:
        yield _double(world, servers)
    finally:
        for server in servers:
            await server.close()


@contextmanager
def in_a_thread(world: World) -> Iterator[Double]:
    """The double in a loop of its own, for tests that start processes or have no loop."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="finapi-double", daemon=True)
    thread.start()
    servers = [TestServer(access_application(world)), TestServer(form_application(world))]
    for server in servers:
        asyncio.run_coroutine_threadsafe(server.start_server(), loop).result(10)
    try:
        yield _double(world, servers)
    finally:
        for server in servers:
            asyncio.run_coroutine_threadsafe(server.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def _double(world: World, servers: list[TestServer]) -> Double:
    bases = [f"http://127.0.0.1:{server.port}" for server in servers]
    world.page_base = bases[1]
    return Double(world, *bases)


def access_application(world: World) -> web.Application:
    """Access V2."""
    app = _application(world, "access")
    base = "/api/v2"
    app.add_routes(
        [
            web.post(f"{base}/oauth/token", oauth.token),
            web.post(f"{base}/oauth/revoke", oauth.revoke),
            web.post(f"{base}/users", access.create_user),
            web.get(f"{base}/users", access.own_user),
            web.get(f"{base}/clientConfiguration", access.configuration),
            web.post(f"{base}/mandatorAdmin/switchApiVersion", access.switch_version),
            web.get(f"{base}/banks", access.banks),
            web.post(f"{base}/bankConnections/import", access.direct_import),
            web.post(f"{base}/bankConnections/update", access.direct_update),
            web.get(f"{base}/bankConnections", access.connections),
            web.get(rf"{base}/bankConnections/{{id:\d+}}", access.connection),
            web.delete(rf"{base}/bankConnections/{{id:\d+}}", access.delete_connection),
            web.get(f"{base}/accounts", access.accounts),
            web.get(f"{base}/transactions", listing.transactions),
            web.post(f"{base}/tests/mockBatchUpdate", mocking.mock_batch_update),
        ]
    )
    return app


def form_application(world: World) -> web.Application:
    """Web Form 2.0, and its pages."""
    app = _application(world, "web form")
    app.add_routes(
        [
            web.post("/api/webForms/bankConnectionImport", web_form.import_form),
            web.post("/api/tasks/backgroundUpdate", web_form.background_update),
            web.get("/api/tasks", web_form.tasks),
            web.get("/api/tasks/{id}", web_form.task),
            web.get("/api/webForms", web_form.forms),
            web.get("/api/webForms/{id}", web_form.form),
            web.delete("/api/webForms/{id}", web_form.delete_form),
            web.post("/api/webForms/{id}/cancel", web_form.cancel_form),
            web.get("/wf/{id}", pages.show),
            web.post("/wf/{id}", pages.submit),
        ]
    )
    return app


def _application(world: World, listener: str) -> web.Application:
    app = web.Application(middlewares=[record, let_in], client_max_size=16 * 1024 * 1024)
    app[WORLD] = world
    app[LISTENER] = listener
    app[RUNNING] = Running()
    app.on_cleanup.append(_finish)
    return app


async def _finish(app: web.Application) -> None:
    for task in list(app[RUNNING].tasks):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

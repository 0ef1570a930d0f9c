"""The double as a server on this machine: who is let in, keys, faults by switch."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from aiohttp import web
from aiohttp.test_utils import TestServer

from stripe_double import keys
from stripe_double.expansion import expanded
from stripe_double.faults import Fault, Switch
from stripe_double.form import read_form
from stripe_double.params import checked
from stripe_double.problems import Refusal
from stripe_double.routes import route
from stripe_double.world import VERSION, World

_WORLD = web.AppKey("world", World)
_JSON = "application/json"
_BEFORE = {
    Fault.BUSY: Refusal(429, "Too many requests", code="rate_limit"),
    Fault.LOCKED: Refusal(429, "This object cannot be accessed right now", code="lock_timeout"),
    Fault.DOWN: Refusal(503, "Stripe is down", kind="api_error"),
    Fault.KEY_REFUSED: Refusal(401, "Invalid API Key provided"),
    Fault.FORBIDDEN: Refusal(403, "The provided key does not have the required permissions"),
}
_INSTEAD = {
    Fault.HTML: (502, b"<html>Bad Gateway</html>"),
    Fault.EMPTY: (200, b"{}"),
    Fault.A_LIST: (200, b"[]"),
    Fault.NOT_UTF8: (200, b'{"id": "\xff"}'),
    Fault.ENDLESS: (200, b'{"id": "' + b"x" * (5 * 1024 * 1024) + b'"}'),
}
_FAILED = json.dumps({"error": {"type": "api_error", "message": "Something went wrong"}})


@dataclass(frozen=True)
class Double:
    """A running double: its world, and the settings that lead to it."""

    world: World
    base: str

    @property
    def settings(self) -> dict[str, object]:
        """The plugin's settings for this double."""
        return {
            "api_key": self.world.api_key,
            "webhook_secrets": tuple(self.world.secrets),
            "api_base": self.base,
        }

    @property
    def host(self) -> str:
        """Name and port."""
        return self.base.removeprefix("http://")


@asynccontextmanager
async def running(world: World) -> AsyncIterator[Double]:
    """The double on a free port of this machine, in this event loop."""
    server = TestServer(application_of(world))
    await server.start_server()
    world.base = f"http://127.0.0.1:{server.port}"
    try:
        yield Double(world, world.base)
    finally:
        await server.close()


@contextmanager
def in_a_thread(world: World) -> Iterator[Double]:
    """The double in a thread with an event loop of its own: for tests that start processes."""
    ready, over = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        async with running(world):
            loops.append(asyncio.get_running_loop())
            ready.set()
            await over.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    if not ready.wait(30):
        raise AssertionError("the double did not start")
    try:
        yield Double(world, world.base)
    finally:
        loops[0].call_soon_threadsafe(over.set)
        thread.join(30)


def application_of(world: World) -> web.Application:
    """The double's application."""
    app = web.Application()
    app[_WORLD] = world
    app.router.add_route("*", "/{path:.*}", _serve)
    return app


async def _serve(request: web.Request) -> web.StreamResponse:
    world = request.app[_WORLD]
    world.at_once += 1
    world.most_at_once = max(world.most_at_once, world.at_once)
    try:
        response = await _answer(world, request)
        if world.delay:
            await asyncio.sleep(world.delay)
    finally:
        world.at_once -= 1
    if isinstance(response, web.Response):
        world.requests.append((request.method, request.path, response.status))
        response.headers["Request-Id"] = f"req_{len(world.requests)}"
        response.headers["Date"] = f"{world.clock.now():%a, %d %b %Y %H:%M:%S GMT}"
    return response


async def _answer(world: World, request: web.Request) -> web.StreamResponse:
    body = await request.text()
    switch = world.take_switch(request.method, request.path)
    fault = None if switch is None else switch.fault
    if fault is Fault.GATEWAY:
        return web.Response(status=400, text="<html>Bad Request</html>", content_type="text/html")
    try:
        _let_in(world, request)
        if fault in _BEFORE:
            raise _BEFORE[fault]
        response = await _with_key(world, request, body, switch)
    except Refusal as refusal:
        headers = {"Retry-After": "7"} if refusal.status == 429 else {}
        response = web.json_response(refusal.body, status=refusal.status, headers=headers)
    world.store.flush()
    return await _faulty(request, response, fault)


def _let_in(world: World, request: web.Request) -> None:
    if request.headers.get("Authorization") != f"Bearer {world.api_key}":
        raise Refusal(401, "Invalid API Key provided")
    if any(request.path.startswith(one) for one in world.forbidden):
        raise Refusal(403, "The provided key does not have the required permissions")
    if request.headers.get("Stripe-Version") != VERSION:
        raise Refusal(400, f"This double knows only the API version {VERSION}")


async def _with_key(
    world: World, request: web.Request, body: str, switch: Switch | None
) -> web.Response:
    """Run a request under its key."""
    key = request.headers.get("Idempotency-Key", "") if request.method == "POST" else ""
    if key:
        kept = keys.begin(world, key, request.path, body)
        if kept is not None:
            headers = {"Idempotent-Replayed": "true"}
            return web.Response(
                status=kept.status, text=kept.body, headers=headers, content_type=_JSON
            )
    if switch is not None and switch.fault is Fault.HELD:
        switch.begun.set()
        await switch.let_go.wait()
    status, text, saved = _run(world, request, body, None if switch is None else switch.fault)
    if key:
        keys.end(world, key, status, text, saved=saved)
    return web.Response(status=status, text=text, content_type=_JSON)


def _run(
    world: World, request: web.Request, body: str, fault: Fault | None
) -> tuple[int, str, bool]:
    """Status, body, and whether the answer is kept under the key."""
    if fault is Fault.EMPTY_500:
        return 500, _FAILED, True
    try:
        shape, work, ids = route(request.method, request.path)
        params = checked(read_form(body or request.query_string), shape)
        thing = work(world, params, *ids)
        answer = expanded(world.store, thing, params.get("expand", []))
    except Refusal as refusal:
        return refusal.status, json.dumps(refusal.body), refusal.saved
    if fault is Fault.SAVED_500:
        return 500, _FAILED, True
    return 200, json.dumps(answer), True


async def _faulty(
    request: web.Request, response: web.Response, fault: Fault | None
) -> web.StreamResponse:
    """What becomes of an answer on its way: everything was done."""
    if fault is Fault.LOST and request.transport is not None:
        request.transport.abort()
    if fault is Fault.CUT:
        return await _cut(request)
    if fault in _INSTEAD:
        status, body = _INSTEAD[fault]
        return web.Response(status=status, body=body, content_type=_JSON)
    return response


async def _cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": _JSON})
    await response.prepare(request)
    await response.write(b'{"id": "pi_')
    if request.transport is not None:
        request.transport.abort()
    return response

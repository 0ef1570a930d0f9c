"""The double as a server on this machine: who is let in, faults by switch, its addresses."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from threading import Thread

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler

from braintree_double import giving, searching, vaulting
from braintree_double.messages import answer, charge_document, dispute_document
from braintree_double.selling import Params, Till, part
from braintree_double.world import Fault, World
from faktura_braintree.sdk import library

WORLD = web.AppKey("world", World)
_BEFORE = {Fault.BUSY: 429, Fault.FORBIDDEN: 403, Fault.BROKEN: 500, Fault.DOWN: 503}
_AFTER = {Fault.BROKEN_AFTER: 500, Fault.DOWN_AFTER: 503, Fault.TIMED_OUT_AFTER: 504}


@dataclass(frozen=True)
class Double:
    """A running double: its world, and the settings that lead to it."""

    world: World
    base: str

    @property
    def settings(self) -> dict[str, object]:
        """The plugin's settings for this double."""
        return {
            "merchant_id": self.world.merchant_id,
            "public_key": self.world.public_key,
            "private_key": self.world.private_key,
            "merchant_accounts": {
                currency: account for account, currency in self.world.accounts.items()
            },
            "base_url": self.base,
            "tenant_field": "faktura_tenant",
            "invoice_field": "faktura_invoice",
        }

    @property
    def host(self) -> str:
        """Name and port."""
        return self.base.removeprefix("http://")


@asynccontextmanager
async def running(world: World) -> AsyncIterator[Double]:
    """The double on a free port of this machine."""
    server = TestServer(application_of(world))
    await server.start_server()
    try:
        yield Double(world, f"http://127.0.0.1:{server.port}")
    finally:
        await server.close()


@contextmanager
def in_a_thread(world: World) -> Iterator[Double]:
    """The double in a loop of its own, for tests that start and kill processes."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="braintree-double", daemon=True)
    thread.start()
    server = TestServer(application_of(world))
    asyncio.run_coroutine_threadsafe(server.start_server(), loop).result(10)
    try:
        yield Double(world, f"http://127.0.0.1:{server.port}")
    finally:
        asyncio.run_coroutine_threadsafe(server.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def application_of(world: World) -> web.Application:
    """The double's application."""
    app = web.Application(middlewares=[_faults, _let_in])
    app[WORLD] = world
    base = f"/merchants/{world.merchant_id}"
    app.add_routes(
        [
            web.post(f"{base}/transactions", _sale),
            web.post(f"{base}/transactions/advanced_search_ids", _search(searching.found_ids)),
            web.post(f"{base}/transactions/advanced_search", _search(searching.found_page)),
            web.get(f"{base}/transactions/{{id}}", _charge),
            web.put(f"{base}/transactions/{{id}}/void", _void),
            web.post(f"{base}/transactions/{{id}}/refund", _refund),
            web.post(f"{base}/disputes/advanced_search", _disputes),
            web.get(f"{base}/disputes/{{id}}", _dispute),
            web.post(f"{base}/client_token", _make("client_token", vaulting.client_token)),
            web.post(f"{base}/payment_methods", _make("payment_method", vaulting.make_means)),
            web.get(f"{base}/payment_methods/any/{{id}}", _means),
            web.delete(f"{base}/payment_methods/any/{{id}}", _forget),
            web.post(f"{base}/customers", _make("customer", vaulting.make_customer)),
            web.get(f"{base}/customers/{{id}}", _customer),
            web.get(f"{base}/merchant_accounts/{{id}}", _account),
        ]
    )
    return app


@web.middleware
async def _faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Faults by switch or plan, and the count of what was asked."""
    world = request.app[WORLD]
    fault = world.fault_of(request.method, request.path)
    world.running_now += 1
    world.most_running = max(world.most_running, world.running_now)
    try:
        response = await _before(request, fault) or await handler(request)
        response = await _after(request, response, fault)
    finally:
        world.running_now -= 1
    world.requests.append((request.method, request.path, response.status))
    return response


async def _before(request: web.Request, fault: Fault | None) -> web.Response | None:
    await request.read()
    if fault is Fault.SLOW:
        await asyncio.sleep(request.app[WORLD].slow_seconds)
    if fault is Fault.CUT and request.transport is not None:
        request.transport.abort()
        return web.Response()
    if fault not in _BEFORE:
        return None
    headers = {"Retry-After": "7"} if fault is Fault.BUSY else None
    return web.Response(status=_BEFORE[fault], headers=headers)


async def _after(
    request: web.Request, response: web.StreamResponse, fault: Fault | None
) -> web.StreamResponse:
    if fault is Fault.SLOW_AFTER:
        await asyncio.sleep(request.app[WORLD].slow_seconds)
    if fault is Fault.LOST_AFTER and request.transport is not None:
        # Everything was done; nobody hears of it.
        request.transport.abort()
    if fault is Fault.GARBAGE_AFTER:
        return web.Response(text="<html><p>proxy</html>", content_type="text/html")
    return web.Response(status=_AFTER[fault]) if fault in _AFTER else response


@web.middleware
async def _let_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The account's keys, and the version of the interface that this double speaks."""
    world = request.app[WORLD]
    pair = base64.b64encode(f"{world.public_key}:{world.private_key}".encode()).decode()
    if request.headers.get("Authorization") != f"Basic {pair}":
        return web.Response(status=401)
    if request.headers.get("X-ApiVersion") != "6":
        return web.Response(status=426)
    return await handler(request)


async def _body(request: web.Request, root: str) -> Params:
    body = await request.read()
    return part(library().util.parser.Parser(body).parse(), root) if body else {}


async def _sale(request: web.Request) -> web.StreamResponse:
    till = Till(request.app[WORLD])
    params = await _body(request, "transaction")
    return till.key_problem("sale", params) or till.sale(params)


async def _charge(request: web.Request) -> web.StreamResponse:
    charge = request.app[WORLD].charges.get(request.match_info["id"])
    if charge is None:
        return web.Response(status=404)
    return answer("transaction", charge_document(charge))


async def _void(request: web.Request) -> web.StreamResponse:
    return await _changed(request, "void", giving.void)


async def _refund(request: web.Request) -> web.StreamResponse:
    return await _changed(request, "refund", giving.refund)


async def _changed(
    request: web.Request, deed: str, change: Callable[..., web.Response]
) -> web.StreamResponse:
    till = Till(request.app[WORLD])
    charge = till.world.charges.get(request.match_info["id"])
    if charge is None:
        return web.Response(status=404)
    params = await _body(request, "transaction")
    refused = till.key_problem(f"{deed} {charge.id}", params)
    return refused or change(till, charge, params)


def _search(find: Callable[[World, Params], web.Response]) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return find(request.app[WORLD], await _body(request, "search"))

    return handle


async def _disputes(request: web.Request) -> web.StreamResponse:
    params = await _body(request, "search")
    page = int(request.query.get("page", "1"))
    return searching.found_disputes(request.app[WORLD], params, page)


async def _dispute(request: web.Request) -> web.StreamResponse:
    world = request.app[WORLD]
    found = world.disputes.get(request.match_info["id"])
    if found is None:
        return web.Response(status=404)
    return answer("dispute", dispute_document(found, world.charges[found.charge]))


def _make(root: str, make: Callable[[World, Params], web.Response]) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return make(request.app[WORLD], await _body(request, root))

    return handle


async def _means(request: web.Request) -> web.StreamResponse:
    found = request.app[WORLD].means.get(request.match_info["id"])
    return web.Response(status=404) if found is None else vaulting.shown(found)


async def _forget(request: web.Request) -> web.StreamResponse:
    world = request.app[WORLD]
    if request.match_info["id"] not in world.means:
        return web.Response(status=404)
    world.forget_means(request.match_info["id"])
    return web.Response()


async def _customer(request: web.Request) -> web.StreamResponse:
    found = request.app[WORLD].customers.get(request.match_info["id"])
    return web.Response(status=404) if found is None else answer("customer", found.model_dump())


async def _account(request: web.Request) -> web.StreamResponse:
    world, wanted = request.app[WORLD], request.match_info["id"]
    if wanted not in world.accounts:
        return web.Response(status=404)
    status = "suspended" if wanted in world.suspended else "active"
    document = {"id": wanted, "status": status, "currency_iso_code": world.accounts[wanted]}
    return answer("merchant_account", document)

"""The double as a server on this machine: its addresses, who is let in, faults by switch."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler

from datev_double import documents, files, identity
from datev_double.identity import WORLD
from datev_double.problems import bare, document_error, problem
from datev_double.world import (
    CLIENTS_SCOPE,
    DOCUMENTS_SCOPE,
    FILES_SCOPE,
    Fault,
    Switch,
    World,
)

CLIENTS, DOCUMENTS, FILES = "/accounting-clients", "/accounting-documents", "/accounting-extf-files"
_SCOPES = {CLIENTS: CLIENTS_SCOPE, DOCUMENTS: DOCUMENTS_SCOPE, FILES: FILES_SCOPE}
_LARGEST = 64 * 1024 * 1024
_BEFORE = {
    Fault.FORBIDDEN: (403, "Forbidden"),
    Fault.TOO_LARGE: (413, "File size exceeds 50 MB"),
    Fault.MEDIA_TYPE: (415, "Unsupported Media Type"),
    Fault.BUSY: (429, "Too Many Requests"),
    Fault.BROKEN: (500, "Internal Server Error"),
    Fault.DOWN: (503, "Service Unavailable"),
}


@dataclass(frozen=True)
class Double:
    """A running double: its world, and the settings that lead to it."""

    world: World
    base: str

    @property
    def settings(self) -> dict[str, object]:
        """The plugin's settings for this double."""
        return {
            "client_id": self.world.client_id,
            "client_secret": self.world.client_secret,
            "discovery_url": f"{self.base}/openid/.well-known/openid-configuration",
            "clients_url": f"{self.base}{CLIENTS}/platform/v2",
            "documents_url": f"{self.base}{DOCUMENTS}/platform/v2",
            "files_url": f"{self.base}{FILES}/platform/v3",
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


def application_of(world: World) -> web.Application:
    """The double's application."""
    app = web.Application(middlewares=[_faults, _let_in], client_max_size=_LARGEST)
    app[WORLD] = world
    clients, images = (
        f"{CLIENTS}/platform/v2/clients",
        f"{DOCUMENTS}/platform/v2/clients/{{client}}",
    )
    extf = f"{FILES}/platform/v3/clients/{{client}}/extf-files"
    app.add_routes(
        [
            web.get("/openid/.well-known/openid-configuration", identity.discovery),
            web.get("/openid/authorize", identity.authorize),
            web.get("/openid/certs", identity.keys),
            web.post("/token", identity.token),
            web.post("/revoke", identity.revoke),
            web.get("/userinfo", identity.userinfo),
            web.get(clients, documents.clients),
            web.get(f"{clients}/{{client}}", documents.client),
            web.get(f"{images}/document-types", documents.document_types),
            web.get(f"{images}/duo-version", documents.duo_version),
            web.put(f"{images}/documents/{{guid}}", documents.put_document),
            web.post(f"{extf}/import", files.post_file),
            web.get(f"{extf}/jobs", files.jobs),
            web.get(f"{extf}/jobs/{{job}}", files.job),
        ]
    )
    return app


@web.middleware
async def _faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Faults by switch, and the count of what was asked."""
    world = request.app[WORLD]
    switch = world.take_switch(request.method, request.path)
    refused = None if switch is None else await _before(world, request, switch)
    response = refused or await handler(request)
    if request.path.startswith("/accounting-"):
        world.requests.append((request.method, request.path, response.status))
        response.headers["X-Global-Transaction-ID"] = f"gt-{len(world.requests)}"
    if switch is not None and switch.fault is Fault.LOST and request.transport is not None:
        # Everything was done; nobody hears of it.
        request.transport.abort()
    return response


async def _before(world: World, request: web.Request, switch: Switch) -> web.Response | None:
    if switch.fault is Fault.SLOW:
        await asyncio.sleep(world.slow_seconds)
    if switch.fault is Fault.EXPIRED:
        world.end_access_tokens()
    if switch.fault not in _BEFORE:
        return None
    await request.read()
    status, title = _BEFORE[switch.fault]
    answer = bare(status, title)
    if status in (429, 503):
        answer.headers["Retry-After"] = str(switch.retry_after)
    return answer


@web.middleware
async def _let_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Bearer token, the application's id, the scope of the service, a client one may see."""
    service = next((name for name in _SCOPES if request.path.startswith(name)), None)
    if service is None:
        return await handler(request)
    world = request.app[WORLD]
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    family = world.family_of_access(token) if scheme == "Bearer" else None
    if family is None or request.headers.get("X-DATEV-Client-Id") != world.client_id:
        await request.read()
        return web.json_response({"title": "Unauthorized", "status": 401}, status=401)
    if _SCOPES[service] not in family.scopes:
        if service == DOCUMENTS:
            return document_error(403, "DCO01005", "ScopeFault")
        return problem(403, "1008829", f"Missing scope(s) are: {_SCOPES[service]}")
    client = request.match_info.get("client")
    if service == DOCUMENTS and client is not None and world.client_of(client) is None:
        return web.Response(status=404)
    return await handler(request)

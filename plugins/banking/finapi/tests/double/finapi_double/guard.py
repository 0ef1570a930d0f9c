"""Who is let in to what, faults by switch, and the record of everything that was asked."""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler
from multidict import CIMultiDict

from finapi_double.problems import LISTENER, WORLD, problem
from finapi_double.records import Asked
from finapi_double.words import Fault, Kind

USER = web.RequestKey("user", str)
_OPEN = ("/api/v2/oauth/", "/wf/")
_OF_CLIENT = {("POST", "/api/v2/users"), ("GET", "/api/v2/clientConfiguration")}
_BEFORE = {
    Fault.FORBIDDEN: (403, "FORBIDDEN"),
    Fault.BROKEN: (500, "UNEXPECTED_ERROR"),
    Fault.MORE_AUTHENTICATION: (510, "ADDITIONAL_AUTHENTICATION_REQUIRED"),
}
_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@web.middleware
async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Write down what was asked, echo its id, and let faults happen."""
    world = request.app[WORLD]
    body = await request.text()
    fault = world.fault_of(request.path)
    response = await _before(request, fault) or await handler(request)
    response = await _after(request, response, fault)
    if "X-Request-Id" in request.headers:
        response.headers["X-Request-Id"] = request.headers["X-Request-Id"]
    asked = Asked(
        request.app[LISTENER],
        request.method,
        request.path,
        dict(request.query),
        CIMultiDict(request.headers),
        body,
        response.status,
    )
    world.requests.append(asked)
    return response


async def _before(request: web.Request, fault: Fault | None) -> web.Response | None:
    if fault is Fault.RESET and request.transport is not None:
        request.transport.abort()
        return web.Response()
    if fault is Fault.HANG:
        await asyncio.sleep(request.app[WORLD].hang_seconds)
    if fault is Fault.BAD_GATEWAY:
        return _gateway()
    if fault in (Fault.BUSY, Fault.DOWN):
        status = int(fault.value)
        return web.Response(status=status, headers={"Retry-After": "7"})
    if fault in _BEFORE:
        status, code = _BEFORE[fault]
        return problem(request, status, code)
    return None


async def _after(
    request: web.Request, response: web.StreamResponse, fault: Fault | None
) -> web.StreamResponse:
    if fault is Fault.RESET_AFTER and request.transport is not None:
        # Everything was done; nobody hears of it.
        request.transport.abort()
    if fault is Fault.BROKEN_AFTER:
        return problem(request, 500, "UNEXPECTED_ERROR")
    if fault is Fault.BAD_GATEWAY_AFTER:
        return _gateway()
    if fault is Fault.ODD_AFTER:
        return web.json_response(["not", "an", "object"])
    if fault is Fault.CUT_AFTER and isinstance(response, web.Response):
        text = response.text or ""
        return web.Response(text=text[: len(text) // 2], content_type="application/json")
    return response


def _gateway() -> web.Response:
    return web.Response(status=502, text=_GATEWAY, content_type="text/html")


@web.middleware
async def let_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tokens of the right kind, and the version that the mandator may use."""
    if request.path.startswith(_OPEN):
        return await handler(request)
    world = request.app[WORLD]
    scheme, _, word = request.headers.get("Authorization", "").partition(" ")
    token = world.token_of(word) if scheme.lower() == "bearer" else None
    if token is None:
        return problem(request, 401, "UNAUTHORIZED_ACCESS")
    if token.kind is not _wanted(request):
        return problem(request, 403, "FORBIDDEN", f"scope of a token for {token.kind.value}")
    if world.limited and token.kind is not Kind.ADMIN:
        return problem(request, 403, "FORBIDDEN", "the scope is limited to /api/v1")
    request[USER] = token.user or ""
    return await handler(request)


def _wanted(request: web.Request) -> Kind:
    if request.path.startswith("/api/v2/mandatorAdmin/"):
        return Kind.ADMIN
    return Kind.CLIENT if (request.method, request.path) in _OF_CLIENT else Kind.USER

"""The REST door as an application of its own under /api: its errors are problems, never pages."""

import asyncio
import json
from functools import cache, partial

from aiohttp import web
from aiohttp.typedefs import Handler

from faktura.bootstrap import App
from faktura.web.api.bodies import JSON_TYPE
from faktura.web.api.door import ACTS_AT_ONCE, Door
from faktura.web.api.limits import new_limits
from faktura.web.api.openapi import openapi
from faktura.web.api.operation import Operation
from faktura.web.api.paths import routed
from faktura.web.api.problems import problems
from faktura.web.api.reference import reference_page
from faktura.web.api.resources.all import RESOURCES
from faktura.web.api.uses import USES, Uses, keep_writing

PREFIX = "/api"
_VERSION = "/v1"


def create_api(app: App) -> web.Application:
    """The application to be put under /api; the caller closes the App after it."""
    application = web.Application(middlewares=[problems])
    application[USES] = uses = Uses()
    limits, acts = new_limits(app.clock), asyncio.Semaphore(ACTS_AT_ONCE)
    application.cleanup_ctx.append(partial(keep_writing, database=app.database))
    for operation in operations():
        door = Door(operation, app, limits, uses, acts)
        application.router.add_route(
            operation.method, _VERSION + routed(operation.path), door.answer, name=operation.id
        )
    for path, content, media_type in (
        ("/openapi.json", openapi_text(), JSON_TYPE),
        ("/docs", reference_text(), "text/html; charset=utf-8"),
    ):
        application.router.add_get(path, _shown(content, media_type), allow_head=False)
    return application


def operations() -> list[Operation]:
    """Every operation of the API."""
    return [operation for resource in RESOURCES for operation in resource.operations]


@cache
def openapi_text() -> str:
    """The OpenAPI file as it is committed and served."""
    return json.dumps(openapi(RESOURCES), indent=2, ensure_ascii=False) + "\n"


@cache
def reference_text() -> str:
    """The reference page, made from the OpenAPI file."""
    return reference_page(json.loads(openapi_text()))


def _shown(content: str, media_type: str) -> Handler:
    """Always the same answer, made when the application starts."""
    body = content.encode()

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Type": media_type})

    return answer

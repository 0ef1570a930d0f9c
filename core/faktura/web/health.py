"""`GET /`: product, version and health, nothing else: it answers before anyone has signed in."""

import asyncio
from importlib.metadata import version

from aiohttp import web

from faktura.web.keys import APP
from faktura.web.monitoring import readiness
from faktura.web.pages import page

_HEALTHY, _UNHEALTHY = 200, 503


async def health(request: web.Request) -> web.Response:
    """200 when all is well, 503 when not; a page for browsers, JSON for everything else."""
    checks = await asyncio.to_thread(readiness, request.app[APP].database)
    healthy = all(checks.values())
    status = _HEALTHY if healthy else _UNHEALTHY
    if "text/html" in request.headers.get("Accept", ""):
        return page(request, "health.html", status=status, healthy=healthy, checks=checks)
    return web.json_response(
        {
            "product": "faktura",
            "version": version("faktura"),
            "healthy": healthy,
            "checks": checks,
        },
        status=status,
    )

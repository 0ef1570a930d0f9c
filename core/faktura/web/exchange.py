"""Every exchange has an id, one log line and the same strict headers, whatever came of it."""

import logging
import time
from uuid import UUID

from aiohttp import web
from aiohttp.typedefs import Handler

from faktura.web.keys import APP, REQUEST_ID

_log = logging.getLogger("faktura.web")

_HEADERS = {
    # Nothing is loaded but our stylesheet and images; nothing frames us; forms stay here.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # What we run on is nobody's business.
    "Server": "faktura",
}
_NOT_KEPT = "no-store"


@web.middleware
async def exchange(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request its id, answer, add the headers, write the log line."""
    request_id = request[REQUEST_ID] = request.app[APP].database.new_id()
    started = time.perf_counter_ns()
    response = await handler(request)
    response.headers.update(_HEADERS)
    response.headers["X-Request-Id"] = str(request_id)
    response.headers.setdefault("Cache-Control", _NOT_KEPT)
    _write_line(request, response.status, time.perf_counter_ns() - started, request_id)
    return response


def _write_line(request: web.Request, status: int, nanoseconds: int, request_id: UUID) -> None:
    # The raw path is still percent-encoded, so it cannot begin a line of its own; what people
    # searched for stands behind the question mark and stays out.
    _log.info(
        "request method=%s path=%s status=%d ms=%d request=%s",
        request.method,
        request.rel_url.raw_path,
        status,
        nanoseconds // 1_000_000,
        request_id,
    )

"""Every exchange has an id, one log line and the same strict headers, whatever came of it."""

import logging
import re
import time

from aiohttp import web
from aiohttp.typedefs import Handler

from faktura.bootstrap import App
from faktura.kernel.log_context import log_about
from faktura.web.keys import APP, REQUEST_ID
from faktura.web.monitoring import INSTRUMENTS, PATHS
from faktura.web.peer import peer_address

_log = logging.getLogger("faktura.web")

_HEADERS = {
    # Nothing is loaded but our stylesheet and images; nothing frames us; forms stay here.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Under no-referrer browsers would hide from us, too, that a form is our own (Origin: null).
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # What we run on is nobody's business.
    "Server": "faktura",
}
_ONLY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
_DOORS = frozenset({"admin", "api", "webhooks", "bank", "pay"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NOT_KEPT = "no-store"
_ID_HEADER = "X-Request-Id"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Whoever reads the log must not be able to open what a customer was sent.
_TOKEN_OF_PATH = re.compile(r"^(/pay/)[^/]+")


@web.middleware
async def exchange(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request its id, answer, add the headers, write the log line."""
    app = request.app[APP]
    request_id = request[REQUEST_ID] = app.database.new_id()
    # The next request of the connection runs in the same task: what this one's lines say ends here.
    with log_about(request=request_id):
        started = time.perf_counter_ns()
        response = await handler(request)
        for name, value in _headers(app).items():
            # A page with a provider's fields has a policy of its own (pay/policy.py).
            response.headers.setdefault(name, value)
        response.headers[_ID_HEADER] = str(request_id)
        response.headers.setdefault("Cache-Control", _NOT_KEPT)
        taken = time.perf_counter_ns() - started
        # Probes come every few seconds and say nothing of what people wait for.
        if request.path not in PATHS:
            request.app[INSTRUMENTS].answered(
                _door(request), _method(request), response.status, taken / 1_000_000_000
            )
            _write_line(request, response.status, taken)
    return response


def _headers(app: App) -> dict[str, str]:
    public_url = app.settings.public_url
    return {**_HEADERS, **(_ONLY_HTTPS if public_url and public_url.is_https else {})}


def _door(request: web.Request) -> str:
    """Which door was used, one of few words: a path is the caller's to choose."""
    first = request.rel_url.raw_path.split("/", 2)[1]
    return first if first in _DOORS else "pages"


def _method(request: web.Request) -> str:
    return request.method if request.method in _METHODS else "OTHER"


def _write_line(request: web.Request, status: int, nanoseconds: int) -> None:
    if not _log.isEnabledFor(logging.INFO):
        return
    # The raw path is still percent-encoded, so it cannot begin a line of its own; what people
    # searched for, and a link's token, stand behind the question mark and stay out.
    _log.info(
        "request method=%s path=%s status=%d ms=%d peer=%s%s",
        request.method,
        _TOKEN_OF_PATH.sub(r"\1-", request.rel_url.raw_path),
        status,
        nanoseconds // 1_000_000,
        peer_address(request),
        _callers_id(request),
    )


def _callers_id(request: web.Request) -> str:
    """` caller=…` where the caller numbers its requests; ours stays ours (somebody may lie)."""
    sent = request.headers.get(_ID_HEADER, "")
    return f" caller={sent}" if _WELL_FORMED.fullmatch(sent) else ""

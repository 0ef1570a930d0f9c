"""Errors as pages: which status a named error has, what a reader is told, what the log keeps."""

import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from faktura.kernel.errors import (
    BadInput,
    BrokenOff,
    Conflict,
    FakturaError,
    FileUnreadable,
    HostileFile,
    Misconfigured,
    NotFound,
    Refused,
)
from faktura.kernel.request_errors import (
    Forbidden,
    MediaTypeWrong,
    PreconditionFailed,
    RateLimited,
    RequestInvalid,
    TooLarge,
    Unauthenticated,
)
from faktura.web.addresses import address
from faktura.web.pages import page

_log = logging.getLogger("faktura.web")

# The first class that fits decides; what is not listed is our fault.
_STATUSES: tuple[tuple[type[FakturaError], int], ...] = (
    (Unauthenticated, 401),
    (Forbidden, 403),
    (RateLimited, 429),
    (NotFound, 404),
    (PreconditionFailed, 412),
    (Conflict, 409),
    (Refused, 422),
    (RequestInvalid, 400),
    (FileUnreadable, 400),
    (HostileFile, 400),
    (MediaTypeWrong, 415),
    (TooLarge, 413),
    (BadInput, 422),
    (Misconfigured, 503),
    (BrokenOff, 503),
)
_OUR_FAULT = 500
# The statuses that have words of their own; any other one is told by its class.
_TOLD = frozenset({403, 404, 405, 413, 421, 429, 503})


def status_of(error: FakturaError) -> int:
    """The HTTP status of a named error; where all its parts are conflicts, it is one itself."""
    if error.parts and all(isinstance(part, Conflict) for part in error.parts):
        return status_of(error.parts[0])
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), _OUR_FAULT)


@web.middleware
async def error_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every error with a page that tells what to do and keeps secrets and details back."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        response = _error_page(request, error.status)
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
        return response
    except FakturaError as error:
        status = status_of(error)
        # What does not exist is not explained: the reason could name another tenant's things.
        shown = None if status == 404 else error
        if status >= _OUR_FAULT:
            _log.error("request_failed error=%s", error)
        response = _error_page(request, status, shown)
        if isinstance(error, RateLimited):
            response.headers["Retry-After"] = str(error.retry_after)
        return response
    except (web.RequestPayloadError, TimeoutError) as error:
        return _error_page(request, 408 if isinstance(error, TimeoutError) else 400)
    except Exception:  # noqa: BLE001 - the last line: the reader gets the id, the log the rest
        _log.exception("request_failed")
        return _error_page(request, _OUR_FAULT)


def _error_page(
    request: web.Request, status: int, error: FakturaError | None = None
) -> web.Response:
    told = status if status in _TOLD else status // 100 * 100
    back = _payment(request)
    return page(request, "error.html", status=status, told=str(told), error=error, back=back)


def _payment(request: web.Request) -> str | None:
    """The page on which a customer was about to pay or to save a means; our overview is not theirs."""
    parts = request.path.split("/")
    if parts[1] != "pay":
        return None
    route = "pay_method" if parts[3:4] == ["method"] else "pay"
    return address(request, route, token="".join(parts[2:3]))

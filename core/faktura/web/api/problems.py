"""Errors as problem+json (RFC 9457): the right status, a stable errorKey, the field, no internals."""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler

from faktura.kernel.errors import FakturaError, WriteRefused
from faktura.kernel.request_errors import RateLimited
from faktura.web.api.validation import field_path, spot
from faktura.web.errors import status_of
from faktura.web.keys import REQUEST_ID

_log = logging.getLogger("faktura.api")

MEDIA_TYPE = "application/problem+json"
BODY_FIELDS = web.RequestKey("body_fields", frozenset)
_OUR_FAULT = 500
# What aiohttp itself refuses, before one of our operations is reached.
_UNNAMED = {
    404: ("not_found", "there is nothing at this address", "See /api/docs"),
    405: ("method_not_allowed", "this address does not take this method", "See /api/docs"),
    413: ("too_large", "the body is too large", "Send less"),
}


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every error with a problem that tells what to do and keeps secrets and details back."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        key, message, mend = _UNNAMED.get(
            error.status, ("refused", HTTPStatus(error.status).phrase, "")
        )
        headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        return problem(request, error.status, key, message, mend=mend, headers=headers)
    except FakturaError as error:
        return _named(request, error)
    except web.RequestPayloadError:
        return problem(request, 400, "file_unreadable", "the body is not encoded as it says")
    except TimeoutError:
        return problem(request, 408, "too_slow", "the body did not arrive in time")
    except Exception:  # noqa: BLE001 - the last line: the caller gets the id, the log the rest
        _log.exception("request_failed")
        return _our_fault(request, _OUR_FAULT)


def _named(request: web.Request, error: FakturaError) -> web.Response:
    status = status_of(error)
    if status >= _OUR_FAULT:
        _log.error("request_failed error=%s", error)
        return _our_fault(request, status)
    if isinstance(error, WriteRefused):
        # The database's own words name tables and constraints.
        _log.warning("write_refused error=%s", error)
        return problem(
            request,
            status,
            WriteRefused.code,
            "another request changes the same things at this moment",
            mend="Repeat the request",
        )
    fields: frozenset[str] = request.get(BODY_FIELDS, frozenset())
    parts = [_described(part, fields) for part in error.parts]
    only = parts[0] if len(parts) == 1 else _described(error, fields)
    wait = {"Retry-After": str(error.retry_after)} if isinstance(error, RateLimited) else {}
    return problem(
        request,
        status,
        only["errorKey"],
        only["errorMessage"],
        mend=only.get("mend", ""),
        headers=wait,
        field=only.get("field"),
        spot=only.get("spot"),
        errors=parts if len(parts) > 1 else None,
    )


def _described(error: FakturaError, fields: frozenset[str]) -> dict[str, str]:
    told = {
        "errorKey": error.code,
        "errorMessage": error.problem,
        "field": field_path(error, fields) or "",
        "spot": spot(error),
        "mend": error.mend,
    }
    return {name: value for name, value in told.items() if value}


def _our_fault(request: web.Request, status: int) -> web.Response:
    return problem(
        request,
        status,
        "unavailable" if status == HTTPStatus.SERVICE_UNAVAILABLE else "internal_error",
        "the request could not be answered; the id leads to the place in the log",
        mend="Repeat the request later, with the same Idempotency-Key",
    )


def problem(
    request: web.Request,
    status: int,
    error_key: str,
    message: str,
    *,
    mend: str = "",
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> web.Response:
    """A problem as an answer; `more` are further members, left out where they are None."""
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": message,
        "errorKey": error_key,
        "errorMessage": message,
        "mend": mend or None,
        "requestId": str(request[REQUEST_ID]),
        **more,
    }
    shown = {name: value for name, value in content.items() if value is not None}
    return web.Response(
        body=json.dumps(shown, ensure_ascii=False).encode(),
        status=status,
        content_type=MEDIA_TYPE,
        headers=headers or {},
    )

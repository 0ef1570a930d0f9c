"""Forms that change something: only our own pages can send them, as who sees the page.

A template writes `{{ form_token() }}` inside its form; what arrives without it is refused before
any handler runs. There are two proofs: the token, which foreign pages cannot read, and what the
browser itself says about where the form stands.
"""

import re
import secrets
from collections.abc import Mapping
from hmac import compare_digest

from aiohttp import web
from markupsafe import Markup

from faktura.web.cookies import FORM
from faktura.web.doors import own_origin
from faktura.web.keys import SIGNED_IN

FIELD = "form_token"
_FORM_TYPE = "application/x-www-form-urlencoded"
_READING = frozenset({"GET", "HEAD"})
_TOKEN_BYTES = 32
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{43}")
# The token of a page for people without a session, until its answer has set the cookie.
_GIVEN = web.RequestKey("given_form_token", str)


def form_token(request: web.Request) -> Markup:
    """The hidden field of a form; without a session it goes with a cookie of its own."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, _token(request))


def _token(request: web.Request) -> str:
    if SIGNED_IN in request:
        return request[SIGNED_IN].session.form_token
    if _GIVEN not in request:
        # Several tabs share one token, or the last one opened would spoil the others.
        request[_GIVEN] = _sent_before(request) or secrets.token_urlsafe(_TOKEN_BYTES)
    return request[_GIVEN]


def keep_form_token(request: web.Request, response: web.Response) -> None:
    """Let the answer carry the cookie of a token that was given out without a session."""
    if _GIVEN in request:
        FORM.write(request, response, request[_GIVEN])


async def check_form(request: web.Request) -> None:
    """Answer 403 to what would change something and is no form of ours, 415 to what is no form."""
    if request.method in _READING:
        return
    if not is_from_our_page(request):
        raise web.HTTPForbidden
    token = (await form_fields(request)).get(FIELD, "")
    expected = (
        request[SIGNED_IN].session.form_token if SIGNED_IN in request else _sent_before(request)
    )
    if expected is None or not compare_digest(_bytes(token), _bytes(expected)):
        raise web.HTTPForbidden


def is_from_our_page(request: web.Request) -> bool:
    """Whether the browser says that one of our pages sent this; both headers, where both are there.

    Neither can be set by a page's own means. What sends neither is no browser of these days.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is None and origin is None:
        return False
    return site in (None, "same-origin") and origin in (None, own_origin(request))


async def form_fields(request: web.Request) -> Mapping[str, str]:
    """The fields of a form; of those that are there twice the last. Raises 415, 400."""
    if request.content_type != _FORM_TYPE or (request.charset or "utf-8").lower() != "utf-8":
        raise web.HTTPUnsupportedMediaType
    try:
        fields = await request.post()
    except ValueError:
        # Bytes that are not UTF-8, or more fields than anybody has.
        raise web.HTTPBadRequest from None
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def _sent_before(request: web.Request) -> str | None:
    sent = FORM.read(request)
    return sent if sent is not None and _WELL_FORMED.fullmatch(sent) else None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogatepass")

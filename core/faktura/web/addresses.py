"""Addresses of our own pages, and the only redirects there are: to them."""

import re

from aiohttp import web

from faktura.web.language import asked_language

_SEE_OTHER = 303
_OVERVIEW = "/admin"
# Printable ASCII from one slash on. Browsers take two slashes, or a slash and a backslash, for the
# beginning of another host.
_OURS = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]*)?")
_LONGEST = 2_000


def address(
    request: web.Request, route: str, /, *, query: dict[str, str] | None = None, **parts: str
) -> str:
    """The address of a named route; a language that was asked for by name goes along."""
    asked = asked_language(request)
    given = {name: value for name, value in (query or {}).items() if value}
    if asked is not None:
        given["lang"] = asked.value
    return str(request.app.router[route].url_for(**parts).with_query(given))


def own_address(text: str) -> str:
    """`text` where it is an address on this host, else the overview: it came from outside."""
    return text if len(text) <= _LONGEST and _OURS.fullmatch(text) else _OVERVIEW


def redirect(location: str, status: int = _SEE_OTHER) -> web.Response:
    """Send the browser to an address of ours."""
    return web.Response(status=status, headers={"Location": location})

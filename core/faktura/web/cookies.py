"""Our two cookies: the session's, and the one that proves a form of ours before there is one."""

from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from faktura.domain.users import SESSION_LENGTH
from faktura.web.keys import APP


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that scripts cannot read and foreign sites' forms do not send."""

    name: str
    length: timedelta

    def read(self, request: web.Request) -> str | None:
        """What the browser sent."""
        return request.cookies.get(self._full_name(request))

    def write(self, request: web.Request, response: web.Response, value: str) -> None:
        """Let the browser keep it."""
        response.set_cookie(
            self._full_name(request),
            value,
            max_age=int(self.length.total_seconds()),
            path="/",
            secure=_is_https(request),
            httponly=True,
            samesite="Lax",
        )

    def drop(self, request: web.Request, response: web.Response) -> None:
        """Let the browser forget it."""
        # Without Secure a browser would not accept the word about a __Host- cookie.
        response.del_cookie(
            self._full_name(request),
            path="/",
            secure=_is_https(request),
            httponly=True,
            samesite="Lax",
        )

    def _full_name(self, request: web.Request) -> str:
        # The prefix lets a browser refuse it from a neighbour's host and from plain http.
        return f"__Host-{self.name}" if _is_https(request) else self.name


SESSION = Cookie("faktura", SESSION_LENGTH)
FORM = Cookie("faktura-form", timedelta(hours=12))


def _is_https(request: web.Request) -> bool:
    public_url = request.app[APP].settings.public_url
    return public_url is not None and public_url.is_https

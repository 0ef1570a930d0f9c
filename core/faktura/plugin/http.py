"""Requests to other systems, as an adapter asks the core for them.

The core opens the connection: it verifies TLS, follows no redirect, sets time limits, bounds what
it reads, and keeps a log of the call without its secrets.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from typing_extensions import override

from faktura.kernel.errors import Misconfigured

_MEGABYTE = 1024 * 1024
_LONGEST_PAUSE = 3600


@dataclass(frozen=True, slots=True, repr=False)
class FormPart:
    """A field of a multipart form; one with a `filename` is a file, the others are UTF-8 texts."""

    name: str
    content: bytes
    media_type: str
    filename: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class HttpRequest:
    """What to send: at most one of `body`, `form` (urlencoded) and `parts` (multipart); prints nothing.

    `limit` is the longest whole wait for the answer, `most` the largest answer in bytes.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[FormPart, ...] = ()
    limit: timedelta = timedelta(seconds=30)
    most: int = 4 * _MEGABYTE


@dataclass(frozen=True, slots=True, repr=False)
class HttpAnswer:
    """What came back, whatever its status; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after(self) -> int:
        """How many seconds it asks to be left alone, at most an hour; 0 where it names no seconds."""
        told = self.headers.get("retry-after", "").strip()
        if not (told.isascii() and told.isdigit()):
            return 0
        # Of thousands of digits Python makes no number.
        return min(int(told[:9]), _LONGEST_PAUSE)


class Http(Protocol):
    """The way out for an adapter."""

    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Send once and wait for the answer.

        Raises OutsideUnavailable when nothing was sent, OutcomeUnknown when the answer is missing,
        Misconfigured for an address that this installation does not call.
        """
        ...


class NoHttp(Http):
    """The way out where there is none."""

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Raise Misconfigured."""
        raise Misconfigured("nothing is called from here", place="outgoing requests")

"""One webhook on its way: signed, sent once, bounded in time and size, and what was answered (P51)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    InvalidURL,
)
from pydantic_core import to_json
from yarl import URL

from faktura.domain.webhook_signing import Signer
from faktura.flows.messengers import Told
from faktura.flows.way_out import CONNECT_SECONDS, LeadsInside, WayOut, refused_inside
from faktura.kernel.clock import Clock
from faktura.kernel.errors import FakturaError, Misconfigured, shortened
from faktura.kernel.outside_errors import DeliveryFailed

IN_FLIGHT = 64
_SECONDS = 15
_MOST_ANSWER = 64 * 1024
_SHOWN = 200
_ASKS_TO_WAIT = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_MOST_SECONDS = 7 * 24 * 3600
_MEND = "Look at the receiver's log; faktura webhooks ping tries it"


@dataclass(frozen=True, slots=True)
class Webhook:
    """What is sent: its id stays the same over all tries."""

    id: str
    type: str
    tenant: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """An open way to an endpoint: connections that are kept, and who signs for it."""

    session: ClientSession
    url: URL
    signer: Signer
    clock: Clock

    @classmethod
    def open(cls, url: str, signer: Signer, clock: Clock, private_hosts: frozenset[str]) -> "Line":
        """To that address; raises Misconfigured where no way leads there."""
        target = URL(url, encoded=True)
        way = WayOut.to(target, private_hosts)
        timeout = ClientTimeout(
            total=_SECONDS, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS
        )
        session = ClientSession(
            connector=way.connector(keeps_alive=True, most=IN_FLIGHT),
            timeout=timeout,
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            headers={
                "Content-Type": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": "faktura",
            },
        )
        return cls(session, target, signer, clock)

    async def send(self, webhook: Webhook) -> Told:
        """Send it once; whatever the other side does is told and raises nothing."""
        now = self.clock.now()
        headers = self.signer.headers(webhook.id, now, webhook.body)
        headers["faktura-tenant"] = webhook.tenant
        headers["faktura-event"] = webhook.type
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with self.session.post(
                self.url, data=webhook.body, headers=headers, allow_redirects=False
            ) as response:
                said = await _said(response)
        except (ClientError, TimeoutError, OSError, FakturaError) as error:
            return Told(
                taken=False,
                status=None,
                answer="",
                milliseconds=_since(began, loop.time()),
                error=self._failure(_why(error)),
            )
        milliseconds = _since(began, loop.time())
        status = response.status
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return Told(taken=True, status=status, answer=said, milliseconds=milliseconds)
        return Told(
            taken=False,
            status=status,
            answer=said,
            milliseconds=milliseconds,
            error=self._failure(_refusal(status)),
            retry_after=_retry_after(response.headers, now) if status in _ASKS_TO_WAIT else 0,
        )

    async def close(self) -> None:
        """Close its connections."""
        await self.session.close()

    def _failure(self, problem: str) -> dict[str, str]:
        place = f"webhook to {self.url.raw_host}"
        return DeliveryFailed(problem, place=place, mend=_MEND).as_dict()


def body_bytes(body: Mapping[str, object]) -> bytes:
    """The body as it is signed and sent: UTF-8 JSON without blanks."""
    return to_json(body)


async def _said(response: ClientResponse) -> str:
    """The beginning of the answer, on one line and printable; the status counts, not the text."""
    read = bytearray()
    try:
        while not response.content.at_eof():
            read += await response.content.readany()
            if len(read) > _MOST_ANSWER:
                # The rest would be read before the connection serves again.
                response.close()
                break
    except (ClientError, TimeoutError):
        response.close()
    line = " ".join(bytes(read[: 4 * _SHOWN]).decode(errors="replace").split())
    text = line
    if not line.isprintable():
        signs = (sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)
        text = "".join(signs)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _refusal(status: int) -> str:
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return f"it answered {status}: redirects are not followed"
    return f"it answered {status}"


def _why(error: Exception) -> str:
    match error:
        case ClientConnectorError(os_error=LeadsInside()):
            return refused_inside("").problem
        case ClientConnectorError() | ConnectionTimeoutError():
            return f"it was not reached: {shortened(error)}"
        case TimeoutError():
            return f"no answer within {_SECONDS} seconds"
        case Misconfigured():
            return error.problem
        case InvalidURL():
            return "its host is no address that everybody reads alike"
        case _:
            return f"the answer did not come: {type(error).__name__}"


def _retry_after(headers: Mapping[str, str], now: datetime) -> int:
    """How many seconds it wants to be left alone (RFC 9110, 10.2.3); 0 for what cannot be read."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), _MOST_SECONDS)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        # A year of many digits overflows.
        return 0
    if until.tzinfo is None:
        return 0
    return min(max(int((until - now).total_seconds()), 0), _MOST_SECONDS)


def _since(began: float, now: float) -> int:
    return round((now - began) * 1_000)

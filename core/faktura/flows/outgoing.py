"""Requests to other systems: TLS verified, no redirect, bounded in time and size, never inwards.

An adapter's addresses are settings, of tenants too. So that none of them reaches into our own
network (SSRF), way_out.py lets them go nowhere but to the open net and to the hosts that the
installation names.
"""

from functools import partial
from io import BytesIO

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
    InvalidURL,
    ServerDisconnectedError,
)
from typing_extensions import override
from yarl import URL

from faktura.flows.way_out import CONNECT_SECONDS, LeadsInside, WayOut, refused_inside
from faktura.kernel.errors import FakturaError, Misconfigured, shortened
from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.plugin import Http, HttpAnswer, HttpRequest

_PIECE = 64 * 1024


class OutgoingHttp(Http):
    """The way out; `private_hosts` (name:port, lower case) may be private and speak plain HTTP."""

    def __init__(self, private_hosts: frozenset[str] = frozenset()) -> None:
        self._private_hosts = private_hosts

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Send once and wait for the answer; raises as Http says."""
        url = _address(request.url)
        way = WayOut.to(url, self._private_hosts)
        place = f"{request.method} {url.origin()}{url.path}"
        timeout = ClientTimeout(
            total=request.limit.total_seconds(),
            connect=CONNECT_SECONDS,
            sock_connect=CONNECT_SECONDS,
        )
        # A connection of its own for each call: they are rare, and the next one may run in
        # another event loop.
        async with ClientSession(
            connector=way.connector(keeps_alive=False),
            timeout=timeout,
            auto_decompress=False,
            trust_env=False,
            middlewares=(partial(_once, place),),
        ) as session:
            try:
                async with session.request(
                    request.method,
                    url,
                    headers={"Accept-Encoding": "identity", **request.headers},
                    data=_content(request),
                    allow_redirects=False,
                ) as response:
                    return await _answer(response, request.most, place)
            except InvalidURL as error:
                # Numbers that not everybody reads as the same address, such as 127.1.
                raise _no_address(request.url) from error
            except (ClientConnectorError, ConnectionTimeoutError) as error:
                raise _not_reached(error, place) from error
            except (ClientError, TimeoutError) as error:
                raise _lost(error, place) from error


def _address(text: str) -> URL:
    """The address; raises Misconfigured for what is none."""
    try:
        return URL(text)
    except ValueError as error:
        raise _no_address(text) from error


def _no_address(text: str) -> Misconfigured:
    return Misconfigured(
        # Neither a password before the host nor what is asked behind the path.
        f"“{shortened(text.partition('?')[0].rpartition('@')[2])}” is no address",
        place="outgoing requests",
    )


async def _once(place: str, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Send once: the library would repeat a lost GET or PUT by itself, unseen by the log."""
    try:
        return await handler(request)
    except ClientConnectorError:
        raise
    except (ClientOSError, ServerDisconnectedError) as error:
        raise _lost(error, place) from error


def _content(request: HttpRequest) -> BytesIO | FormData | None:
    if request.parts:
        form = FormData(default_to_multipart=True)
        for part in request.parts:
            # As a stream a large file is sent piece by piece; a field would become a file by it.
            content = BytesIO(part.content) if part.filename else part.content.decode()
            form.add_field(part.name, content, content_type=part.media_type, filename=part.filename)
        return form
    if request.form:
        return FormData(request.form)
    return None if request.body is None else BytesIO(request.body)


async def _answer(response: ClientResponse, most: int, place: str) -> HttpAnswer:
    body = bytearray()
    async for piece in response.content.iter_chunked(_PIECE):
        body += piece
        if len(body) > most:
            raise OutcomeUnknown(f"the answer is longer than {most:,} bytes", place=place)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return HttpAnswer(response.status, headers, bytes(body))


def _lost(error: Exception, place: str) -> OutcomeUnknown:
    return OutcomeUnknown(f"the answer did not come: {type(error).__name__}", place=place)


def _not_reached(error: Exception, place: str) -> FakturaError:
    if isinstance(error, ClientConnectorError) and isinstance(error.os_error, LeadsInside):
        return refused_inside(place)
    return OutsideUnavailable(
        f"it was not reached: {shortened(error)}", place=place, mend="Try again later"
    )

"""Requests to other systems: TLS verified, no redirect, bounded in time and size, never inwards.

An adapter's addresses are settings, of tenants too. So that none of them reaches into our own
network (SSRF), names are resolved here and private addresses are refused, but for the hosts the
installation names.
"""

import socket
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

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
    ServerDisconnectedError,
    TCPConnector,
    ThreadedResolver,
)
from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override
from yarl import URL

from faktura.kernel.errors import Misconfigured, shortened
from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.plugin import Http, HttpAnswer, HttpRequest

_CONNECT_SECONDS = 10
_TRANSLATED = IPv6Network("64:ff9b::/96")
_PIECE = 64 * 1024
_MEND = "Name it in FAKTURA_PRIVATE_HOSTS as host:port if it is a system of yours"


class OutgoingHttp(Http):
    """The way out; `private_hosts` (name:port, lower case) may be private and speak plain HTTP."""

    def __init__(self, private_hosts: frozenset[str] = frozenset()) -> None:
        self._private_hosts = private_hosts

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Send once and wait for the answer; raises as Http says."""
        url = _address(request.url)
        resolver = self._resolver(url)
        place = f"{request.method} {url.origin()}{url.path}"
        timeout = ClientTimeout(
            total=request.limit.total_seconds(),
            connect=_CONNECT_SECONDS,
            sock_connect=_CONNECT_SECONDS,
        )
        # A connection of its own for each call: they are rare, and the next one may run in
        # another event loop.
        async with ClientSession(
            connector=TCPConnector(resolver=resolver, force_close=True),
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
            except (ClientConnectorError, ConnectionTimeoutError) as error:
                raise _not_reached(error, place) from error
            except (ClientError, TimeoutError) as error:
                raise _lost(error, place) from error

    def _resolver(self, url: URL) -> AbstractResolver:
        host = (url.host or "").lower()
        if f"{host}:{url.port}" in self._private_hosts and url.scheme in ("http", "https"):
            return ThreadedResolver()
        if url.scheme != "https" or url.user or url.password or not host:
            raise Misconfigured(
                f"“{shortened(url.with_user(None) if url.host else url)}” is not an https address",
                place="outgoing requests",
                mend=_MEND,
            )
        _check_public(host)
        return PublicResolver()


def _address(text: str) -> URL:
    """The address; raises Misconfigured for what is none."""
    try:
        return URL(text)
    except ValueError as error:
        raise Misconfigured(
            f"“{shortened(text.partition('?')[0])}” is no address", place="outgoing requests"
        ) from error


class PublicResolver(AbstractResolver):
    """Resolves names to addresses of the open net; one private address refuses the name."""

    def __init__(self) -> None:
        self._resolver = ThreadedResolver()

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of the name; raises Misconfigured when one of them is not public."""
        found = await self._resolver.resolve(host, port, family)
        for result in found:
            _check_public(result["host"], name=host)
        return found

    @override
    async def close(self) -> None:
        """Nothing is held."""


def _check_public(host: str, name: str = "") -> None:
    """Raise Misconfigured for an address that is not of the open net; a name passes."""
    try:
        address = ip_address(host)
    except ValueError:
        return
    if not all(one.is_global and not one.is_multicast for one in (address, *_within(address))):
        raise Misconfigured(
            f"{shortened(name or host)} leads into a private network",
            place="outgoing requests",
            mend=_MEND,
        )


def _within(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address]:
    """IPv4 addresses that an IPv6 address leads to: mapped, 6to4, translated (RFC 6052, NAT64)."""
    if isinstance(address, IPv6Address):
        found = (address.ipv4_mapped, address.sixtofour)
        yield from (one for one in found if one is not None)
        if address in _TRANSLATED:
            yield IPv4Address(address.packed[-4:])


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


def _not_reached(error: Exception, place: str) -> OutsideUnavailable:
    return OutsideUnavailable(
        f"it was not reached: {shortened(error)}", place=place, mend="Try again later"
    )

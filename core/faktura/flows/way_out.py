"""The way out of the house: to the open net by https, and to hosts that the installation names.

Addresses to call are set by tenants. So that none reaches into our own network (SSRF, P51), they are
looked at three times: as they are written, as their name is resolved, and, since a name may be resolved
to something else a moment later, as the socket for the very address is made.
"""

import socket
from collections.abc import Collection
from dataclasses import dataclass

from aiohttp import AddrInfoType, TCPConnector, ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override
from yarl import URL

from faktura.domain.public_addresses import address_of, is_public
from faktura.kernel.errors import Misconfigured, shortened

CONNECT_SECONDS = 10
_PLACE = "outgoing requests"
_MEND = "Name it in FAKTURA_PRIVATE_HOSTS as host:port if it is a system of yours"


class LeadsInside(OSError):
    """The socket for an address that is not of the open net is not made."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """The way to one host; a private one is named by the installation."""

    private: bool = False

    @classmethod
    def to(cls, url: URL, private_hosts: Collection[str]) -> "WayOut":
        """The way to the address's host; raises Misconfigured where none leads there."""
        host = _host_of(url)
        written = f"[{host}]" if ":" in host else host
        if f"{written}:{url.port}" in private_hosts and url.scheme in ("http", "https"):
            return cls(private=True)
        if url.scheme != "https" or url.user or url.password or not host:
            # Only where it leads: who is named before it, and what stands behind it, may be a secret.
            told = f"{url.scheme}://{written}" if host else "an address without a host"
            raise Misconfigured(
                f"“{shortened(told)}” is not an https address", place=_PLACE, mend=_MEND
            )
        _check_public(host, host)
        return cls()

    def connector(self, *, keeps_alive: bool, most: int = 100) -> TCPConnector:
        """Makes at most that many connections at once; to be closed with its session."""
        return TCPConnector(
            resolver=ThreadedResolver() if self.private else PublicResolver(),
            socket_factory=None if self.private else public_socket,
            force_close=not keeps_alive,
            limit=most,
        )


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
            _check_public(result["host"], host)
        return found

    @override
    async def close(self) -> None:
        """Nothing is held."""


def public_socket(target: AddrInfoType) -> socket.socket:
    """A socket for the address that is about to be connected to; raises LeadsInside."""
    family, kind, protocol, _, address = target
    found = address_of(str(address[0]))
    if found is None or not is_public(found):
        raise LeadsInside("the address leads into a private network")
    return socket.socket(family, kind, protocol)


def refused_inside(place: str) -> Misconfigured:
    """What is told of a call that would have gone inwards."""
    return Misconfigured("the address leads into a private network", place=place, mend=_MEND)


def _host_of(url: URL) -> str:
    """The host in small letters, IPv6 without brackets; raises Misconfigured for what is none."""
    try:
        return (url.host or "").lower()
    except UnicodeError:
        # A label like xn--a that stands for nothing.
        raise Misconfigured("its host is no name", place=_PLACE, mend=_MEND) from None


def _check_public(address: str, name: str) -> None:
    """Raise Misconfigured for an address that is not of the open net; a name passes."""
    found = address_of(address)
    if found is not None and not is_public(found):
        raise Misconfigured(
            f"{shortened(name)} leads into a private network", place=_PLACE, mend=_MEND
        )

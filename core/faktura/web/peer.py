"""From which address a request comes: a proxy is believed only where the settings trust it."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from aiohttp import hdrs, web

from faktura.plugin import Attendance
from faktura.web.keys import APP

Address = IPv4Address | IPv6Address

_FORWARDED = "X-Forwarded-For"
_UNKNOWN = IPv4Address(0)
_LONGEST_AGENT = 400


def peer_address(request: web.Request) -> Address:
    """The address of who asks.

    Behind trusted proxies it is the nearest address of X-Forwarded-For that is none of theirs:
    whatever stands left of it was written by whoever asks, and may be made up.
    """
    trusted = request.config_dict[APP].settings.trusted_proxies
    address = _read(request.remote or "") or _UNKNOWN
    for hop in _forwarded(request):
        if not any(address in network for network in trusted):
            return address
        if hop is None:
            # A proxy of ours that writes no address: nothing left of it can be believed.
            return address
        address = hop
    return address


def attendance_of(request: web.Request) -> Attendance:
    """Who waits at the browser, as a bank asks for it (PSD2)."""
    # It is written down and sent on: whatever bytes came, it is text.
    agent = request.headers.get(hdrs.USER_AGENT, "").encode("ascii", "replace").decode()
    agent = agent[:_LONGEST_AGENT]
    return Attendance(ip_address=str(peer_address(request)), user_agent=agent)


def _forwarded(request: web.Request) -> Iterator[Address | None]:
    """The hops from the nearest to the farthest; None for what is no address."""
    written = ",".join(request.headers.getall(_FORWARDED, []))
    if written:
        yield from (_read(entry.strip()) for entry in reversed(written.split(",")))


def _read(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # One and the same machine, however the socket was opened.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address

"""Where browsers find the installation, and which proxies stand before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from typing_extensions import override

from faktura.kernel.errors import FieldInvalid, shortened

Network = IPv4Network | IPv6Network

_PUBLIC_URL = re.compile(
    r"(?P<scheme>https?)://(?P<name>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?/?"
)
_DEFAULT_PORTS = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class PublicUrl:
    """`https://billing.example.com`; `host` is as browsers send it, with a port that is not usual."""

    scheme: str
    host: str

    @property
    def is_https(self) -> bool:
        """Whether nobody on the way reads what is sent."""
        return self.scheme == "https"

    @override
    def __str__(self) -> str:
        """The address without a slash at its end: what browsers call the origin."""
        return f"{self.scheme}://{self.host}"


def read_public_url(text: str) -> PublicUrl | None:
    """The address of that text, None for none; raises FieldInvalid.

    It has no path: the pages and the interface have the host to themselves.
    """
    if not text:
        return None
    found = _PUBLIC_URL.fullmatch(text.strip().lower())
    if found is None:
        raise FieldInvalid(
            f"“{shortened(text)}” is not an address of browsers",
            place="FAKTURA_PUBLIC_URL",
            mend="Write scheme, host and nothing behind: https://billing.example.com",
        )
    port = found["port"]
    is_usual = port in (None, _DEFAULT_PORTS[found["scheme"]])
    return PublicUrl(found["scheme"], found["name"] if is_usual else f"{found['name']}:{port}")


def read_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """The networks of these texts, `10.0.0.0/8` or a single address; raises FieldInvalid."""
    return tuple(_network(text) for text in texts)


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError:
        raise FieldInvalid(
            f"“{shortened(text)}” is not a network",
            place="FAKTURA_TRUSTED_PROXIES",
            mend="Write addresses or networks like 10.0.0.0/8, with commas between them",
        ) from None

"""Which addresses are of the open net: nothing that a stranger names may lead into a network of ours (P51).

The registries of special addresses (RFC 6890 and what came after it) are written out: what a
library holds for global changes from release to release.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_CLOSED_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local: the metadata of clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# Unicast of the open net is 2000::/3 and nothing else: so mapped and compatible IPv4, loopback, local
# and multicast addresses are closed by themselves.
_OPEN_6 = IPv6Network("2000::/3")
_CLOSED_6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocols' own, with Teredo, which hides an IPv4 address
        "2001:db8::/32",
        "2002::/16",  # 6to4 hides one as well
        "3fff::/20",
    )
)
# Networks without IPv4 reach it by these (NAT64, RFC 6052): what counts is where they lead.
_TRANSLATED = IPv6Network("64:ff9b::/96")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address is of the open net, and so is the one that it is translated to."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    if address.scope_id is not None:
        return False
    if address in _TRANSLATED:
        return is_public(IPv4Address(address.packed[-4:]))
    return address in _OPEN_6 and not any(address in network for network in _CLOSED_6)


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """The address in its usual spelling (IPv6 without brackets); None for what is none."""
    try:
        return ip_address(text)
    except ValueError:
        return None

"""From which address a request comes, and whom we believe about it."""

from dataclasses import replace
from ipaddress import ip_address, ip_network

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from faktura.web.keys import APP
from faktura.web.peer import peer_address

PROXIES = ("10.0.0.0/8", "fd00::/8")


class Connection:
    """A socket whose other end is `peer`."""

    def __init__(self, peer: str) -> None:
        self._peer = peer

    def get_extra_info(self, name: str, default: object = None) -> object:
        return (self._peer, 4711) if name == "peername" else default


def asking(app, peer: str, *forwarded: str, trusted: tuple[str, ...] = PROXIES) -> str:
    """Who asks, where `peer` is connected and says that it asks for others."""
    application = web.Application()
    networks = tuple(ip_network(network) for network in trusted)
    application[APP] = replace(app, settings=replace(app.settings, trusted_proxies=networks))
    headers = CIMultiDict([("X-Forwarded-For", value) for value in forwarded])
    request = make_mocked_request(
        "GET", "/", headers=headers, app=application, transport=Connection(peer)
    )
    return str(peer_address(request))


def test_without_proxies_it_is_who_is_connected(app):
    """Whatever they claim."""
    assert asking(app, "203.0.113.9", trusted=()) == "203.0.113.9"
    assert asking(app, "203.0.113.9", "198.51.100.1", trusted=()) == "203.0.113.9"


def test_only_a_trusted_proxy_is_believed(app):
    """A header that anybody can write says nothing."""
    assert asking(app, "203.0.113.9", "127.0.0.1") == "203.0.113.9"
    assert asking(app, "10.0.0.1", "198.51.100.1") == "198.51.100.1"
    assert asking(app, "10.0.0.1") == "10.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "found"),
    [
        # The left ones were written by whoever asks: made up, they change nothing.
        (("127.0.0.1, 198.51.100.1",), "198.51.100.1"),
        (("10.9.9.9, 198.51.100.1, 10.0.0.2",), "198.51.100.1"),
        (("127.0.0.1", "198.51.100.1"), "198.51.100.1"),
        # All are ours: the farthest one asks.
        (("10.0.0.3, 10.0.0.2",), "10.0.0.3"),
        # What is no address ends what can be believed.
        (("198.51.100.1, unknown",), "10.0.0.1"),
        (("198.51.100.1, <script>, 10.0.0.2",), "10.0.0.2"),
        (("198.51.100.1,",), "10.0.0.1"),
        (("",), "10.0.0.1"),
        (("2001:db8::1",), "2001:db8::1"),
        (("::ffff:198.51.100.1",), "198.51.100.1"),
        (("198.51.100.1, fd00::2",), "198.51.100.1"),
    ],
)
def test_it_is_the_nearest_address_that_is_no_proxy_of_ours(app, forwarded, found):
    """From the right, because every proxy adds who came to it at the end."""
    assert asking(app, "10.0.0.1", *forwarded) == found


def test_a_machine_is_the_same_by_either_protocol(app):
    """A socket for both shows IPv4 as ::ffff:…; a trusted one is trusted all the same."""
    assert asking(app, "::ffff:203.0.113.9") == "203.0.113.9"
    assert asking(app, "::ffff:10.0.0.1", "198.51.100.1") == "198.51.100.1"


def test_an_address_nobody_knows_is_no_proxy(app):
    """A socket without one."""
    assert asking(app, "", "198.51.100.1") == str(ip_address(0))

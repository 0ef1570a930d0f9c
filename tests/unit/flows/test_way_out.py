"""The way out leads to the open net only, whatever an address says and wherever its name leads (P51)."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override
from yarl import URL

from faktura.domain.webhook_signing import Signer
from faktura.flows.outgoing import OutgoingHttp
from faktura.flows.way_out import LeadsInside, PublicResolver, WayOut, public_socket
from faktura.flows.webhook_sending import Line, Webhook
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import Misconfigured
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import HttpRequest

SIGNER = Signer.of(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
PING = Webhook("1", "PING", "nord", b"{}")
# Literal spellings of inner addresses, as an address may have them.
SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0177.0.0.1",
    "017700000001", "127.0.0.1.", "0", "0.0.0.0", "10.0.0.1", "100.64.0.1", "169.254.169.254",  # noqa: S104 - refused
    "172.16.0.1", "192.168.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "[::]", "[::1]",
    "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]",
    "[64:ff9b::7f00:1]", "[2001::1]", "[2002:7f00:1::]", "[fc00::1]", "[fe80::1]", "[fec0::1]",
    "[ff02::1]", "localhost", "localhost.",
)  # fmt: skip
# What the resolver of a name may say.
INNER = (
    "127.0.0.1", "0.0.0.0", "10.1.2.3", "100.64.0.1", "169.254.169.254", "172.31.0.1", "192.168.1.1",  # noqa: S104 - refused
    "192.0.0.8", "192.88.99.1", "198.19.0.1", "224.0.0.251", "240.0.0.1", "255.255.255.255", "::", "::1",
    "::7f00:1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2001::1", "2001:db8::1",
    "2002:a00:1::", "fc00::1", "fdff::1", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1", "3fff::1", "100::1",
)  # fmt: skip


class Saying(AbstractResolver):
    """Resolves every name to the next of these addresses, the last one for ever."""

    answers: tuple[str, ...] = ()
    asked = 0

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = self.answers[min(Saying.asked, len(self.answers) - 1)]
        Saying.asked += 1
        found = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [
            ResolveResult(hostname=host, host=address, port=port, family=found, proto=0, flags=0)
        ]

    @override
    async def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Saying]]:
    """What names lead to; the check of what is resolved stays as it is."""
    monkeypatch.setattr("faktura.flows.way_out.ThreadedResolver", Saying)
    yield Saying
    Saying.answers, Saying.asked = (), 0


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Where somebody listens on this machine to whom nobody may even connect."""
    came: list[object] = []

    def note(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer.get_extra_info("peername"))
        writer.close()

    async with await asyncio.start_server(note, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
    assert came == []


async def told(url: str) -> str:
    """Why a webhook to that address was not sent."""
    line = Line.open(url, SIGNER, FixedClock(datetime(2026, 10, 31, 8, 0, tzinfo=UTC)), frozenset())
    try:
        said = await line.send(PING)
    finally:
        await line.close()
    assert not said.taken
    assert said.error is not None
    return said.error["problem"]


@pytest.mark.parametrize("host", SPELLINGS)
async def test_no_spelling_of_an_inner_address_is_connected_to(host: str, port: int):
    """Even where it came past the check of what is saved; it is certain that nothing was sent."""
    url = f"https://{host}:{port}/"

    with pytest.raises((Misconfigured, OutsideUnavailable)):
        await OutgoingHttp().request(HttpRequest("GET", url))


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "0"])
async def test_numbers_that_are_no_address_get_no_webhook(host: str, port: int):
    """A failed delivery like any other."""
    problem = await told(f"https://{host}:{port}/")

    assert "no address" in problem or "leads into a private network" in problem


@pytest.mark.parametrize("address", INNER)
async def test_a_name_that_leads_to_an_inner_address_is_not_followed(
    address: str, names: type[Saying], port: int
):
    """Adapters and webhooks go the same way."""
    names.answers = (address,)
    url = f"https://hooks.example.com:{port}/"

    with pytest.raises(Misconfigured, match="leads into a private network"):
        await OutgoingHttp().request(HttpRequest("GET", url))
    assert await told(url) == "hooks.example.com leads into a private network"


@pytest.mark.parametrize("address", INNER)
def test_no_socket_is_made_for_an_inner_address(address: str):
    """The last look, at the very address that is connected to."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET

    with pytest.raises(LeadsInside):
        public_socket((family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, 443)))


def test_a_socket_is_made_for_an_address_of_the_open_net():
    """And not connected yet."""
    target = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("93.184.216.34", 443))

    with public_socket(target) as made:
        assert (made.family, made.type) == (socket.AF_INET, socket.SOCK_STREAM)


def test_what_is_no_address_gets_no_socket():
    """A path of the file system, as an odd family has it."""
    with pytest.raises(LeadsInside):
        public_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("var/run", 1)))


async def test_a_name_that_is_moved_inwards_after_the_check_is_not_followed(
    names: type[Saying], port: int
):
    """DNS rebinding: public when it is looked at, private a moment later."""
    names.answers = ("93.184.216.34", "127.0.0.1")

    looked = await PublicResolver().resolve("hooks.example.com", 443)
    problem = await told(f"https://hooks.example.com:{port}/")

    assert [one["host"] for one in looked] == ["93.184.216.34"]
    assert problem == "hooks.example.com leads into a private network"


async def test_a_resolver_that_lets_an_inner_address_pass_is_not_the_last_look(
    monkeypatch: pytest.MonkeyPatch, port: int
):
    """The socket looks for itself, for adapters and for webhooks."""
    monkeypatch.setattr("faktura.flows.way_out.PublicResolver", Saying)
    monkeypatch.setattr(Saying, "answers", ("127.0.0.1",))
    url = f"https://hooks.example.com:{port}/"

    with pytest.raises(Misconfigured, match="leads into a private network"):
        await OutgoingHttp().request(HttpRequest("GET", url))
    assert await told(url) == "the address leads into a private network"


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example.com/", "https://a:b@hooks.example.com/", "https://10.0.0.1/", "/x"],
)
def test_no_way_leads_to_what_is_not_https_of_the_open_net(url: str):
    """As it is written."""
    with pytest.raises(Misconfigured) as caught:
        WayOut.to(URL(url), frozenset())

    assert "a:b" not in caught.value.problem


@pytest.mark.parametrize(
    "url", ["http://shop.internal/hooks/tok3n?key=tok3n", "http://:tok3n@a.b/"]
)
def test_what_is_said_of_a_refused_address_holds_no_secret_of_it(url: str):
    """It is kept with the delivery, and told to others where an endpoint is switched off."""
    with pytest.raises(Misconfigured, match="is not an https address") as caught:
        WayOut.to(URL(url), frozenset())

    assert "tok3n" not in str(caught.value)


def test_a_name_that_stands_for_nothing_leads_nowhere():
    """Its letters cannot be read: a refusal, no defect of ours."""
    with pytest.raises(Misconfigured, match="its host is no name"):
        WayOut.to(URL("https://xn--a.example.com/", encoded=True), frozenset())


def test_an_own_address_of_ipv6_is_named_in_brackets():
    """As it is written in the address of an endpoint."""
    ours = frozenset({"[::1]:8080"})

    assert WayOut.to(URL("http://[::1]:8080/"), ours) == WayOut(private=True)
    with pytest.raises(Misconfigured):
        WayOut.to(URL("http://[::1]:8081/"), ours)


def test_a_host_of_the_installation_is_reached_by_its_port_alone():
    """In any case of letters, and by HTTP too."""
    ours = frozenset({"shop.internal:8080"})

    assert WayOut.to(URL("http://Shop.Internal:8080/"), ours) == WayOut(private=True)
    with pytest.raises(Misconfigured):
        WayOut.to(URL("http://shop.internal:8081/"), ours)
    with pytest.raises(Misconfigured):
        WayOut.to(URL("ftp://shop.internal:8080/"), ours)

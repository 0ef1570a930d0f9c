"""One webhook on its way: sent once, bounded, its answer told and never raised (P51)."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from faktura.domain.webhook_signing import Signer
from faktura.flows import webhook_sending
from faktura.flows.messengers import Told
from faktura.flows.webhook_sending import Line, Webhook, body_bytes
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import Misconfigured

CLOCK = FixedClock(datetime(2026, 10, 31, 8, 0, tzinfo=UTC))
SIGNER = Signer.of(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
WEBHOOK = Webhook("0199-1", "INVOICE_CREATED", "nord", '{"a":"ü"}'.encode())
# More than what systems keep of an answer that nobody reads.
PLENTY = 64 * 1024 * 1024


class Receiver:
    """Answers by the path, and remembers what came."""

    def __init__(self) -> None:
        self.came: list[tuple[str, dict[str, str], bytes]] = []
        self.headers: dict[str, str] = {}
        self.said = b""
        self.written = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """`/500` answers 500; some paths do worse."""
        self.came.append((request.method, dict(request.headers), await request.read()))
        word = request.path[1:]
        assert request.transport is not None
        match word:
            case "lost":
                request.transport.abort()
                return web.Response()
            case "slow":
                await asyncio.sleep(5)
                return web.Response()
            case "cut":
                cut = web.StreamResponse(headers={"Content-Length": "100"})
                await cut.prepare(request)
                await cut.write(b"half")
                request.transport.abort()
                return cut
            case "endless":
                endless = web.StreamResponse()
                await endless.prepare(request)
                while self.written < PLENTY:
                    await endless.write(b"x" * 65_536)
                    self.written += 65_536
                return endless
            case _:
                return web.Response(status=int(word), body=self.said, headers=self.headers)


@pytest.fixture
def receiver() -> Receiver:
    """The other side's own memory."""
    return Receiver()


@pytest.fixture
async def base(receiver: Receiver) -> AsyncIterator[str]:
    """Its address."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.answer)
    async with TestServer(app) as server:
        yield f"http://127.0.0.1:{server.port}"


def line_to(base: str, path: str) -> Line:
    """A way to it: the installation has named this host."""
    return Line.open(f"{base}/{path}", SIGNER, CLOCK, frozenset({base.removeprefix("http://")}))


async def told(base: str, path: str) -> Told:
    """What comes of one webhook."""
    line = line_to(base, path)
    try:
        return await line.send(WEBHOOK)
    finally:
        await line.close()


async def test_a_webhook_says_whose_it_is_and_is_signed(base: str, receiver: Receiver):
    """Standard Webhooks' headers, the tenant and the type of the event (F117)."""
    receiver.said = b"thanks"

    said = await told(base, "200")

    (method, headers, body), *rest = receiver.came
    assert rest == []
    assert (method, body) == ("POST", '{"a":"ü"}'.encode())
    assert {
        name: headers[name]
        for name in ("webhook-id", "webhook-timestamp", "faktura-tenant", "faktura-event")
    } == {
        "webhook-id": "0199-1",
        "webhook-timestamp": "1793433600",
        "faktura-tenant": "nord",
        "faktura-event": "INVOICE_CREATED",
    }
    assert headers["webhook-signature"].startswith("v1,")
    assert headers["Content-Type"] == "application/json"
    assert (said.taken, said.status, said.answer, said.error) == (True, 200, "thanks", None)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_any_status_of_2xx_takes_it(base: str, status: int):
    """As the standard says."""
    assert (await told(base, str(status))).taken


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_redirects_are_not_followed(base: str, receiver: Receiver, status: int):
    """Who was trusted cannot send us elsewhere."""
    receiver.headers = {"Location": f"{base}/200"}

    said = await told(base, str(status))

    assert (said.taken, said.status) == (False, status)
    assert said.error is not None
    assert said.error["problem"] == f"it answered {status}: redirects are not followed"
    assert len(receiver.came) == 1


@pytest.mark.parametrize("status", [400, 404, 410, 500, 502])
async def test_every_other_status_is_a_failure(base: str, receiver: Receiver, status: int):
    """Only 429 and 503 may say when to come again."""
    receiver.headers = {"Retry-After": "60"}

    said = await told(base, str(status))

    assert (said.taken, said.status, said.retry_after) == (False, status, 0)
    assert said.error is not None
    assert said.error["code"] == "delivery_failed"
    assert said.error["problem"] == f"it answered {status}"
    assert said.error["place"] == "webhook to 127.0.0.1"


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("99999999999", 604_800),
        ("Sat, 31 Oct 2026 08:05:00 GMT", 300),
        ("Sat, 31 Oct 2026 07:00:00 GMT", 0),
        ("Sat, 31 Oct 2026 08:05:00", 0),
        ("Sat, 31 Oct 99999999999999999999 08:05:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
        ("²", 0),
    ],
)
async def test_a_busy_endpoint_says_when_to_come_again(
    base: str, receiver: Receiver, status: int, wish: str, seconds: int
):
    """In seconds or as a moment (RFC 9110, 10.2.3); what cannot be read is no wish."""
    receiver.headers = {"Retry-After": wish}

    assert (await told(base, str(status))).retry_after == seconds


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (b"  two\r\n lines ", "two lines"),
        (b"\x1b[31mred\x00", "\N{REPLACEMENT CHARACTER}[31mred\N{REPLACEMENT CHARACTER}"),
        (b"\xff\xfe", "\N{REPLACEMENT CHARACTER}" * 2),
        (b"a" * 200, "a" * 200),
        (b"a" * 201, "a" * 199 + "…"),
        (b"", ""),
    ],
)
async def test_what_is_said_is_short_and_harmless(
    base: str, receiver: Receiver, said: bytes, shown: str
):
    """It stands in a log that people read on a terminal."""
    receiver.said = said

    assert (await told(base, "500")).answer == shown


async def test_an_endless_answer_is_read_in_part_only(base: str, receiver: Receiver):
    """The status counts: it was taken; whoever writes on writes to nobody."""
    said = await told(base, "endless")

    assert (said.taken, len(said.answer)) == (True, 200)
    assert receiver.written < PLENTY


async def test_a_packed_answer_is_not_unpacked(base: str, receiver: Receiver):
    """A megabyte of nothing takes a kilobyte on the way."""
    receiver.said = gzip.compress(b"unpacked " * 100_000)
    receiver.headers = {"Content-Encoding": "gzip"}

    said = await told(base, "200")

    assert said.taken
    assert said.answer
    assert "unpacked" not in said.answer


async def test_an_answer_that_breaks_off_behind_its_status_counts(base: str):
    """What the endpoint said last is that it took it."""
    said = await told(base, "cut")

    assert (said.taken, said.answer) == (True, "half")


async def test_a_lost_answer_is_a_failure(base: str, receiver: Receiver):
    """It is sent once: the outbox decides on another try."""
    said = await told(base, "lost")

    assert (said.taken, said.status, said.answer) == (False, None, "")
    assert said.error is not None
    assert said.error["problem"] == "the answer did not come: ServerDisconnectedError"
    assert len(receiver.came) == 1


async def test_a_slow_endpoint_is_given_up(base: str, monkeypatch: pytest.MonkeyPatch):
    """Fifteen seconds in all."""
    assert webhook_sending._SECONDS == 15
    monkeypatch.setattr("faktura.flows.webhook_sending._SECONDS", 0.05)

    said = await told(base, "slow")

    assert said.error is not None
    assert said.error["problem"] == "no answer within 0.05 seconds"


async def test_who_is_not_there_is_told():
    """A closed port."""
    base = f"http://127.0.0.1:{unused_port()}"

    said = await told(base, "200")

    assert said.error is not None
    assert said.error["problem"].startswith("it was not reached: ")
    assert said.error["mend"]


async def test_connections_are_kept_for_the_next_webhook(base: str, receiver: Receiver):
    """One connection serves many."""
    line = line_to(base, "200")

    for _ in range(3):
        assert (await line.send(WEBHOOK)).taken

    assert len(receiver.came) == 3
    assert line.session.connector is not None
    assert len(line.session.connector._conns) == 1
    await line.close()


async def test_a_cookie_is_not_sent_back(base: str, receiver: Receiver):
    """By a name: addresses of numbers get none anyway. What an endpoint says is no state of ours."""
    receiver.headers = {"Set-Cookie": "seen=1"}
    line = line_to(base.replace("127.0.0.1", "localhost"), "200")

    for _ in range(2):
        assert (await line.send(WEBHOOK)).taken

    assert ["Cookie" in headers for _, headers, _ in receiver.came] == [False, False]
    await line.close()


async def test_no_proxy_of_the_environment_is_asked(base: str, monkeypatch: pytest.MonkeyPatch):
    """It would connect in our stead, to addresses that nobody has looked at."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port()}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)

    assert (await told(base, "200")).taken


async def test_no_way_is_opened_inwards():
    """A host that the installation does not name any more."""
    with pytest.raises(Misconfigured, match="not an https address"):
        Line.open("http://127.0.0.1:8080/", SIGNER, CLOCK, frozenset())


def test_a_body_is_json_without_blanks():
    """In UTF-8, in the order of its fields."""
    assert body_bytes({"id": "1", "data": {"name": "Müller"}}) == (
        '{"id":"1","data":{"name":"Müller"}}'.encode()
    )

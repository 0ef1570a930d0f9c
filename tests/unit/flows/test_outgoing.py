"""Requests to other systems: only where the installation wants them, bounded, sent once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from faktura.flows.outgoing import OutgoingHttp
from faktura.flows.way_out import PublicResolver
from faktura.kernel.errors import Misconfigured
from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.plugin import FormPart, HttpRequest


class Echo:
    """A server that tells what it got, loses answers, redirects, or never ends."""

    def __init__(self) -> None:
        self.asked = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """By the path."""
        self.asked += 1
        match request.path:
            case "/lost":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "/slow":
                await asyncio.sleep(5)
                return web.Response()
            case "/moved":
                raise web.HTTPFound("/elsewhere")
            case "/cut":
                response = web.StreamResponse(headers={"Content-Length": "100"})
                await response.prepare(request)
                await response.write(b"x")
                assert request.transport is not None
                request.transport.abort()
                return response
            case "/form":
                parts = await request.post()
                told = {
                    name: part.file.read().decode() if isinstance(part, web.FileField) else part
                    for name, part in parts.items()
                }
                return web.json_response(told)
            case _:
                return web.Response(body=await request.read(), headers={"X-Word": "said"})


@pytest.fixture
def echo() -> Echo:
    """The server's own memory."""
    return Echo()


@pytest.fixture
async def base(echo: Echo) -> AsyncIterator[str]:
    """Its address."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", echo.answer)
    server = TestServer(app)
    await server.start_server()
    yield f"http://127.0.0.1:{server.port}"
    await server.close()


def http_to(base: str) -> OutgoingHttp:
    """The way out that may reach it."""
    return OutgoingHttp(frozenset({base.removeprefix("http://")}))


async def test_an_answer_comes_as_it_was_sent(base: str):
    """Body, status, headers in lower case; a redirect is an answer and not followed."""
    http = http_to(base)

    said = await http.request(HttpRequest("POST", f"{base}/", body=b"bytes"))
    moved = await http.request(HttpRequest("GET", f"{base}/moved"))

    assert (said.status, said.body, said.headers["x-word"]) == (200, b"bytes", "said")
    assert (moved.status, moved.headers["location"]) == (302, "/elsewhere")


async def test_forms_and_files_are_sent(base: str):
    """Urlencoded, and multipart with texts and files."""
    http = http_to(base)
    parts = (
        FormPart("text", "Grüße".encode(), "text/plain"),
        FormPart("file", b"page", "application/pdf", "a.pdf"),
    )

    form = await http.request(HttpRequest("POST", f"{base}/form", form={"a": "1 & 2"}))
    multipart = await http.request(HttpRequest("POST", f"{base}/form", parts=parts))

    assert form.body == b'{"a": "1 & 2"}'
    assert multipart.body == b'{"text": "Gr\\u00fc\\u00dfe", "file": "page"}'


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
@pytest.mark.parametrize("path", ["/lost", "/cut"])
async def test_a_lost_answer_is_an_unknown_outcome(base: str, echo: Echo, method: str, path: str):
    """It was sent once: nobody repeats it in secret."""
    with pytest.raises(OutcomeUnknown, match="the answer did not come"):
        await http_to(base).request(HttpRequest(method, f"{base}{path}"))

    assert echo.asked == 1


async def test_a_slow_answer_and_a_long_one_are_bounded(base: str):
    """Nobody knows then what was done."""
    http = http_to(base)
    slow = HttpRequest("GET", f"{base}/slow", limit=timedelta(milliseconds=100))
    long = HttpRequest("POST", f"{base}/", body=bytes(1001), most=1000)

    with pytest.raises(OutcomeUnknown, match="TimeoutError"):
        await http.request(slow)
    with pytest.raises(OutcomeUnknown, match="longer than 1,000 bytes"):
        await http.request(long)


async def test_who_is_not_there_got_nothing():
    """To try again does no harm."""
    base = f"http://127.0.0.1:{unused_port()}"

    with pytest.raises(OutsideUnavailable, match="it was not reached"):
        await http_to(base).request(HttpRequest("POST", base, body=b"x"))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "http://127.0.0.1:1/",
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:a00:1::]/",
        "https://224.0.0.1/",
        "https://0.0.0.0/",
        "https://user:pass@example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "/token",
    ],
)
async def test_nothing_inside_and_nothing_in_clear_is_called(url: str):
    """Settings of a tenant must not reach into our own network (SSRF)."""
    with pytest.raises(Misconfigured) as caught:
        await OutgoingHttp().request(HttpRequest("GET", url))

    assert "FAKTURA_PRIVATE_HOSTS" in caught.value.mend
    assert "pass@" not in caught.value.problem


@pytest.mark.parametrize("url", ["https://[::1", "https://example.com:99999/"])
async def test_what_is_no_address_is_named(url: str):
    """Settings hold whatever somebody wrote there."""
    with pytest.raises(Misconfigured, match="is no address"):
        await OutgoingHttp().request(HttpRequest("GET", url))


async def test_an_answer_that_is_no_http_is_an_unknown_outcome():
    """The request arrived; what came of it nobody knows."""

    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 banana\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(babble, "127.0.0.1") as server:
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

        with pytest.raises(OutcomeUnknown, match="the answer did not come"):
            await http_to(base).request(HttpRequest("POST", base, body=b"x"))


async def test_a_name_that_leads_inside_is_refused():
    """Where a name leads is seen when it is resolved, not before (DNS rebinding)."""
    with pytest.raises(Misconfigured, match="localhost leads into a private network"):
        await PublicResolver().resolve("localhost", 443)
    with pytest.raises(Misconfigured, match="leads into a private network"):
        await OutgoingHttp().request(HttpRequest("GET", "https://localhost/"))


async def test_a_private_host_is_named_with_its_port(base: str):
    """Another port of it stays closed."""
    http = OutgoingHttp(frozenset({"127.0.0.1:1"}))

    with pytest.raises(Misconfigured):
        await http.request(HttpRequest("GET", base))

"""Files over HTTP: whole, named, bounded, on disk and gone again, whatever the sender does."""

import asyncio
import gzip
import tempfile
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from io import BytesIO
from typing import IO, Any

import pytest
from aiohttp import FormData, MultipartWriter, web
from aiohttp.test_utils import TestClient, TestServer

from faktura.kernel.errors import FakturaError
from faktura.web.uploads import received

MOST = 4 * 1024 * 1024
ROUTE = "/upload"


class Desk:
    """Receives uploads and tells what came; keeps the temporary files it saw, and its errors."""

    def __init__(self) -> None:
        self.files: list[IO[bytes]] = []
        self.refused: asyncio.Queue[FakturaError] = asyncio.Queue()
        self.begun, self.received, self.ended = (asyncio.Event() for _ in range(3))
        self.stay = False

    async def take(self, request: web.Request) -> web.Response:
        """Answer with name, size and hash; 400 and the code for an error."""
        try:
            async with received(request, most=MOST) as upload:
                self.received.set()
                if self.stay:
                    await asyncio.Event().wait()
                digest = await asyncio.to_thread(upload.digest)
                assert digest == sha256(upload.file.read()).digest()
                return web.json_response([upload.name, upload.size, digest.hex()])
        except FakturaError as error:
            self.refused.put_nowait(error)
            return web.json_response(error.as_dict(), status=400)
        finally:
            self.ended.set()

    def application(self) -> web.Application:
        """Its door; what the application takes by default is less than a file."""
        application = web.Application(client_max_size=1024)
        application.router.add_post(ROUTE, self.take)
        return application


Browser = TestClient[web.Request, web.Application]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Sees every temporary file that an upload makes."""
    seen = Desk()
    make = tempfile.TemporaryFile

    def recording() -> IO[bytes]:
        seen.files.append(make())
        seen.begun.set()
        return seen.files[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", recording)
    return seen


@pytest.fixture
async def browser(desk: Desk) -> AsyncIterator[Browser]:
    """On a server that stops a handler whose sender has gone."""
    async with TestClient(TestServer(desk.application())) as client:
        yield client


HELLO = ["a.xml", 5, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"]


def form_of(*files: bytes, **fields: str) -> FormData:
    """A form as a browser sends it."""
    form = FormData(quote_fields=False, default_to_multipart=True)
    for content in files:
        form.add_field("file", BytesIO(content), filename="a.xml", content_type="text/xml")
    for name, value in fields.items():
        form.add_field(name, value)
    return form


async def test_a_body_is_the_file(browser):
    """curl --data-binary @a.xml -H 'Content-Disposition: …', of any content type."""
    named = {"Content-Disposition": 'attachment; filename="a.xml"'}

    for content_type in ("text/xml", "application/octet-stream", "multipart/mixed"):
        headers = {**named, "Content-Type": content_type}
        answer = await browser.post(ROUTE, data=b"hello", headers=headers)
        assert await answer.json() == HELLO


async def test_a_form_with_one_file_is_the_file(browser):
    """A browser's form, and curl -F file=@a.xml."""
    answer = await browser.post(ROUTE, data=form_of(b"hello"))

    assert await answer.json() == HELLO


async def test_the_file_is_gone_after_the_answer(browser, desk):
    """It never had a name on disk."""
    await browser.post(ROUTE, data=b"hello")

    assert [file.closed for file in desk.files] == [True]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("november.xml", "november.xml"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Bank\\Auszug März.xml", "Auszug März.xml"),
        ("a\x00b\x1b[2J\u202e.xml", "a\ufffdb\ufffd[2J\ufffd.xml"),
        ("x" * 300 + ".xml", "x" * 196 + ".xml"),
        (" ", "upload"),
        ("folder/", "upload"),
    ],
)
async def test_a_name_brings_no_folder_and_nothing_that_steers(browser, given, name):
    """It is stored, shown and printed."""
    answer = await browser.post(ROUTE, params={"filename": given}, data=b"hello")

    assert (await answer.json())[0] == name


async def test_a_body_without_a_name_gets_one(browser):
    """No parser needs it."""
    answer = await browser.post(ROUTE, data=b"hello")

    assert (await answer.json())[0] == "upload"


@pytest.mark.parametrize("form", [True, False])
async def test_a_file_of_the_greatest_size_is_whole_and_one_byte_more_is_refused(browser, form):
    """4 MiB, in more than one piece; the form's own lines do not count."""
    content = bytes(range(256)) * (MOST // 256)

    larger = content + b"x"

    whole = await browser.post(ROUTE, data=form_of(content) if form else BytesIO(content))
    refused = await browser.post(ROUTE, data=form_of(larger) if form else BytesIO(larger))

    assert (await whole.json())[1:] == [MOST, sha256(content).hexdigest()]
    assert (await refused.json())["code"] == "too_large"
    assert (await refused.json())["problem"] == "the file has more than 4194304 bytes"


async def test_a_size_that_is_announced_is_refused_before_a_byte_is_read(browser, desk):
    """No disk is filled for it."""
    answer = await browser.post(ROUTE, data=BytesIO(bytes(MOST + 1)))

    assert answer.status == 400
    assert desk.files == []


async def test_a_size_that_is_not_announced_is_found_out_on_the_way(browser, desk):
    """Chunked: the sender could go on forever."""

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(64 * 1024)

    sending = asyncio.create_task(browser.post(ROUTE, data=endless()))
    refused = await asyncio.wait_for(desk.refused.get(), 30)
    sending.cancel()

    assert refused.code == "too_large"
    assert [file.closed for file in desk.files] == [True]


@pytest.mark.parametrize("body", [b"", form_of(b"")], ids=["body", "form"])
async def test_an_empty_file_is_refused(browser, body):
    """A form in which no file was chosen looks like this, too."""
    answer = await browser.post(ROUTE, data=body)

    assert (await answer.json())["code"] == "file_unreadable"
    assert (await answer.json())["problem"] == "the file is empty"


@pytest.mark.parametrize(
    ("form", "place"),
    [
        (form_of(b"hello", b"hello"), "file"),
        (form_of(b"hello", iban="DE02"), "iban"),
        (form_of(iban="DE02"), "iban"),
    ],
)
async def test_a_form_with_anything_else_is_refused(browser, form, place):
    """Nothing that was sent is passed over in silence."""
    form.add_field("last", "")

    answer = await browser.post(ROUTE, data=form)

    assert await answer.json() == {
        "code": "field_unknown",
        "problem": "the form must bring one file and nothing else",
        "place": place,
        "mend": "With curl: -F file=@statement.xml",
    }


async def test_a_form_in_a_form_is_refused(browser):
    """No browser sends it."""
    inner = MultipartWriter("mixed")
    inner.append("hello")
    outer = MultipartWriter("form-data")
    outer.append(inner)

    answer = await browser.post(ROUTE, data=outer)

    assert (await answer.json())["place"] == "form"


HEAD = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.xml"\r\n\r\n'


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "file_unreadable"),
        (b"no boundary at all", "file_unreadable"),
        (b"--B--\r\n", "field_unknown"),
        (HEAD + b"hello", "file_unreadable"),
        (HEAD + b"hello\r\n--Bnothing", "file_unreadable"),
        (HEAD.replace(b"form-data", b"\xff" * 9000) + b"hello\r\n--B--\r\n", "file_unreadable"),
        (b'--B\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\n' + b"x" * 40,
         "file_unreadable"),
    ],
)  # fmt: skip
async def test_a_broken_form_is_refused(browser, desk, body, code):
    """Also one that ends where the file is whole, but not the form."""
    headers = {"Content-Type": "multipart/form-data; boundary=B"}

    answer = await browser.post(ROUTE, data=body, headers=headers)

    assert (await answer.json())["code"] == code
    assert [file.closed for file in desk.files] == [True]


async def test_a_form_that_names_no_boundary_is_refused(browser):
    """Its parts cannot be told apart."""
    headers = {"Content-Type": "multipart/form-data"}

    answer = await browser.post(ROUTE, data=b"hello", headers=headers)

    assert (await answer.json())["code"] == "file_unreadable"


@asynccontextmanager
async def sending(port: int | None, headers: bytes, body: bytes) -> AsyncIterator[None]:
    """A sender that stops in the middle of its request, and is gone at the end of the block."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /upload HTTP/1.1\r\nHost: localhost\r\n" + headers + b"\r\n\r\n" + body)
    await writer.drain()
    try:
        yield
    finally:
        writer.transport.abort()


async def test_a_compressed_body_is_taken_for_what_it_unfolds_to(browser):
    """Content-Encoding: gzip; 4 MiB and a byte of zeros are some 4,000 bytes on the wire."""
    packed = {"Content-Encoding": "gzip"}

    taken = await browser.post(
        ROUTE, params={"filename": "a.xml"}, data=gzip.compress(b"hello"), headers=packed
    )
    bomb = await browser.post(ROUTE, data=gzip.compress(bytes(MOST + 1)), headers=packed)
    broken = await browser.post(ROUTE, data=b"hello", headers=packed)

    assert await taken.json() == HELLO
    assert (await bomb.json())["code"] == "too_large"
    assert (await broken.json())["code"] == "file_unreadable"


async def test_a_sender_that_goes_away_leaves_nothing(desk):
    """A lost connection, on a server that lets its handlers go on, as ours does."""
    runner = web.AppRunner(desk.application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()

    async with sending(runner.addresses[0][1], b"Content-Length: 1000", b"hello"):
        await asyncio.wait_for(desk.begun.wait(), 30)
    refused = await asyncio.wait_for(desk.refused.get(), 30)
    await runner.cleanup()

    assert refused.code == "file_unreadable"
    assert [file.closed for file in desk.files] == [True]


@pytest.mark.parametrize("moment", ["begun", "received"])
async def test_a_handler_that_is_stopped_leaves_nothing(browser, desk, moment):
    """While it receives, and while it works on what it received."""
    desk.stay = True
    body = b"hello" if moment == "begun" else b"hello" * 200

    async with sending(browser.port, b"Content-Length: 1000", body):
        await asyncio.wait_for(getattr(desk, moment).wait(), 30)
    await asyncio.wait_for(desk.ended.wait(), 30)

    assert [file.closed for file in desk.files] == [True]


async def test_a_full_disk_is_named(browser, monkeypatch):
    """With the folder that is full."""

    class Full:
        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *error: object) -> None:
            return None

        def write(self, content: bytes) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", Full)

    answer = await browser.post(ROUTE, data=b"hello")

    said: dict[str, Any] = await answer.json()
    assert said["code"] == "file_unwritable"
    assert said["problem"] == "the upload cannot be kept: No space left on device"
    assert said["place"] == tempfile.gettempdir()


async def test_memory_stays_flat(desk):
    """64 MiB pass through 8: pieces of a mebibyte, and what runs ahead on the connection."""
    size = 64 * 1024 * 1024

    async def take(request: web.Request) -> web.Response:
        async with received(request, most=size) as upload:
            return web.json_response(upload.size)

    async def pieces() -> AsyncIterator[bytes]:
        piece = bytes(64 * 1024)
        for _ in range(1024):
            yield piece

    application = web.Application()
    application.router.add_post(ROUTE, take)
    async with TestClient(TestServer(application)) as browser:
        tracemalloc.start()
        answer = await browser.post(ROUTE, data=pieces())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        taken = await answer.json()

    assert taken == size
    assert peak < 8 * 1024 * 1024

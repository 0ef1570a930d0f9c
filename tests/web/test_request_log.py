"""Every line that is written for a request says which one, in whatever thread."""

import asyncio
import io
import logging

import pytest
from aiohttp import web
from tests.web.visits import visiting
from typing_extensions import override

from faktura.bootstrap.logs import TextLines
from faktura.web.application import create_app


class WithoutHead(TextLines):
    """The lines of a log without time, level and logger."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """What stands behind the logger's name."""
        return super().format(record).partition(f" {record.name} ")[2]


@pytest.fixture
def written():
    """What the log would show, with the id of each line's request at its end."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WithoutHead())
    logger = logging.getLogger("faktura")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lambda: stream.getvalue().splitlines()
    logger.setLevel(before)
    logger.removeHandler(handler)


def act_of_a_service() -> None:
    """Knows nothing of requests."""
    logging.getLogger("faktura.services.anything").info("acted")


async def test_lines_of_services_in_threads_carry_the_requests_id(app, written):
    """Two requests of one connection have two; outside of a request there is none."""

    async def acts(_request: web.Request) -> web.Response:
        await asyncio.to_thread(act_of_a_service)
        return web.Response()

    application = create_app(app)
    application.router.add_get("/admin/acts", acts)
    async with visiting(app, application=application) as browser:
        first = (await browser.get("/admin/acts")).headers["X-Request-Id"]
        second = (await browser.get("/admin/acts")).headers["X-Request-Id"]
    act_of_a_service()

    lines = written()
    assert first != second
    assert [line for line in lines if line.startswith("acted")] == [
        f"acted request={first}", f"acted request={second}", "acted",
    ]  # fmt: skip
    assert [line.rpartition(" ")[2] for line in lines if line.startswith("request ")] == [
        f"request={first}", f"request={second}",
    ]  # fmt: skip


async def test_a_defect_is_found_by_the_id_on_the_page(app, written):
    """Its line and its traceback stand under it."""

    async def fails(_request: web.Request) -> web.Response:
        raise ZeroDivisionError

    application = create_app(app)
    application.router.add_get("/admin/fails", fails)
    async with visiting(app, application=application) as browser:
        answer = await browser.get("/admin/fails")
        page = await answer.text()

    request_id = answer.headers["X-Request-Id"]
    assert request_id in page
    assert f"request_failed request={request_id}" in written()


@pytest.mark.parametrize("sent", ["shop-0815", "A.b_c-1234", "x" * 64])
async def test_a_callers_own_id_is_noted_beside_ours(stranger, written, sent):
    """So that both logs can be laid side by side; the answer carries ours."""
    answer = await stranger.get("/", headers={"X-Request-Id": sent})

    assert answer.headers["X-Request-Id"] != sent
    assert f" caller={sent} request={answer.headers['X-Request-Id']}" in written()[-1]


@pytest.mark.parametrize("sent", ["short", "x" * 65, "with blank", "a=b status=200", "ümlaut-1234"])
async def test_an_id_that_is_none_is_not_noted(stranger, written, sent):
    """It could fake a field of the line."""
    await stranger.get("/", headers={"X-Request-Id": sent})

    assert "caller" not in written()[-1]


async def test_the_line_says_from_where(stranger, written):
    """For whoever looks for an attack."""
    await stranger.get("/", headers={"X-Forwarded-For": "198.51.100.1"})

    assert " peer=127.0.0.1 request=" in written()[-1]

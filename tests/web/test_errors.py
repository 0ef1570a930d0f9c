"""Errors as pages: a named one has its status, a defect keeps its details in the log."""

import logging

import pytest
from aiohttp import web
from tests.web.visits import visiting

from faktura.kernel.errors import (
    DatabaseUnreachable,
    FieldInvalid,
    FinaliseRefused,
    IntegrityBroken,
    NotFound,
    SettingMissing,
    WriteRefused,
)
from faktura.web.application import create_app
from faktura.web.errors import status_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("x"), 404),
        (WriteRefused("x"), 409),
        (FinaliseRefused("x"), 422),
        (FieldInvalid("x"), 422),
        (SettingMissing("x"), 503),
        (DatabaseUnreachable("x"), 503),
        (IntegrityBroken("x"), 500),
    ],
)
def test_a_named_error_has_its_status(error, status):
    """By the branch of the tree it stands on."""
    assert status_of(error) == status


async def answer_to(app, error: Exception):
    """The status and the page when a handler raises `error`."""

    async def fails(_request: web.Request) -> web.Response:
        raise error

    application = create_app(app)
    application.router.add_get("/fails", fails)
    async with visiting(app, application=application) as browser:
        answer = await browser.get("/fails", params={"lang": "en"})
        return answer, await answer.text()


async def test_a_named_error_says_place_and_mend(app):
    """They never hold a secret; a reader can act on them."""
    error = FinaliseRefused("the city <b>is</b> missing", place="contract V-4", mend="Fill it")

    answer, page = await answer_to(app, error)

    assert answer.status == 422
    assert "contract V-4: the city &lt;b&gt;is&lt;/b&gt; missing<br>Fill it" in page


async def test_a_named_error_of_ours_stands_in_the_log(app, caplog):
    """The id that the reader sees is added to every line (test_request_log.py)."""
    caplog.set_level(logging.ERROR, logger="faktura.web")

    answer, _ = await answer_to(app, SettingMissing("no key", place="FAKTURA_SECRET_KEYS"))

    (line,) = [record.getMessage() for record in caplog.records if record.name == "faktura.web"]
    assert answer.status == 503
    assert line == "request_failed error=FAKTURA_SECRET_KEYS: no key"


async def test_a_defect_shows_no_details(app, caplog):
    """The reader gets the id, the log the traceback; the headers are the same as ever."""
    answer, page = await answer_to(app, ZeroDivisionError("secret-in-a-message"))

    assert answer.status == 500
    assert "secret-in-a-message" not in page
    assert answer.headers["X-Request-Id"] in page
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "secret-in-a-message" in caplog.text


async def test_a_status_without_words_of_its_own_is_told_by_its_class(app):
    """409 and 422 are requests that could not be answered, 502 is ours."""
    assert "could not be understood" in (await answer_to(app, web.HTTPConflict()))[1]
    assert "went wrong on our side" in (await answer_to(app, web.HTTPBadGateway()))[1]

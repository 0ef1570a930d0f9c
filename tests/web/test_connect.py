"""Connections to accounting systems at the doors: the page a person comes back to, REST (F105)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from tests.services.accounting.linked import installation
from tests.web.api.world import Caller, make_key
from tests.web.visits import Browser

from datev_double.server import Double
from datev_double.world import Fault
from faktura.bootstrap import App
from faktura.domain.api_keys import Scope
from faktura.web.application import create_app


class Door:
    """The browser, a caller, and the double."""

    def __init__(self, app: App, browser: Browser, double: Double) -> None:
        self.app, self.browser, self.world = app, browser, double.world
        self.caller = Caller(browser, make_key(app, "werk"))

    async def came_back(self) -> str:
        """Begin a login by REST, log in at the double; the address the browser comes back by."""
        begun = await self.caller.post("/AccountingLinks/datev/login", Idempotency_Key=self.key())
        assert begun.status == 200, begun.body
        assert begun.json["redirectUri"] == "https://billing.example/connect/datev/werk"
        async with (
            ClientSession() as session,
            session.get(begun.json["url"], allow_redirects=False) as answer,
        ):
            back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"

    def key(self) -> str:
        """A fresh Idempotency-Key."""
        return str(self.app.database.new_id())


@pytest.fixture
async def door(tmp_path: Path, migrated_file: Path) -> AsyncIterator[Door]:
    """An installation and its double."""
    async with (
        installation(tmp_path, migrated_file) as (app, double),
        TestClient(TestServer(create_app(app))) as browser,
    ):
        yield Door(app, browser, double)


async def test_a_person_comes_back_and_is_told_in_two_languages(door: Door):
    """Nobody needs to be signed in: the state lets in, once."""
    address = await door.came_back()

    german = await door.browser.get(address)
    page = await german.text()
    again = await door.browser.get(address, headers={"Accept-Language": "en"})
    english = await again.text()

    assert german.status == 200
    assert "Verbunden" in page
    assert "Ada Adler" in page
    assert "Musterholz GmbH" in page
    # Eleven hours after 09:00 in Berlin, as DATEV wants it written.
    assert "01.11.2026 20:00" in page
    assert 'href="https://apps.datev.de/tokrevui"' in page
    assert again.status == 422
    assert "Not connected" in english
    assert "nobody is waiting for this login" in english


async def test_a_wrong_return_is_a_page_with_the_reason(door: Door):
    """No state, a foreign one, a denial; unknown targets and tenants do not exist."""
    door.world.person = None
    denied = await door.browser.get(await door.came_back())
    bare = await door.browser.get("/connect/datev/werk")
    foreign = await door.browser.get("/connect/datev/werk?state=xxxxxxxxxxxxxxxxxxxxxxx&code=1")
    lost = [
        await door.browser.get("/connect/other/werk?state=1"),
        await door.browser.get("/connect/datev/other?state=1"),
    ]

    assert [answer.status for answer in (denied, bare, foreign)] == [422, 422, 422]
    assert "The user denied the request" in await denied.text()
    assert [answer.status for answer in lost] == [404, 404]
    head = await door.browser.head("/connect/datev/werk?state=1")
    assert head.status == 405


async def test_a_client_that_lacks_the_service_is_shown(door: Door):
    """Connected, and not good."""
    door.world.clients[0].services = ()

    page = await (await door.browser.get(await door.came_back())).text()

    assert "Unvollständig" in page
    assert "has not booked the service Buchungsdatenservice" in page


async def test_links_are_listed_and_ended_by_rest(door: Door):
    """State, person and dates; never a token."""
    empty = (await door.caller.get("/AccountingLinks")).json["data"]
    await door.browser.get(await door.came_back())
    made = await door.caller.get("/AccountingLinks")
    door.world.clock.advance(timedelta(hours=11))
    over = (await door.caller.get("/AccountingLinks")).json["data"]
    ended = await door.caller.post("/AccountingLinks/datev/disconnect", Idempotency_Key=door.key())
    again = await door.caller.post("/AccountingLinks/datev/disconnect", Idempotency_Key=door.key())

    assert [(one["target"], one["state"], one["person"]) for one in empty] == [
        ("datev", "NONE", None)
    ]
    assert made.json == {
        "data": [
            {
                "target": "datev",
                "state": "CONNECTED",
                "person": "Ada Adler",
                "clientName": "Musterholz GmbH",
                "connectedAt": "2026-11-01T08:00:00.000Z",
                "refreshUntil": "2026-11-01T19:00:00.000Z",
                "checkedAt": "2026-11-01T08:00:00.000Z",
                "problems": [],
                "manageUrl": "https://apps.datev.de/tokrevui",
            }
        ],
        "nextCursor": None,
    }
    assert over[0]["state"] == "ENDED"
    assert ended.json == {"target": "datev", "revoked": True, "problem": None}
    assert again.status == 404


async def test_rest_refuses_what_is_not_there_or_not_allowed(door: Door):
    """Another target, a key without the scope; a failed revocation is told."""
    unknown = await door.caller.post("/AccountingLinks/other/login", Idempotency_Key=door.key())
    reader = Caller(
        door.browser, make_key(door.app, "werk", scopes=frozenset({Scope.ACCOUNTING_READ}))
    )
    forbidden = await reader.post("/AccountingLinks/datev/login", Idempotency_Key=door.key())
    await door.browser.get(await door.came_back())
    door.world.turn_on(Fault.BROKEN, "POST", "/revoke", times=2)
    ended = await door.caller.post("/AccountingLinks/datev/disconnect", Idempotency_Key=door.key())

    assert (unknown.status, forbidden.status) == (404, 403)
    assert ended.json["revoked"] is False
    assert "HTTP 500" in ended.json["problem"]

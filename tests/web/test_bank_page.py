"""The page of bank connections: states in two languages, and forms that people are led to (F098)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select
from tests.web.bank_feed_world import IBAN, FeedDoor, feed_door
from tests.web.company import ANNA, PASSWORD, company_app
from tests.web.visits import form_token_in, origin, send, session_token, sign_in

from faktura.domain.jobs import JobName
from faktura.store import tables
from faktura.store.bank_connections import list_connections
from faktura.testing.feed_world import Bank, Do
from faktura.web.application import create_app

PAGE = "/admin/t/nord/bank"


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[FeedDoor]:
    """Nordwind's banks, and Anna at the browser."""
    app = company_app(f"sqlite:///{tmp_path / 'faktura.db'}", tmp_path)
    async with feed_door(app) as opened:
        cookies = {"faktura": session_token(opened.app, ANNA)}
        async with TestClient(TestServer(create_app(opened.app)), cookies=cookies) as browser:
            opened.browser = browser
            yield opened
    app.close()


async def read(door: FeedDoor, query: str = "") -> str:
    """The page."""
    answer = await door.browser.get(f"{PAGE}{query}")
    assert answer.status == 200
    return await answer.text()


async def act(door: FeedDoor, path: str) -> int:
    """Press a button of the page; the answer's status."""
    token = form_token_in(await read(door))
    answer = await send(door.browser, f"{PAGE}/{path}", form_token=token)
    return answer.status


async def test_a_person_connects_a_bank_and_changes_the_pin(door: FeedDoor):
    """Two buttons and the bank's form; what went wrong is told on the page."""
    empty = await read(door)
    assert await act(door, "connect") == 303
    waiting = await read(door)
    door.world.complete("1", IBAN)
    await door.work()
    (one,) = door.world.connections.values()
    one.bank = Bank.WRONG_PIN
    shown = await read(door)
    with door.app.database.read(door.app.tenant_id("nord")) as tx:
        connection = list_connections(tx)[0].id
    assert await act(door, f"{connection}/sync") == 303
    await door.work()
    refused = await read(door)
    english = await read(door, "?lang=en")
    assert await act(door, f"{connection}/pin") == 303
    pin = await read(door)
    busy = await act(door, f"{connection}/sync")

    assert "Noch ist keine Bank verbunden." in empty
    assert 'href="https://form.example/1"' in waiting
    assert IBAN in shown
    assert "Zuletzt abgerufen 31.10.2026 09:00" in shown
    assert "Bank lehnt ab: PIN falsch" in refused
    assert "The bank refuses: PIN falsch" in english
    assert 'href="https://form.example/3"' in pin
    assert busy == 409
    attended = door.world.requests["2"].attended
    assert attended is not None
    assert attended.ip_address == "127.0.0.1"
    assert await act(door, f"{'-' * 36}/sync") == 404


async def test_who_signs_in_has_their_banks_updated(door: FeedDoor):
    """In the background, with the address of their browser (banking 1.8)."""
    await act(door, "connect")
    door.world.complete("1", IBAN)
    await door.work()

    await sign_in(door.browser, ANNA, PASSWORD)

    job = tables.job.c
    with door.app.database.read(door.app.tenant_id("nord")) as tx:
        found = tx.connection.execute(
            select(job.args).where(job.tenant_id == tx.tenant_id, job.name == JobName.SYNC_BANK)
        ).scalars()
        assert ['"ip":"127.0.0.1"' in args for args in found if "connection" in args] == [True]


async def test_a_browser_of_any_name_can_sign_in(door: FeedDoor):
    """What it calls itself is kept with the update and told to the bank: bytes that are no text, too."""
    await act(door, "connect")
    door.world.complete("1", IBAN)
    await door.work()
    async with TestClient(TestServer(door.browser.app)) as browser:
        page = await (await browser.get("/sign-in")).text()
        cookies = browser.session.cookie_jar.filter_cookies(browser.make_url("/sign-in"))
        fields = {"form_token": form_token_in(page), "email": ANNA, "password": PASSWORD}
        body = urlencode(fields)
        head = [
            "POST /sign-in HTTP/1.1",
            f"Host: 127.0.0.1:{browser.port}",
            *(f"{name}: {value}" for name, value in origin(browser).items()),
            "Cookie: " + "; ".join(f"{name}={one.value}" for name, one in cookies.items()),
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            "Connection: close",
        ]
        reader, writer = await asyncio.open_connection("127.0.0.1", browser.port)
        writer.write("\r\n".join(head).encode() + b"\r\nUser-Agent: B\xff\r\n\r\n" + body.encode())
        answer = await reader.read()
        writer.close()

    assert answer.startswith(b"HTTP/1.1 303 ")


async def test_the_form_of_a_bank_leads_back_to_the_page(tmp_path: Path):
    """Where people reach us by a name; in the language they read."""
    address = "http://localhost:8080"
    url = f"sqlite:///{tmp_path / 'faktura.db'}"
    app = company_app(url, tmp_path, FAKTURA_PUBLIC_URL=address)
    async with feed_door(app) as door:
        cookies = {"faktura": session_token(door.app, ANNA)}
        async with TestClient(TestServer(create_app(door.app)), cookies=cookies) as browser:
            door.browser = browser
            assert await act(door, "connect") == 303
    app.close()

    assert door.world.requests["1"].return_url == f"{address}{PAGE}"


async def test_a_page_without_a_feed_says_how_to_get_one(door: FeedDoor):
    """And a feed that is away is told in its words; a stranger's tenant does not exist."""
    door.world.next("begin_connection", Do.UNAVAILABLE)
    away = await act(door, "connect")
    other = await door.browser.get("/admin/t/sued/bank")
    cookies = {"faktura": session_token(door.app, "berta@büro.example")}
    async with TestClient(TestServer(create_app(door.app)), cookies=cookies) as browser:
        page = await (await browser.get("/admin/t/sued/bank")).text()

    assert away == 503
    assert other.status == 404
    assert "faktura bank feeds add finapi" in page

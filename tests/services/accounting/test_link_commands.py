"""faktura accounting connect, link, send, transfers: what a person types and reads (F105)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import click
import pytest
from aiohttp import ClientSession
from click.testing import CliRunner
from tests.services.accounting.linked import installation

from datev_double.world import Fault, World
from faktura.bootstrap import App
from faktura.cli import accounting_link, accounting_send
from faktura.cli.accounting import accounting
from faktura.flows.accounting_links import Linked, finish_login

OCTOBER = ("--from", "2026-10-01", "--to", "2026-10-31")


class Desk:
    """Whoever types, and the double."""

    def __init__(self, app: App, world: World) -> None:
        self.app, self.world = app, world

    async def says(self, *words: str, code: int = 0) -> str:
        """What a command writes."""
        group: click.Group = accounting
        done = await asyncio.to_thread(CliRunner().invoke, group, words)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == code, done.output
        return done.output

    async def json(self, *words: str, code: int = 0) -> Any:
        """The same as JSON."""
        return json.loads(await self.says(*words, "--json", code=code))

    async def connect(self) -> None:
        """Log in with the address that the command prints."""
        url = (await self.json("connect", "datev"))["url"]
        async with ClientSession() as session, session.get(url, allow_redirects=False) as answer:
            back = parse_qs(urlsplit(answer.headers["Location"]).query)
        tenant_id = self.app.tenant_id(None)
        link = self.app.adapters.link(tenant_id, "datev")
        linked = Linked(self.app.database, self.app.keys, tenant_id, link)
        await finish_login(linked, state=back["state"][0], code=back["code"][0])


@pytest.fixture
async def desk(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """An installation and its double."""
    async with installation(tmp_path, migrated_file) as (app, double):
        for module in (accounting_link, accounting_send):
            monkeypatch.setattr(module, "running", lambda: nullcontext(app))
        yield Desk(app, double.world)


async def test_a_connection_is_begun_shown_checked_and_ended(desk: Desk):
    """The person's name, until when in the tenant's time, and where to end it at DATEV."""
    begun = await desk.says("connect", "datev")
    none = await desk.json("link", "status", "datev")
    await desk.connect()
    shown = await desk.says("link", "status", "datev")
    checked = await desk.json("link", "check", "datev")
    desk.world.clients[0].services = ()
    lacking = await desk.json("link", "check", "datev", code=1)
    calls = await desk.json("link", "calls", "datev")
    ended = await desk.json("link", "disconnect", "datev")

    assert "Open this address within 10 minutes" in begun
    assert f"\n{desk.app.settings.environment['FAKTURA_DATEV__DISCOVERY_URL'][:17]}" in begun
    assert (none["state"], none["person"]) == ("NONE", None)
    for told in ("CONNECTED", "Ada Adler", "01.11.2026 20:00", "https://apps.datev.de/tokrevui"):
        assert told in shown
    assert (checked["state"], checked["problems"]) == ("CONNECTED", [])
    assert lacking["state"] == "INCOMPLETE"
    assert (calls[0]["method"], calls[0]["status"]) == ("GET", 200)
    assert ended == {"target": "datev", "forgotten": True, "revoked": True, "problem": None}


async def test_an_end_that_datev_does_not_hear_names_its_page(desk: Desk):
    """Forgotten here in any case."""
    await desk.connect()
    desk.world.turn_on(Fault.BROKEN, "POST", "/revoke", times=2)

    told = await desk.says("link", "disconnect", "datev")

    assert "End it there yourself: https://apps.datev.de/tokrevui" in told


async def test_a_month_is_sent_and_its_result_shown(desk: Desk):
    """Then there is nothing left to send, and a second transfer is only made on purpose."""
    await desk.connect()

    sent = await desk.json("send", "datev", *OCTOBER)
    waiting = await desk.json("transfers")
    desk.world.clock.advance(timedelta(minutes=1))
    await desk.says("transfers", "datev", "--check", "1")
    desk.world.clock.advance(timedelta(minutes=1))
    done = await desk.says("transfers", "datev", "--check", "1")
    nothing = await desk.says("send", "datev", *OCTOBER)
    repeated = await desk.json("send", "datev", "--again", "1")
    resumed = await desk.json("send", "datev", "--batch", "1")

    assert sent == {"target": "datev", "batch": 1, "state": "SENT"}
    assert [(one["file"], one["state"]) for one in waiting] == [(1, "PENDING"), (2, "PENDING")]
    assert "ACCEPTED" in done
    assert "Nothing to send to datev" in nothing
    assert (repeated["state"], resumed["state"]) == ("SENT", "SENT")
    assert len(desk.world.jobs) == 4


async def test_an_outage_leaves_the_rest_to_a_job(desk: Desk):
    """WAITING; nothing is lost."""
    await desk.connect()
    desk.world.turn_on(Fault.DOWN, "POST", "/import")

    assert (await desk.json("send", "datev", *OCTOBER))["state"] == "WAITING"


@pytest.mark.parametrize(
    "words",
    [
        ("send", "datev"),
        ("send", "datev", "--from", "2026-10-01"),
        ("send", "datev", "--to", "2026-10-31"),
        ("send", "datev", *OCTOBER, "--again", "1"),
        ("send", "datev", "--batch", "1", "--again", "1"),
        ("transfers", "--check", "1"),
    ],
)
async def test_what_contradicts_itself_is_wrong_usage(desk: Desk, words: tuple[str, ...]):
    """Exit code 2, before anything is done."""
    await desk.says(*words, code=2)

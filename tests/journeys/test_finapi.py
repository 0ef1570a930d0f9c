"""A bank over finAPI, from the form to settled invoices, against a double of finAPI (F098, P55).

The application serves callbacks, the double really posts them, and the PIN is seen by neither.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select
from tests.web.api.world import LOOKED_AT, build

from faktura.bootstrap import App, open_app
from faktura.domain.bank_connections import BankConnection, Errand
from faktura.domain.feed_status import statuses
from faktura.domain.feed_words import status_line
from faktura.domain.jobs import JobName
from faktura.flows.bank_feeds import add_feed, await_errand, begin_connecting, begin_update
from faktura.flows.feed_calls import FeedDesk
from faktura.kernel.bank_terms import FeedTaskKind, FeedTaskState
from faktura.kernel.clock import FixedClock, zone
from faktura.plugin import Attendance, FormRequest
from faktura.services.bank_accounts import add_bank_account
from faktura.services.bank_connections import show_connection
from faktura.services.bank_lists import listed_movements
from faktura.store import tables
from faktura.store.accounts import read_open_items
from faktura.store.bank_connections import list_connections
from faktura.store.movement_lists import MovementFilter
from faktura.store.secrets import new_key
from faktura.web.application import create_app
from finapi_double.server import running
from finapi_double.visitor import Visitor
from finapi_double.world import OUR_IBAN, CallbackMode, Scenario, World

PIN, NEW_PIN = "48151", "62342"
PERSON = Attendance(ip_address="192.0.2.7", user_agent="Firefox")


@dataclass
class House:
    """Nordwind, its desk, and finAPI's world."""

    app: App
    desk: FeedDesk
    world: World

    async def ends(self, errand: Errand, *, until_form: bool = False) -> Errand:
        """Look at the errand until it is over, while the clock goes on."""

        async def pause(seconds: float) -> None:
            self.world.clock.advance(timedelta(seconds=seconds))

        return await await_errand(
            self.desk, errand, patience=timedelta(hours=1), until_form=until_form, pause=pause
        )

    async def connect(self) -> Errand:
        """Connect Erika's bank by the form."""
        errand = await begin_connecting(self.desk, "finapi", FormRequest(), "anna")
        assert await Visitor().complete(errand.facts.url, pin=self.world.logins[0].pin) == 200
        return await self.ends(errand)

    async def update(
        self, attended: Attendance | None = None, kind: FeedTaskKind = FeedTaskKind.UPDATE
    ) -> Errand:
        """Update the connection, as far as that goes without a form."""
        self.world.clock.advance(timedelta(hours=1))
        errand = await begin_update(
            self.desk, self.connection().id, FormRequest(attended=attended), "anna", kind
        )
        return await self.ends(errand, until_form=True)

    def connection(self) -> BankConnection:
        """The only one that lives."""
        with self.app.database.read(self.desk.tenant.id) as tx:
            (one,) = list_connections(tx)
            return one

    def lines(self) -> list[str]:
        """The connection's state in German."""
        local = zone(self.desk.tenant.time_zone)
        with self.app.database.read(self.desk.tenant.id) as tx:
            view = show_connection(tx, self.connection().id).view
            return [status_line(one, "de", local) for one in statuses(view, tx.now())]

    def open(self) -> list[str]:
        """The numbers of open invoices."""
        with self.app.database.read(self.desk.tenant.id) as tx:
            return [item.number for item in read_open_items(tx)]

    def amounts(self) -> list[str]:
        """The movements, latest first."""
        with self.app.database.read(self.desk.tenant.id) as tx:
            return [str(one.amount) for one in listed_movements(tx, MovementFilter(), limit=99)]

    def triggers(self) -> int:
        """How many looks callbacks have asked for."""
        job = tables.job.c
        with self.app.database.read(self.desk.tenant.id) as tx:
            found = tx.connection.execute(
                select(job.args).where(job.name == JobName.SYNC_BANK)
            ).scalars()
            return sum('"look"' not in args for args in found)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Nordwind with an account at the test bank; RE-000001 over 71.40 is open."""
    url = f"sqlite:///{tmp_path / 'faktura.db'}"
    build(url)
    world = World(FixedClock(LOOKED_AT), plain_callbacks=True)
    world.have_login(pin=PIN)
    async with running(world) as double:
        settings = {f"FAKTURA_FINAPI__{name.upper()}": str(value).lower() if value is True else
                    str(value) for name, value in double.settings.items()}  # fmt: skip
        environment = {
            "FAKTURA_DATABASE_URL": url,
            "FAKTURA_PLUGINS": "finapi",
            "FAKTURA_SECRET_KEYS": new_key(),
            "FAKTURA_PRIVATE_HOSTS": ",".join(double.hosts),
            **settings,
        }
        app = open_app(environment, clock=world.clock)
        async with TestClient(TestServer(create_app(app))) as served:
            nord = app.tenant("nord")
            with app.database.write(nord.id) as tx:
                add_bank_account(tx, OUR_IBAN, holder="Nordwind GmbH")
            here = f"http://127.0.0.1:{served.port}"
            desk = FeedDesk(app.database, app.keys, app.content, app.adapters, nord, here)
            await add_feed(desk, "finapi", "finapi")
            yield House(app, desk, world)
        app.close()


async def test_a_bank_over_finapi_pays_an_invoice(house: House):
    """Connected by a form, updated without a person, read by a cursor; a repeat adds nothing."""
    house.world.callbacks = CallbackMode.TWICE
    connected = await house.connect()
    house.world.book(house.world.logins[0], "71.40", purpose="Rechnung RE-000001")

    updated = await house.update()
    again = await house.update()

    assert [one.state for one in (connected, updated, again)] == [FeedTaskState.DONE] * 3
    assert "RE-000001" not in house.open()
    assert house.amounts() == ["71.40 EUR"]
    assert house.triggers() > 0
    assert house.lines()[0].startswith("Zuletzt abgerufen 31.10.2026")
    unattended = house.world.asked("backgroundUpdate")
    assert [one for one in unattended if "192.0.2.7" in f"{one}"] == []


async def test_a_changed_pin_is_typed_at_the_form_and_seen_by_nobody_else(house: House):
    """The bank refuses the old one once; the new one stands in no request of ours (1.5)."""
    await house.connect()
    house.world.logins[0].pin = NEW_PIN

    refused = await house.update(PERSON)
    said = house.lines()
    form = await house.update(kind=FeedTaskKind.CREDENTIALS)
    await Visitor().complete(form.facts.url, pin=NEW_PIN)
    mended = await house.ends(form)

    assert refused.state is FeedTaskState.FAILED
    assert said[0].startswith("Bank lehnt ab: ")
    assert mended.state is FeedTaskState.DONE
    assert house.lines()[0].startswith("Zuletzt abgerufen")
    ours = [f"{one}" for one in house.world.asked() if "/webForm/" not in f"{one}"]
    assert [one for one in ours if "/api/" in one and NEW_PIN in one] == []
    with house.app.database.read(house.desk.tenant.id) as tx:
        for table in (tables.feed_task, tables.bank_connection, tables.job):
            rows = tx.connection.execute(select(table)).all()
            assert NEW_PIN not in f"{rows}"


async def test_a_bank_that_wants_a_tan_is_read_after_it(house: House):
    """The form is named in the state; without a callback the look finds it."""
    await house.connect()
    house.world.callbacks = CallbackMode.NEVER
    house.world.logins[0].scenario = Scenario.TAN_REQUIRED
    house.world.book(house.world.logins[0], "71.40", purpose="RE-000001")

    waiting = await house.update(PERSON)
    said = house.lines()
    await Visitor().complete(waiting.facts.url, pin=PIN)
    ended = await house.ends(waiting)

    assert waiting.state is FeedTaskState.FORM_NEEDED
    assert said[0] == "Bank verlangt Freigabe (TAN)"
    assert ended.state is FeedTaskState.DONE
    assert "RE-000001" not in house.open()

"""A company that collects over a provider, through its public doors: commands, pages, the receiver.

The clock stands still until the journey moves it: no waiting for a retry of the day after tomorrow.
"""

import asyncio
import json
import os
import re
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin

import pytest
from aiohttp import ClientSession, CookieJar
from tests.journeys.collected import Collected, run

from faktura.bootstrap import App, open_app
from faktura.domain.jobs import JobState
from faktura.flows.job_context import JobContext
from faktura.kernel.clock import FixedClock
from faktura.store.jobs import read_jobs
from faktura.store.queues import queue_of
from faktura.web.serving import serving
from faktura.worker.loop import Pace, Worker

T = TypeVar("T")

# The way is the same on both databases: on PostgreSQL it is gone at night.
ON_BOTH = pytest.mark.parametrize(
    "empty_database_url",
    ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.nightly])],
    indirect=True,
)

MORNING = datetime(2026, 12, 1, 8, tzinfo=UTC)
KEY = "d2Vyay13ZXJrLXdlcmstd2Vyay13ZXJrLXdlcmstd2U="
TENANT = (
    "--name", "Werk GmbH", "--street", "Weg 1", "--zip", "10115", "--city", "Berlin",
    "--vat-id", "DE123456788", "--iban", "DE02120300000000202051", "--chart", "SKR04",
    "--contact", "Mia Meier", "--phone", "+49 30 1234567", "--email", "mia@werk.example",
)  # fmt: skip
CATALOGUE = {
    "projects": [{"key": "main", "name": "Werk"}],
    "taxGroups": [
        {
            "key": "full",
            "case": "STANDARD",
            "rates": [{"validFrom": "2021-01-01", "rate": "19"}],
        }
    ],
    "productGroups": [{"key": "online", "name": "Online", "taxGroup": "full"}],
    "articles": [
        {
            "articleNumber": "ONLINE",
            "name": "Online access",
            "productGroup": "online",
            "unit": "MONTH",
            "supply": "DIGITAL",
            "recurring": True,
            "prices": [{"unitPrice": "30.00"}],
        }
    ],
}
_QUICK = Pace(pause=timedelta(milliseconds=10), round=timedelta(milliseconds=50))
_FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass
class House:
    """An installation in a folder of its own, with the clock that all of its processes see."""

    patch: pytest.MonkeyPatch
    clock: FixedClock
    address: str
    said: Collected = field(default_factory=Collected)

    def does(self, *arguments: str, stdin: str = "") -> str:
        """What a command prints; it must succeed."""
        done = run(self.patch, self.said, *arguments, stdin=stdin)
        assert done.code == 0, f"{arguments}: {done.out}{done.err}"
        return done.out

    def told(self, *arguments: str) -> Any:
        """What a command says to a script."""
        return json.loads(self.does(*arguments, "--json"))

    def until(self, year: int, month: int, day: int) -> None:
        """The clock goes on to ten in the morning of that day, in Berlin in winter."""
        self.clock.advance(datetime(year, month, day, 9, tzinfo=UTC) - self.clock.now())

    def imports(self, what: str, records: object) -> None:
        """A file of these records is imported."""
        file = Path(f"{what}.json")
        file.write_text(json.dumps(records), encoding="utf-8")
        self.does(what, "import", str(file))

    def founded(self) -> None:
        """A tenant with something to sell."""
        self.does("db", "init")
        self.does("tenants", "create", "werk", *TENANT)
        self.imports("catalogue", CATALOGUE)

    def sells_to(self, *customers: tuple[str, str]) -> None:
        """Each of these, number and payment method, subscribes to 30.00 net a month from December."""
        self.imports("customers", [_customer(number, method) for number, method in customers])
        contract = {"start": "2026-12-01", "billingInterval": {"count": 1, "unit": "MONTH"}}
        items = [{"items": [{"articleNumber": "ONLINE", "quantity": "1"}]}]
        self.imports(
            "contracts",
            [
                {**contract, "customerNumber": number, "subscriptions": items, "activate": True}
                for number, _ in customers
            ],
        )

    def works_off(self) -> None:
        """A worker does all jobs that are due."""
        asyncio.run(self._work())

    async def _work(self) -> None:
        app = open_app(os.environ, clock=self.clock)
        context = JobContext(app.database, app.registry, app.adapters, app.content, app.keys)
        queue, stop = queue_of(app.database), asyncio.Event()
        worker = Worker("journey", context, queue, schedule={}, pace=_QUICK)
        try:
            async with asyncio.timeout(20), asyncio.TaskGroup() as group:
                group.create_task(worker.run(stop))
                while _has_work(app):  # noqa: ASYNC110 - what it waits for stands in a database
                    await asyncio.sleep(0.02)
                stop.set()
        finally:
            app.close()

    def opens(self, invoice: str, *, to: str = "", **fields: str) -> str:
        """A customer opens the page of an invoice, fills its form in, and is led to that address."""
        return self.fills_in(f"{self.page_of(invoice)}{to}", **fields)

    def fills_in(self, page: str, *, to: str = "", **fields: str) -> str:
        """The form of a page is sent, to another address where one is given; where that leads."""
        return asyncio.run(self._opens(page, to or page, fields))

    async def _opens(self, page: str, to: str, fields: dict[str, str]) -> str:
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
            async with browser.get(page) as answer:
                shown = await answer.text()
                assert answer.status == 200, shown
            token = _FORM_TOKEN.search(shown)
            assert token is not None, shown
            headers = {"Origin": self.address}
            sent = {"form_token": token[1], **fields}
            async with browser.post(
                to, data=sent, headers=headers, allow_redirects=False
            ) as answer:
                assert answer.status == 303, await answer.text()
                return urljoin(self.address, answer.headers["Location"])

    def visits(self, url: str) -> str:
        """What a customer sees there."""
        return asyncio.run(_got(url))

    def page_of(self, invoice: str) -> str:
        """The address of an invoice's page."""
        address: str = self.told("payments", "link", invoice)["url"]
        return address

    def attempts(self, invoice: str) -> list[dict[str, Any]]:
        """An invoice's attempts, oldest first."""
        found: list[dict[str, Any]] = self.told("payments", "attempts", "--invoice", invoice)
        return found[::-1]

    def states(self, invoice: str) -> list[str]:
        """How they stand."""
        return [one["state"] for one in self.attempts(invoice)]

    def open_of(self, invoice: str) -> str:
        """What is open of an invoice."""
        found: str = self.told("payments", "link", invoice)["open"]
        return found

    def journal(self, kind: str) -> list[str]:
        """The legs of all entries of a kind, `S 1460 35.70` is a debit."""
        return [
            f"{leg['side'][0]} {leg['account']} {leg['amount']}"
            for entry in self.told("accounting", "journal", "--kind", kind)
            for leg in entry["legs"]
        ]

    def account(self, customer: str) -> list[str]:
        """Fact, amount and balance of each line of a customer's account."""
        (found,) = self.told("customers", "show", customer)["accounts"]
        return [f"{one['fact']} {one['amount']} {one['balance']}" for one in found["transactions"]]


def _customer(number: str, method: str) -> dict[str, object]:
    return {
        "customerNumber": number,
        "name": f"Kunde {number}",
        "isBusiness": False,
        "email": f"{number.lower()}@kunde.example",
        "paymentMethod": method,
        "billingAddress": {"street": "Weg 2", "zipCode": "24143", "city": "Kiel", "country": "DE"},
    }


def _has_work(app: App) -> bool:
    now = app.clock.now()
    with app.database.read(app.tenant_id(None)) as tx:
        waiting = read_jobs(tx, [JobState.READY, JobState.RUNNING], 1000)
    return any(one.state is JobState.RUNNING or one.run_at <= now for one in waiting)


async def _got(url: str) -> str:
    async with ClientSession() as browser, browser.get(url) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.text()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def house(
    patch: pytest.MonkeyPatch, clock: FixedClock, url: str, *, plugin: str, private: str
) -> Iterator[House]:
    """An installation with one plugin whose provider is at the private address."""
    port = _free_port()
    for name, value in {
        "FAKTURA_DATABASE_URL": url,
        "FAKTURA_PLUGINS": plugin,
        "FAKTURA_SECRET_KEYS": KEY,
        "FAKTURA_PRIVATE_HOSTS": private,
        "FAKTURA_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }.items():
        patch.setenv(name, value)
    for module in ("faktura.bootstrap.app", "faktura.kernel.clock"):
        patch.setattr(f"{module}.SystemClock", lambda: clock)
    own = House(patch, clock, f"http://127.0.0.1:{port}")
    own.founded()
    with _served(own, port):
        yield own


@contextmanager
def _served(own: House, port: int) -> Iterator[None]:
    """The pages and the receiver, in a thread with a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def wait(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(30)

    app = open_app(os.environ, clock=own.clock)
    server = serving(app, "127.0.0.1", port)
    wait(_entered(server))
    try:
        yield
    finally:
        wait(_left(server))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
        app.close()


async def _entered(server: AbstractAsyncContextManager[str]) -> None:
    await server.__aenter__()


async def _left(server: AbstractAsyncContextManager[str]) -> None:
    await server.__aexit__(None, None, None)

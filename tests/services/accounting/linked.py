"""A billed company with a link to the double of DATEV, which keeps every rule of DATEV's."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from aiohttp import ClientSession
from tests.services.company import Company, bill, opened

from datev_double.server import Double, running
from datev_double.world import World
from faktura.bootstrap import App, open_app
from faktura.domain.tenants import Tenant
from faktura.flows.accounting_links import Linked, begin_login, finish_login, redirect_uri
from faktura.flows.call_log import CallLog
from faktura.flows.documents import Documents
from faktura.flows.handovers import Handing
from faktura.flows.job_context import JobContext
from faktura.flows.outgoing import OutgoingHttp
from faktura.flows.sending import export_to_send
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.loader import load
from faktura.kernel.clock import FixedClock
from faktura.services.api_keys import switch_api
from faktura.services.exports import ExportRequest
from faktura.store.adapters import AdapterStore
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.secrets import KeyRing, new_key

BACK = redirect_uri("https://billing.example", "datev", "werk")
OCTOBER = ExportRequest(date(2026, 10, 1), date(2026, 10, 31))
_FORMATS = ("xrechnung",)


@dataclass
class Office:
    """The company, its adapters, and the double they lead to."""

    context: JobContext
    tenant: Tenant
    double: Double

    @property
    def database(self) -> Database:
        return self.context.database

    @property
    def world(self) -> World:
        return self.double.world

    @property
    def linked(self) -> Linked:
        """The link, as a process of its own would have it."""
        context = self.context
        link = context.adapters.link(self.tenant.id, "datev")
        return Linked(context.database, context.keys, self.tenant.id, link)

    def handing(self, number: int) -> Handing:
        """A batch on its way."""
        context = self.context
        formats = context.adapters.formats(self.tenant.id)
        documents = Documents(context.database, context.contents, formats, self.tenant)
        return Handing(self.linked, documents, number)

    async def came_back(self, **changed: str) -> dict[str, str]:
        """What the browser brings back from a login that was begun now."""
        url = await begin_login(self.linked, BACK)
        async with ClientSession() as session, session.get(url, allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            query = parse_qs(urlsplit(answer.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()} | changed

    async def log_in(self) -> None:
        """Have a connection."""
        back = await self.came_back()
        await finish_login(self.linked, state=back["state"], code=back["code"])

    async def batch(self, request: ExportRequest = OCTOBER) -> int:
        """Make a batch that is to be sent."""
        exporter = self.context.adapters.exporter(self.tenant.id, "datev")
        receipt = await asyncio.to_thread(
            export_to_send, self.database, self.context.contents, self.tenant, exporter, request
        )
        assert receipt.batch is not None
        return receipt.batch.number


@asynccontextmanager
async def office(
    database: Database, contents: ContentStore, *formats: str, **changed: object
) -> AsyncIterator[Office]:
    """A company with two invoices of October 2026, at 1 October."""
    company = Company(database)
    company.contract(company.customer(), "A-1")
    company.contract(company.customer(), "A-2")
    await asyncio.to_thread(bill, database, company.tenant)
    clock = database.clock
    assert isinstance(clock, FixedClock)
    async with running(World(clock, redirect_uris={BACK})) as double:
        settings = {"consultant": 29098, "client": 55003} | double.settings | changed
        secret = {"client_secret": settings.pop("client_secret")}
        keys = KeyRing([new_key()])
        registry = load(("datev", *(formats or _FORMATS)))
        log = CallLog(database, OutgoingHttp(frozenset({double.host})))
        adapters = Adapters(
            registry,
            AdapterStore(database, keys),
            clock,
            Installation(file={"datev": settings | secret}),
            log.http_of,
        )
        context = JobContext(database, registry, adapters, contents, keys)
        yield Office(context, company.tenant, double)


@asynccontextmanager
async def installation(folder: Path, migrated: Path) -> AsyncIterator[tuple[App, Double]]:
    """A whole installation on SQLite beside the double, at 1 November 2026; its tenant is `werk`."""
    copy = folder / "faktura.db"
    shutil.copy(migrated, copy)
    url = f"sqlite:///{copy}"
    await asyncio.to_thread(_found, url)
    clock = FixedClock(datetime(2026, 11, 1, 8, tzinfo=UTC))
    async with running(World(clock, redirect_uris={BACK})) as double:
        settings = {"consultant": 29098, "client": 55003} | double.settings
        environment = {
            "FAKTURA_DATABASE_URL": url,
            "FAKTURA_PLUGINS": "datev,xrechnung",
            "FAKTURA_SECRET_KEYS": new_key(),
            "FAKTURA_PRIVATE_HOSTS": double.host,
            "FAKTURA_PUBLIC_URL": "https://billing.example",
            **{f"FAKTURA_DATEV__{name.upper()}": str(value) for name, value in settings.items()},
        }
        app = await asyncio.to_thread(open_app, environment, clock=clock)
        try:
            yield app, double
        finally:
            app.close()


def _found(url: str) -> None:
    database = opened(url)
    company = Company(database)
    company.contract(company.customer(), "A-1")
    bill(database, company.tenant)
    with database.write(company.tenant.id) as tx:
        switch_api(tx, "main", on=True)
    database.close()

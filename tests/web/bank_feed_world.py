"""The two tenants of world.py with banks behind the feed in memory, at the doors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from aiohttp.test_utils import TestClient, TestServer
from tests.web.api.world import Caller, make_key
from tests.web.visits import Browser

from faktura.bootstrap import App
from faktura.flows.bank_feeds import add_feed
from faktura.flows.feed_calls import FeedDesk
from faktura.flows.feed_jobs import sync_bank_job
from faktura.flows.job_context import JobContext
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Offer, Registry
from faktura.services.bank_accounts import add_bank_account
from faktura.store.adapters import AdapterStore
from faktura.store.secrets import KeyRing, new_key
from faktura.testing.feed_double import feed_class
from faktura.testing.feed_world import FeedWorld
from faktura.web.application import create_app

IBAN = "DE89370400440532013000"


@dataclass
class FeedDoor:
    """A caller of Nordwind, who has an access and a bank account."""

    app: App
    world: FeedWorld
    browser: Browser
    caller: Caller

    def key(self) -> str:
        """A fresh Idempotency-Key."""
        return str(self.app.database.new_id())

    async def connect(self) -> str:
        """Connect a bank by REST; the connection's id."""
        begun = await self.caller.post("/BankConnections", {}, Idempotency_Key=self.key())
        assert begun.status == 200, begun.body
        self.world.complete(str(len(self.world.tasks)), IBAN)
        await self.work()
        (one,) = (await self.caller.get("/BankConnections")).json["data"]
        return str(one["connectionId"])

    async def work(self) -> None:
        """Look at everything that is under way."""
        from faktura.store.feed_errands import errands_under_way

        app, tenant_id = self.app, self.app.tenant_id("nord")
        context = JobContext(app.database, app.registry, app.adapters, app.content, app.keys)
        with app.database.read(tenant_id) as tx:
            found = errands_under_way(tx)
        for one in found:
            await sync_bank_job(context, tenant_id, {"errand": str(one.id)})


@asynccontextmanager
async def feed_door(app: App) -> AsyncIterator[FeedDoor]:
    """The doors of that application with the feed's plugin."""
    world, keys = FeedWorld(app.clock), KeyRing([new_key()])
    registry = Registry(feeds={"double": Offer("double", "double", feed_class(world))})
    store = AdapterStore(app.database, keys)
    adapters = Adapters(registry, store, app.clock, Installation({}))
    fed = replace(app, registry=registry, adapters=adapters, keys=keys)
    nord = fed.tenant("nord")
    await add_feed(FeedDesk(fed.database, keys, fed.content, adapters, nord), "double", "double")
    with fed.database.write(nord.id) as tx:
        add_bank_account(tx, IBAN, holder="Nordwind GmbH")
    async with TestClient(TestServer(create_app(fed))) as browser:
        yield FeedDoor(fed, world, browser, Caller(browser, make_key(fed, "nord")))

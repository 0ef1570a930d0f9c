"""VAT ids checked over REST, with the VIES plugin on a VIES of our own (F120)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from tests.web.api.world import Caller, make_key

from faktura.bootstrap import App
from faktura.domain.api_keys import Scope
from faktura.domain.vat_policies import VatPolicy
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Offer, Registry
from faktura.plugin import Adapter
from faktura.services.tenants import change_tenant
from faktura.store.adapters import AdapterStore
from faktura.store.secrets import KeyRing
from faktura.store.tenants import lock_tenant
from faktura.testing.outgoing import http_to
from faktura.web.api.resources.frozen_vat_checks import FrozenVatCheckAnswer
from faktura.web.application import create_app
from faktura_vies.adapter import ViesChecker
from vies_double import Registered, World, running

ALPINA = {
    "customerNumber": "A-1",
    "name": "Alpina Verlag GmbH",
    "isBusiness": True,
    "billingAddress": {"street": "Ring 1", "zipCode": "1010", "city": "Wien", "country": "AT"},
    "euTaxId": "ATU12345675",
}


@dataclass(frozen=True)
class Door:
    """Nordwind's REST door, and the register behind it."""

    app: App
    browser: TestClient[web.Request, web.Application]
    caller: Caller
    world: World


@pytest.fixture
async def door(app: App) -> AsyncIterator[Door]:
    """Nordwind asks VIES; the customer A-1 lives in Vienna."""
    world = World({"ATU12345675": Registered("Alpina Verlag GmbH", "Ring 1", "1010", "Wien")})
    async with running(world) as vies:
        host = urlsplit(vies.url).netloc
        registry = Registry(checkers={"vies": Offer("vies", "vies", ViesChecker)})
        store = AdapterStore(app.database, KeyRing([]))
        installation = Installation({"FAKTURA_VIES__URL": vies.url})

        def way_out(_tenant_id: int, _instance: str, _adapter: type[Adapter]):
            return http_to(host)

        adapters = Adapters(registry, store, app.clock, installation, way_out)
        asking = replace(app, registry=registry, adapters=adapters)
        with asking.database.write(asking.tenant_id("nord")) as tx:
            tenant = lock_tenant(tx)
            world.requesters.add(tenant.seller.vat_id)
            change_tenant(tx, replace(tenant, vat_checks=VatPolicy("vies")))
        async with TestClient(TestServer(create_app(asking))) as browser:
            caller = Caller(browser, make_key(asking, "nord"))
            await caller.post("/Customers", ALPINA, Idempotency_Key="alpina")
            yield Door(asking, browser, caller, world)


async def check(door: Door, number: str = "A-1", key: str = "check"):
    """Ask for a check."""
    return await door.caller.post("/VatIdChecks", {"customerNumber": number}, Idempotency_Key=key)


async def test_a_vat_id_is_checked_and_the_check_is_listed(door):
    """The answer with its proof; the list shows the same."""
    done = await check(door)
    listed = await door.caller.get("/VatIdChecks?customerNumber=A-1")

    assert done.status == 200
    assert {name: value for name, value in done.json.items() if name != "checkId"} == {
        "customerNumber": "A-1",
        "vatId": "ATU12345675",
        "ownVatId": "DE123456788",
        "checker": "vies",
        "result": "VALID",
        "matches": {"name": "MATCH", "street": "MATCH", "zipCode": "MATCH", "city": "MATCH"},
        "reference": "WAPI00000001",
        "problem": None,
        "checkedAt": "2026-10-31T08:00:00.000Z",
    }
    assert listed.json["data"] == [done.json]


async def test_the_same_request_asks_the_register_once(door):
    """Idempotency-Key: the answer that was given is given again."""
    first = await check(door)
    again = await check(door)

    assert again.json == first.json
    assert len(door.world.asked) == 1


async def test_lists_are_filtered_and_paged(door):
    """The newest first; a cursor goes on behind it."""
    await check(door, key="1")
    door.world.numbers.clear()
    await check(door, key="2")

    page = (await door.caller.get("/VatIdChecks?limit=1")).json
    rest = (await door.caller.get(f"/VatIdChecks?limit=1&cursor={page['nextCursor']}")).json
    invalid = (await door.caller.get("/VatIdChecks?result=INVALID")).json

    assert [one["result"] for one in page["data"] + rest["data"]] == ["INVALID", "VALID"]
    assert rest["nextCursor"] is None
    assert [one["result"] for one in invalid["data"]] == ["INVALID"]


async def test_who_does_not_exist_or_has_no_foreign_id_is_refused(door):
    """404, and 422 for an id of our own member state; nobody was asked."""
    nobody = await check(door, "NOBODY", "1")
    own = {**ALPINA, "customerNumber": "A-2", "euTaxId": "DE123456788"}
    await door.caller.post("/Customers", own, Idempotency_Key="own")
    at_home = await check(door, "A-2", "2")

    assert (nobody.status, nobody.json["errorKey"]) == (404, "not_found")
    assert (at_home.status, at_home.json["errorKey"]) == (422, "transition_refused")
    assert door.world.asked == []


async def test_a_register_that_is_down_leaves_nothing_behind(door):
    """503: come back later."""
    door.world.error = "SERVICE_UNAVAILABLE"

    refused = await check(door)

    assert (refused.status, refused.json["errorKey"]) == (503, "unavailable")
    assert (await door.caller.get("/VatIdChecks")).json["data"] == []


async def test_another_tenant_sees_and_checks_nothing(door):
    """The customer is Nordwind's."""
    await check(door)
    sued = Caller(door.browser, make_key(door.app, "sued"))

    refused = await sued.post("/VatIdChecks", {"customerNumber": "A-1"}, Idempotency_Key="x")

    assert (refused.status, refused.json["errorKey"]) == (404, "not_found")
    assert (await sued.get("/VatIdChecks")).json["data"] == []


async def test_checking_needs_the_right_to_change_customers(door):
    """A key that reads may list, and no more."""
    reading = Caller(
        door.browser, make_key(door.app, "nord", scopes=frozenset({Scope.CUSTOMERS_READ}))
    )

    assert (await reading.get("/VatIdChecks")).status == 200
    refused = await reading.post("/VatIdChecks", {"customerNumber": "A-1"}, Idempotency_Key="x")
    assert refused.status == 403


def test_an_invoice_shows_the_check_that_it_froze():
    """F120: as the snapshot has it; null where nothing was checked."""
    frozen = {
        "vatId": "ATU12345675",
        "result": "VALID",
        "checkedOn": "2026-11-22",
        "checker": "vies",
        "reference": "",
        "matches": {"name": "MATCH"},
    }

    shown = FrozenVatCheckAnswer.of({"vatCheck": frozen})

    assert FrozenVatCheckAnswer.of({"name": "Alpina Verlag GmbH"}) is None
    assert shown is not None
    assert shown.model_dump(mode="json", by_alias=True) == {**frozen, "reference": None}

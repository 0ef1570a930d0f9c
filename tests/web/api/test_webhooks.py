"""Endpoints of webhooks through the REST door: added, tried, rotated, paused, removed (F116, F117, P51)."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select
from standardwebhooks import Webhook
from tests.event_bodies import fitting
from tests.web.api.test_keys import OF_A_PROJECT
from tests.web.api.world import Caller, make_key

from faktura.bootstrap import App
from faktura.domain.api_keys import Scope
from faktura.kernel.clock import SystemClock
from faktura.kernel.errors import FieldInvalid
from faktura.services.webhook_endpoints import MOST_ENDPOINTS
from faktura.store.secrets import read_secrets
from faktura.store.tables import api_answer
from faktura.web.application import create_app

URL = "https://hooks.example.com/faktura?token=t0ken"


async def added(caller: Caller, **changes: Any) -> dict[str, Any]:
    """An endpoint as it is shown once it is added."""
    made = await caller.post("/Webhooks", {"url": URL, **changes})
    assert made.status == 201, made.body
    return {**made.json, "secret": None}


async def test_an_endpoint_is_added_and_shown(nord: Caller):
    """Its secret only when it is added."""
    made = await nord.post(
        "/Webhooks",
        {"url": URL, "eventTypes": ["INVOICE_CREATED", "CUSTOMER_CHANGED"], "description": "Shop"},
    )
    one = {**made.json, "secret": None}

    assert made.json["secret"].startswith("whsec_")
    assert made.headers["Location"] == f"/api/v1/Webhooks/{one['webhookId']}"
    assert {name: value for name, value in one.items() if name != "webhookId"} == {
        "url": URL,
        "eventTypes": ["CUSTOMER_CHANGED", "INVOICE_CREATED"],
        "description": "Shop",
        "state": "ACTIVE",
        "failures": 0,
        "failingSince": None,
        "nextTryAt": None,
        "lastDeliveredAt": None,
        "problem": None,
        "rotatedAt": None,
        "createdAt": "2026-10-31T08:00:00.000Z",
        "secret": None,
    }
    assert (await nord.get("/Webhooks")).json == {"data": [one], "nextCursor": None}
    assert (await nord.get(f"/Webhooks/{one['webhookId']}")).json == one


async def test_a_secret_is_shown_once_and_kept_encrypted_only(app: App, nord: Caller):
    """A request that comes again gets the same answer without it: answers are kept in clear."""
    made = await nord.post("/Webhooks", {"url": URL}, Idempotency_Key="once")
    path = f"/Webhooks/{made.json['webhookId']}"
    again = await nord.post("/Webhooks", {"url": URL}, Idempotency_Key="once")
    rotated = await nord.post(f"{path}/rotate", Idempotency_Key="twice")
    once_more = await nord.post(f"{path}/rotate", Idempotency_Key="twice")
    shown = await nord.get(path)

    secrets = [made.json["secret"], rotated.json["secret"]]
    assert len(set(secrets)) == 2
    assert all(secret.startswith("whsec_") for secret in secrets)
    assert again.json == {**made.json, "secret": None}
    assert once_more.json == {**rotated.json, "secret": None} == shown.json
    assert rotated.json["rotatedAt"] == "2026-10-31T08:00:00.000Z"
    with app.database.read(app.tenant_id("nord")) as tx:
        kept = list(tx.connection.execute(select(api_answer.c.body)).scalars())
        instance = f"webhook-{made.json['webhookId'].replace('-', '')}"
        assert read_secrets(tx, app.keys, instance) == {"secret": secrets[1], "former": secrets[0]}
    assert len(kept) == 2
    assert not any(b"whsec_" in body for body in kept)


@pytest.mark.parametrize(
    ("change", "key", "field", "spot"),
    [
        ({"url": "http://hooks.example.com/"}, "field_invalid", "/url", "column 1"),
        ({"url": "https://localhost/"}, "field_invalid", "/url", "column 9"),
        ({"url": "https://10.0.0.1/"}, "field_invalid", "/url", "column 9"),
        ({"url": "https://a:b@hooks.example.com/"}, "field_invalid", "/url", "column 9"),
        ({"url": "https://hooks.example.com:22/"}, "field_invalid", "/url", "column 27"),
        ({"eventTypes": ["INVOICE_CREATED", "SENT"]}, "unknown_term", "/eventTypes/1", None),
        ({"description": "a\u0001"}, "field_invalid", "/description", None),
    ],
)
async def test_what_cannot_be_sent_to_is_refused_with_its_place(
    nord: Caller, change: dict[str, Any], key: str, field: str, spot: str | None
):
    """When it is saved, not when the first fact is lost; and so is a change of it."""
    one = await added(nord)

    answers = [
        await nord.post("/Webhooks", {"url": URL, **change}),
        await nord.patch(f"/Webhooks/{one['webhookId']}", change),
    ]

    for answer in answers:
        told = answer.json
        assert (answer.status, told["errorKey"], told["field"]) == (422, key, field)
        assert told.get("spot") == spot
    assert (await nord.get("/Webhooks")).json["data"] == [one]


async def test_a_change_names_what_changes(nord: Caller):
    """Null takes a list and a text away; a state that nobody saw is not overwritten."""
    one = await added(nord, eventTypes=["INVOICE_CREATED"], description="Shop")
    path = f"/Webhooks/{one['webhookId']}"

    moved = await nord.patch(path, {"url": "https://other.example.com/"})
    cleared = await nord.patch(path, {"eventTypes": None, "description": None})
    late = await nord.patch(path, {"description": "x"}, If_Match='"old"')

    assert moved.json == {**one, "url": "https://other.example.com/"}
    assert (cleared.json["eventTypes"], cleared.json["description"]) == ([], "")
    assert late.status == 412


async def test_an_endpoint_is_paused_resumed_and_removed(nord: Caller):
    """Removed, it is unknown."""
    path = f"/Webhooks/{(await added(nord))['webhookId']}"

    states = [
        (await nord.post(f"{path}/{act}")).json["state"] for act in ("pause", "pause", "resume")
    ]
    removed = await nord.send("DELETE", path, headers={})
    again = await nord.send("DELETE", path, headers={})

    assert states == ["PAUSED", "PAUSED", "ACTIVE"]
    assert removed.status == 200
    assert (again.status, again.json["errorKey"]) == (404, "not_found")
    assert (await nord.get("/Webhooks")).json["data"] == []


async def test_a_tenant_has_so_many_endpoints_at_most(nord: Caller):
    """Each fact is a row for each of them."""
    for _ in range(MOST_ENDPOINTS):
        await added(nord)

    refused = await nord.post("/Webhooks", {"url": URL})

    assert MOST_ENDPOINTS == 50
    assert (refused.status, refused.json["errorKey"]) == (422, "out_of_range")


async def test_a_key_of_one_project_gets_no_webhooks(calling: Callable[..., Caller]):
    """They tell of all projects: such a key cannot have the scope, and all that it can have is not enough."""
    second = calling("nord", project="zweit", scopes=OF_A_PROJECT)

    with pytest.raises(FieldInvalid, match="webhooks:read cannot be given for one project"):
        calling("nord", project="zweit", scopes=frozenset({Scope.WEBHOOKS_READ}))
    assert (await second.get("/Webhooks")).status == 403
    assert (await second.get("/Deliveries")).status == 403


@pytest.fixture
async def came() -> list[tuple[dict[str, str], bytes]]:
    """What a receiver got."""
    return []


@pytest.fixture
async def near(
    app: App, came: list[tuple[dict[str, str], bytes]]
) -> AsyncIterator[tuple[Caller, str]]:
    """Nordwind's caller, and a receiver that the installation has named."""

    async def take(request: web.Request) -> web.Response:
        came.append((dict(request.headers), await request.read()))
        return web.Response(status=200 if request.path == "/well" else 500, text="said")

    receiver = web.Application()
    receiver.router.add_post("/{path}", take)
    async with TestServer(receiver) as server:
        settings = replace(app.settings, private_hosts=frozenset({f"127.0.0.1:{server.port}"}))
        database = replace(app.database, clock=SystemClock())
        named = replace(app, settings=settings, database=database)
        async with TestClient(TestServer(create_app(named))) as client:
            yield Caller(client, make_key(app, "nord")), f"http://127.0.0.1:{server.port}"


async def test_a_ping_is_what_the_published_schema_describes(
    near: tuple[Caller, str], came: list[tuple[dict[str, str], bytes]]
):
    """A receiver that refuses what the schema does not have takes the first message as well."""
    caller, base = near
    one = (await caller.post("/Webhooks", {"url": f"{base}/well"})).json

    await caller.post(f"/Webhooks/{one['webhookId']}/ping")

    ping = json.loads(came[0][1])
    assert list(fitting(ping)) == ["PING"]
    assert list(fitting({**ping, "sequence": 1})) == []
    assert list(fitting({**ping, "type": "ITEM_CREATED"})) == []


async def test_an_endpoint_is_tried_out(
    near: tuple[Caller, str], came: list[tuple[dict[str, str], bytes]]
):
    """A signed webhook that tells no fact; what the endpoint says is shown."""
    caller, base = near
    one = (await caller.post("/Webhooks", {"url": f"{base}/well"})).json
    other = await added(caller, url=f"{base}/ill")

    well = (await caller.post(f"/Webhooks/{one['webhookId']}/ping")).json
    ill = (await caller.post(f"/Webhooks/{other['webhookId']}/ping")).json

    headers, body = came[0]
    ping = Webhook(one["secret"]).verify(body, headers)
    assert (ping["type"], ping["sequence"], ping["data"]) == ("PING", 0, {})
    assert headers["faktura-tenant"] == "nord"
    assert (well["taken"], well["status"], well["answer"]) == (True, 200, "said")
    assert (ill["taken"], ill["status"], ill["problem"]) == (False, 500, "it answered 500")
    assert (await caller.get(f"/Webhooks/{other['webhookId']}")).json["failures"] == 0

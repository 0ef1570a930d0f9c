"""Who may ask: keys, scopes, addresses, projects and limits, on every operation alike (F114)."""

from datetime import timedelta
from ipaddress import ip_network
from uuid import UUID

from aiohttp.test_utils import TestClient, TestServer
from tests.web.api.world import Caller, make_key

from faktura.domain.api_keys import TENANT_WIDE, Scope, presented_key
from faktura.services.api_keys import list_keys, revoke_key, rotate_key, switch_api
from faktura.web.api.application import operations
from faktura.web.api.paths import IDS
from faktura.web.application import create_app

OF_A_PROJECT = frozenset(Scope) - TENANT_WIDE


def filled(path: str) -> str:
    """A path with something in each of its places."""
    return "/".join(
        "018f0000-0000-7000-8000-000000000000"
        if part.strip("{}") in IDS
        else "X"
        if part.startswith("{")
        else part
        for part in path.split("/")
    )


async def test_no_operation_answers_without_a_key(calling):
    """Every operation, also those to come: they are declared in one list."""
    nobody = calling(None)

    answers = {
        operation.id: await nobody.send(operation.method, filled(operation.path), headers={})
        for operation in operations()
    }

    assert len(answers) > 30
    assert {name: answer.status for name, answer in answers.items() if answer.status != 401} == {}


async def test_a_key_without_the_scope_is_refused_by_every_operation(calling):
    """One scope of another noun opens nothing."""
    allowed = {}
    for scope in (Scope.CUSTOMERS_READ, Scope.INVOICES_READ):
        caller = calling("nord", scopes=frozenset({scope}))
        for operation in operations():
            if operation.scope is scope:
                continue
            headers = {"Content-Type": "application/json"}
            body = b"{}" if operation.body is not None else None
            answer = await caller.send(
                operation.method, filled(operation.path), body, headers=headers
            )
            if (answer.status, answer.json["errorKey"]) != (403, "scope_missing"):
                allowed[scope, operation.id] = answer.status

    assert allowed == {}


async def test_writing_includes_reading_but_not_the_other_way_round(calling):
    """A key that may change customers may look at them."""
    writer = calling("nord", scopes=frozenset({Scope.CUSTOMERS_WRITE}))
    reader = calling("nord", scopes=frozenset({Scope.CUSTOMERS_READ}))

    seen = await writer.get("/Customers/K-1")
    refused = await reader.patch("/Customers/K-1", {"name": "X"})

    assert seen.status == 200
    assert (refused.status, refused.json["errorKey"]) == (403, "scope_missing")


async def test_what_is_wrong_with_a_key_is_not_told(app, calling):
    """Unknown, wrong, expired, revoked, of another tenant: the same words each time."""
    good = make_key(app, "nord")
    tenant = app.tenant_id("nord")
    revoked = make_key(app, "nord")
    with app.database.write(tenant) as tx:
        revoke_key(tx, presented_key(revoked).id)
    another_tenant = good.replace(f"fk_{tenant}_", "fk_99_", 1)
    client = calling(None).client

    told = [
        (answer.status, answer.json["errorMessage"])
        for key in (
            good[:-1] + ("A" if good[-1] != "A" else "B"),
            revoked,
            another_tenant,
            "fk_1_x_y",
            "ä",
        )
        for answer in [await Caller(client, key).get("/Customers")]
    ]

    assert len(set(told)) == 1
    assert told[0][0] == 401


async def test_a_rotated_key_works_beside_the_new_one_until_its_grace_ends(app, calling):
    """Rotation without a pause: both are accepted, then only the new one."""
    old = make_key(app, "nord")
    with app.database.write(app.tenant_id("nord")) as tx:
        _, new = rotate_key(tx, presented_key(old).id, timedelta(hours=1))
    client = calling(None).client

    together = [(await Caller(client, key).get("/Customers")).status for key in (old, new)]
    app.clock.advance(timedelta(hours=2))
    later = [(await Caller(client, key).get("/Customers")).status for key in (old, new)]

    assert together == [200, 200]
    assert later == [401, 200]


async def test_a_key_is_refused_from_an_address_it_was_not_made_for(calling):
    """The test's own address is 127.0.0.1."""
    elsewhere = calling("nord", networks=(ip_network("10.0.0.0/8"),))
    here = calling("nord", networks=(ip_network("10.0.0.0/8"), ip_network("127.0.0.0/8")))

    refused = await elsewhere.get("/Customers")
    answered = await here.get("/Customers")

    assert (refused.status, refused.json["errorKey"]) == (403, "address_refused")
    assert answered.status == 200


async def test_a_project_that_is_switched_off_is_out_of_reach(app, calling):
    """F114: its contracts are as if they did not exist; a key of it alone is told why."""
    everywhere = calling("nord")
    only_there = calling("nord", project="zweit", scopes=OF_A_PROJECT)
    with app.database.write(app.tenant_id("nord")) as tx:
        switch_api(tx, "zweit", on=False)

    unseen = await everywhere.get("/Contracts/V-Z")
    refused = await only_there.get("/Contracts/V-Z")
    listed = await everywhere.get("/Contracts")

    assert unseen.status == 404
    assert (refused.status, refused.json["errorKey"]) == (403, "api_switched_off")
    assert "V-Z" not in [one["contractNumber"] for one in listed.json["data"]]


async def test_a_key_of_one_project_sees_nothing_of_the_other(calling):
    """Contracts, invoices and runs of `main` do not exist for a key of `zweit`."""
    second = calling("nord", project="zweit", scopes=OF_A_PROJECT)

    contracts = await second.get("/Contracts")
    invoices = await second.get("/Invoices")
    statuses = [
        (await second.get(path)).status
        for path in ("/Contracts/V-1", "/Contracts/V-1/Activities", "/Contracts/V-1/Subscription",
                     "/Invoices/RE-000001", "/Projects/main")
    ]  # fmt: skip
    acted = await second.post("/Contracts/V-1/void")

    assert [one["contractNumber"] for one in contracts.json["data"]] == ["V-Z"]
    assert invoices.json["data"] == []
    assert statuses == [404] * 5
    assert acted.status == 404


async def test_a_key_may_ask_so_many_times_a_minute(app, calling):
    """The third of two is told how long to wait; a minute later there are two again."""
    caller = calling("nord", requests_per_minute=2)

    first = [(await caller.get("/Customers/K-1")).status for _ in range(2)]
    refused = await caller.get("/Customers/K-1")
    app.clock.advance(timedelta(minutes=1))
    after = (await caller.get("/Customers/K-1")).status

    assert first == [200, 200]
    assert (refused.status, refused.json["errorKey"]) == (429, "rate_limited")
    assert refused.headers["Retry-After"] == "31"
    assert after == 200


async def test_who_guesses_keys_is_slowed_down_whatever_key_is_named(app, calling):
    """Thirty wrong keys a minute from one address; a good key of it waits as well."""
    client = calling(None).client
    good = make_key(app, "nord")

    guesses = [
        (await Caller(client, f"fk_1_{no:032x}_" + "A" * 43).get("/Customers")).status
        for no in range(31)
    ]
    caught = await Caller(client, good).get("/Customers")

    assert guesses == [401] * 30 + [429]
    assert caught.status == 429


async def test_the_last_use_of_a_key_is_written_down_when_the_server_stops(app):
    """Once a minute while it runs, and at its end."""
    key = make_key(app, "nord")
    async with TestClient(TestServer(create_app(app))) as client:
        await Caller(client, key).get("/Customers")

    with app.database.read(app.tenant_id("nord")) as tx:
        used = {one.id: one.last_used_at for one in list_keys(tx)}
    assert used[presented_key(key).id] == app.clock.now()


async def test_every_answer_has_a_request_id(calling):
    """Also those that refuse; the id is in the problem, too."""
    answered = await calling("nord").get("/Customers")
    refused = await calling(None).get("/Customers")
    unknown = await calling(None).get("/Nothing")

    ids = [UUID(one.headers["X-Request-Id"]) for one in (answered, refused, unknown)]
    assert len(set(ids)) == 3
    assert refused.json["requestId"] == str(ids[1])
    assert unknown.json["requestId"] == str(ids[2])

"""Bank connections by REST, and the door of callbacks (F098, P55)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from tests.web.api.world import Caller, make_key
from tests.web.bank_feed_world import IBAN, FeedDoor, feed_door

from faktura.bootstrap import App
from faktura.domain.api_keys import Scope
from faktura.domain.jobs import JobName
from faktura.plugin import Attendance
from faktura.services.feed_schedule import start_at_sign_in
from faktura.store import tables
from faktura.testing.feed_world import Bank, Do


@pytest.fixture
async def door(app: App) -> AsyncIterator[FeedDoor]:
    """Nordwind's banks at the doors."""
    async with feed_door(app) as opened:
        yield opened


def jobs(door: FeedDoor, tenant: str = "nord") -> list[str]:
    """The arguments of the bank's jobs of a tenant that no look put off."""
    job = tables.job.c
    with door.app.database.read(door.app.tenant_id(tenant)) as tx:
        found = tx.connection.execute(
            select(job.args).where(job.tenant_id == tx.tenant_id, job.name == JobName.SYNC_BANK)
        ).scalars()
        return [args for args in found if '"look"' not in args]


async def test_a_bank_is_connected_and_shown_by_rest(door: FeedDoor):
    """The form's address, then accounts and state in two languages."""
    begun = await door.caller.post(
        "/BankConnections", {"bank": "Muster", "language": "en"}, Idempotency_Key=door.key()
    )
    door.world.complete("1", IBAN)
    await door.work()
    (one,) = (await door.caller.get("/BankConnections")).json["data"]
    same = await door.caller.get(f"/BankConnections/{one['connectionId']}")

    assert begun.json == {
        "kind": "CONNECT",
        "state": "FORM_NEEDED",
        "form": "https://form.example/1",
        "formUntil": "2026-10-31T08:20:00.000Z",
    }
    assert same.json == one
    assert one["accounts"] == [
        {
            "account": "100-1",
            "iban": IBAN,
            "name": IBAN,
            "currency": "EUR",
            "balance": "10",
            "state": "UPDATED",
            "linkedTo": IBAN,
        }
    ]
    assert one["statuses"] == [
        {
            "code": "WELL",
            "severity": "INFO",
            "action": "NONE",
            "textDe": "Zuletzt abgerufen 31.10.2026 09:00",
            "textEn": "Last updated 31 Oct 2026 09:00",
            "actionDe": "",
            "actionEn": "",
            "form": None,
        }
    ]


async def test_a_bank_is_fetched_and_its_pin_changed_by_rest(door: FeedDoor):
    """Who waits is named for the bank alone; the PIN is typed at its form."""
    connection = await door.connect()
    path = f"/BankConnections/{connection}"
    synced = await door.caller.post(
        f"{path}/sync",
        {"ipAddress": "192.0.2.7", "userAgent": "Firefox"},
        Idempotency_Key=door.key(),
    )
    await door.work()
    changed = await door.caller.post(f"{path}/newCredentials", {}, Idempotency_Key=door.key())
    busy = await door.caller.post(f"{path}/sync", {}, Idempotency_Key=door.key())

    assert synced.json["state"] == "DONE"
    assert door.world.requests["2"].attended == Attendance(
        ip_address="192.0.2.7", user_agent="Firefox"
    )
    assert (changed.json["kind"], changed.json["form"]) == (
        "CREDENTIALS",
        "https://form.example/3",
    )
    assert busy.status == 409


async def test_an_account_is_linked_and_the_bank_disconnected_by_rest(door: FeedDoor):
    """What is ended is shown as ended; a stranger's ids are nothing."""
    connection = await door.connect()
    path = f"/BankConnections/{connection}"
    linked = await door.caller.post(
        f"{path}/link", {"account": "100-1", "iban": IBAN}, Idempotency_Key=door.key()
    )
    gone = await door.caller.post(f"{path}/disconnect", Idempotency_Key=door.key())
    unknown = await door.caller.get(f"/BankConnections/{door.key()}")
    stranger = Caller(door.browser, make_key(door.app, "sued"))
    foreign = await stranger.get(path)

    assert linked.json["accounts"][0]["linkedTo"] == IBAN
    assert gone.json["statuses"][0]["textDe"] == "Getrennt seit 31.10.2026 09:00"
    assert (unknown.status, foreign.status) == (404, 404)
    assert (await door.caller.get("/BankConnections")).json["data"] == []


async def test_rest_refuses_what_is_not_allowed_or_not_there(door: FeedDoor):
    """A key that only reads, an access that is none, a feed that is away."""
    reader = Caller(door.browser, make_key(door.app, "nord", scopes=frozenset({Scope.BANK_READ})))
    forbidden = await reader.post("/BankConnections", {}, Idempotency_Key=door.key())
    unknown = await door.caller.post(
        "/BankConnections", {"instance": "other"}, Idempotency_Key=door.key()
    )
    door.world.next("begin_connection", Do.UNAVAILABLE)
    away = await door.caller.post("/BankConnections", {}, Idempotency_Key=door.key())

    assert (forbidden.status, unknown.status) == (403, 404)
    assert away.status == 503


async def test_a_callback_is_a_trigger_and_nothing_else(door: FeedDoor):
    """It may come twice and early, and says nothing that is believed; the feed is asked."""
    connection = await door.connect()
    door.world.looks = 5
    await door.caller.post(
        f"/BankConnections/{connection}/sync",
        {"ipAddress": "192.0.2.7"},
        Idempotency_Key=door.key(),
    )
    callback = urlsplit(door.world.requests["2"].callback_url).path

    lies = {"taskId": "2", "status": "COMPLETED", "bankConnectionId": 666}
    answers = [await door.browser.post(callback, json=lies) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200]
    assert len(jobs(door)) == 1
    (one,) = (await door.caller.get("/BankConnections")).json["data"]
    assert one["statuses"][0]["code"] == "UPDATING"


async def test_a_callback_of_nobody_or_of_another_tenant_does_nothing(door: FeedDoor):
    """It is answered like any other: a stranger learns nothing."""
    await door.connect()
    callback = urlsplit(door.world.requests["1"].callback_url).path
    token = callback.rpartition("/")[2]
    paths = [
        callback,  # it is over
        f"/bank-callbacks/sued/{token}",
        f"/bank-callbacks/nobody/{token}",
        f"/bank-callbacks/nord/{'x' * 43}",
    ]

    answers = [await door.browser.post(path, data=b"\xff{") for path in paths]
    looked = await door.browser.get(callback)

    assert [answer.status for answer in answers] == [200] * 4
    assert jobs(door) == jobs(door, "sued") == []
    assert looked.status == 405


async def test_the_token_of_a_callback_is_kept_as_a_hash(door: FeedDoor):
    """Who reads the database cannot call."""
    await door.connect()
    address = door.world.requests["1"].callback_url

    assert address.startswith("https://billing.example/bank-callbacks/nord/")
    with door.app.database.read(door.app.tenant_id("nord")) as tx:
        row = tx.connection.execute(select(tables.feed_task)).one()
    assert address.rpartition("/")[2] not in str(row)


async def test_a_person_who_signs_in_has_their_banks_updated(door: FeedDoor):
    """With their browser's address, once in six hours; never what the bank refused."""
    await door.connect()
    person = Attendance(ip_address="192.0.2.8", user_agent="Firefox")
    tenant_id = door.app.tenant_id("nord")
    clock = door.world.clock

    def signs_in() -> int:
        with door.app.database.write(tenant_id) as tx:
            return start_at_sign_in(tx, person)

    assert signs_in() == 1
    assert signs_in() == 0
    assert '"ip":"192.0.2.8"' in jobs(door)[0]
    clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]  # the fixed one
    assert Bank.LETS_IN is door.world.connections["100"].bank

"""Deliveries through the REST door: what was sent to whom, and sending it again (P48)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from tests.web.api.world import Caller

from faktura.bootstrap import App
from faktura.domain.api_keys import Scope
from faktura.domain.deliveries import Try
from faktura.services.handing_out import hand_out
from faktura.services.told_deliveries import settle
from faktura.store.deliveries import waiting_page
from faktura.store.tables import event

HOOK = "example.Hook"
SINCE = "2026-10-01T00:00:00Z"


@pytest.fixture
def handed_out(app: App) -> list[dict[str, Any]]:
    """All of Nordwind's facts so far are on their way to a listener; the first is taken, the second dead."""
    with app.database.write(app.tenant_id("nord")) as tx:
        seals = select(event.c.seal_seq).where(event.c.tenant_id == tx.tenant_id).distinct()
        for seal in tx.connection.execute(seals.order_by(event.c.seal_seq)).scalars().all():
            hand_out(tx, seal, {HOOK: frozenset()})
        first, second = waiting_page(tx, HOOK, None, 2)
        now = tx.now()
        away = {"code": "delivery_failed", "problem": "HTTP 503", "place": "", "mend": ""}
        settle(
            tx,
            HOOK,
            [
                Try(first.id, now, 12, taken=True, status=204, answer="", error=None, next_at=None),
                Try(
                    second.id,
                    now,
                    34,
                    taken=False,
                    status=503,
                    answer="try later",
                    error=away,
                    next_at=None,
                ),
            ],
        )
        return [{"id": str(first.id)}, {"id": str(second.id)}]


async def test_a_delivery_is_shown_with_its_log(nord: Caller, handed_out):
    """What was sent, to whom, when, and what was answered."""
    shown = (await nord.get(f"/Deliveries/{handed_out[1]['id']}")).json

    assert (shown["state"], shown["attempts"], shown["problem"]) == ("DEAD", 1, "HTTP 503")
    assert shown["subscriber"] == HOOK
    assert shown["body"]["id"] == shown["deliveryId"] == handed_out[1]["id"]
    assert shown["body"]["tenant"] == "nord"
    assert shown["log"] == [
        {
            "no": 1,
            "at": "2026-10-31T08:00:00.000Z",
            "taken": False,
            "status": 503,
            "answer": "try later",
            "milliseconds": 34,
            "askedBy": None,
        }
    ]


async def test_deliveries_are_listed_a_page_at_a_time(nord: Caller, handed_out):
    """Each once, in the order in which they were made, whatever the size of the page."""
    whole = (await nord.get("/Deliveries")).json["data"]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        answer = (await nord.get(f"/Deliveries?limit=2{cursor and f'&cursor={cursor}'}")).json
        seen += [one["deliveryId"] for one in answer["data"]]
        cursor = answer["nextCursor"]

    assert len(whole) > 3
    assert seen == [one["deliveryId"] for one in whole]


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ("state=DEAD", {"DEAD"}),
        ("state=DEAD&state=DELIVERED", {"DEAD", "DELIVERED"}),
        (f"subscriber={HOOK}&state=PENDING", {"PENDING"}),
        ("subscriber=example.Nobody", set()),
        ("type=CUSTOMER_DELETED", set()),
        ("customerNumber=K-NONE", set()),
        (f"until={SINCE}", set()),
        ("since=2026-12-01T00:00:00%2B01:00", set()),
    ],
)
async def test_a_list_is_narrowed(nord: Caller, handed_out, query, states):
    """By subscriber, state, type, customer and moment."""
    answer = await nord.get(f"/Deliveries?{query}")

    assert {one["state"] for one in answer.json["data"]} == states


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=yesterday", "since"),
        ("until=2026-10-01T00:00:00", "until"),
        ("since=0001-01-01T00:00:00%2B14:00", "since"),
        ("type=BIRTHDAY", "type"),
        ("state=LOST", "state"),
    ],
)
async def test_a_filter_that_cannot_be_read_is_refused(nord: Caller, query, field):
    """A moment without its offset is nobody's; a word nobody knows is named."""
    answer = await nord.get(f"/Deliveries?{query}")

    assert answer.status == 422
    assert answer.json["field"] == field


async def test_a_dead_one_is_sent_again(nord: Caller, handed_out):
    """Under the same id; the log says which key asked for it."""
    path = f"/Deliveries/{handed_out[1]['id']}"

    again = (await nord.post(f"{path}/resend")).json
    log = (await nord.get(path)).json["log"]

    assert (again["state"], again["attempts"], again["problem"]) == ("PENDING", 0, None)
    assert again["dueAt"] == "2026-10-31T08:00:00.000Z"
    assert [(one["no"], one["askedBy"] is None) for one in log] == [(1, True), (2, False)]


async def test_a_span_of_time_is_sent_again(nord: Caller, handed_out):
    """All of it, or only what is dead; nothing of another span."""
    path, span = "/Deliveries/resend", {"subscriber": HOOK, "since": SINCE}
    whole = len((await nord.get("/Deliveries")).json["data"])

    dead = await nord.post(path, {**span, "deadOnly": True})
    none = await nord.post(path, {**span, "until": SINCE})
    everything = await nord.post(path, span)

    assert [one.json for one in (dead, none, everything)] == [
        {"deliveries": 1},
        {"deliveries": 0},
        {"deliveries": whole},
    ]
    states = {one["state"] for one in (await nord.get("/Deliveries")).json["data"]}
    assert states == {"PENDING"}


async def test_a_span_of_another_tenants_subscriber_is_not_sent_again(sued: Caller, handed_out):
    """Süd never told anybody of that name anything (P50)."""
    answer = await sued.post("/Deliveries/resend", {"subscriber": HOOK, "since": SINCE})

    assert (answer.status, answer.json["errorKey"]) == (404, "not_found")
    assert (await sued.get("/Deliveries")).json["data"] == []


async def test_who_may_only_read_sends_nothing_again(
    nord: Caller, handed_out, calling: Callable[..., Caller]
):
    """And who may do neither sees nothing."""
    reader = calling("nord", scopes=frozenset({Scope.WEBHOOKS_READ}))
    stranger = calling("nord", scopes=frozenset({Scope.CUSTOMERS_WRITE}))
    path = f"/Deliveries/{handed_out[0]['id']}"

    answers = [
        await reader.get(path),
        await reader.post(f"{path}/resend"),
        await stranger.get("/Deliveries"),
    ]

    assert [one.status for one in answers] == [200, 403, 403]

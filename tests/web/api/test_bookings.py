"""Bookings, their changes and what tells of them through the REST door, on both databases."""

from tests.web.api.world import Caller

from faktura.domain.api_keys import Scope

OF_CONTRACTS = frozenset({Scope.CONTRACTS_READ, Scope.CONTRACTS_WRITE})
ONE_OFF = {
    "articleNumber": "A-1",
    "quantity": "3",
    "from": "2026-10-20",
    "invoiceOn": "2026-12-01",
    "ledgerAccount": "8405",
    "links": [{"system": "Tickets", "reference": "T-1"}],
}
DRAFT = {
    "contractNumber": "V-N",
    "customerNumber": "K-5",
    "project": "main",
    "start": "2026-11-10",
    "alignedTo": "2026-11-01",
    "billingInterval": {"unit": "MONTH"},
    "subscriptions": [
        {
            "items": [
                {"articleNumber": "A-1", "quantity": "2", "ledgerAccount": "8406"},
                {"articleNumber": "A-2", "quantity": "5", "discount": {"amount": "1"}},
            ]
        }
    ],
}


async def recorded(caller: Caller, number: str = "V-2") -> str:
    """The id of a one-off that waits."""
    answer = await caller.post(f"/Contracts/{number}/Activities", ONE_OFF)
    assert answer.status == 201, answer.body
    return str(answer.json["activityId"])


async def drafted(caller: Caller) -> list[str]:
    """The ids of the items of a draft."""
    assert (await caller.post("/Contracts", DRAFT)).status == 201
    (own,) = (await caller.get("/Contracts/V-N/Subscription")).json["subscriptions"]
    return [item["itemId"] for item in own["items"]]


async def test_a_booking_has_an_id_an_account_and_links(nord):
    """F042."""
    activity_id = await recorded(nord)

    (one,) = [
        one
        for one in (await nord.get("/Contracts/V-2/Activities")).json["activities"]
        if one["activityId"] == activity_id
    ]

    assert (one["state"], one["ledgerAccount"]) == ("WAITING", "8405")
    assert one["links"] == [{"system": "Tickets", "reference": "T-1"}]


async def test_a_waiting_activity_is_changed_under_its_tag(nord):
    """F041; who means another state than the present one is told so."""
    path = f"/Contracts/V-2/Activities/{await recorded(nord)}"

    first = await nord.patch(path, {"quantity": "2", "text": "Neu"})
    late = await nord.patch(path, {"text": "zu spät"}, If_Match='"nothing"')
    second = await nord.patch(path, {"text": "Neuer"}, If_Match=first.headers["ETag"])

    assert (first.status, first.json["quantity"], first.json["net"]) == (200, "2", "60.00")
    assert late.status == 412
    assert (second.status, second.json["quantity"]) == (200, "2")


async def test_what_is_fixed_is_refused_by_the_rule(nord):
    """F041: neither article nor account; every field is named."""
    path = f"/Contracts/V-2/Activities/{await recorded(nord)}"

    answer = await nord.patch(path, {"articleNumber": "A-2", "ledgerAccount": "8400"})

    assert answer.status == 422
    assert [one["field"] for one in answer.json["errors"]] == ["/articleNumber", "/ledgerAccount"]
    assert all("F041" in one["errorMessage"] for one in answer.json["errors"])


async def test_an_activity_is_taken_away_once(nord):
    path = f"/Contracts/V-2/Activities/{await recorded(nord)}"

    removed = await nord.delete(path)
    again = await nord.delete(path)

    assert (removed.status, removed.json["quantity"]) == (200, "3")
    assert (again.status, again.json["errorKey"]) == (404, "not_found")


async def test_an_activity_is_split_and_a_task_asks_to_check_it(nord):
    """F039."""
    activity_id = await recorded(nord)

    split = await nord.post(f"/Contracts/V-2/Activities/{activity_id}/split", {"quantity": "1"})
    whole = await nord.post(f"/Contracts/V-2/Activities/{activity_id}/split", {"quantity": "2"})

    assert split.status == 200
    assert [one["quantity"] for one in split.json["activities"]] == ["2", "1"]
    assert (whole.status, whole.json["field"]) == (422, "/quantity")
    (task,) = (await nord.get("/Tasks?contractNumber=V-2")).json["data"]
    assert (task["taskId"], task["kind"], task["state"]) == (
        split.json["taskId"],
        "CHECK_SPLIT",
        "OPEN",
    )
    done = await nord.post(f"/Tasks/{task['taskId']}/done")
    assert (done.json["state"], done.json["doneAt"] is None) == ("DONE", False)
    assert (await nord.get("/Tasks")).json["data"] == []
    assert len((await nord.get("/Tasks?state=OPEN&state=DONE")).json["data"]) == 1
    assert len((await nord.get("/Tasks?state=DONE")).json["data"]) == 1


async def test_an_item_is_changed_split_and_taken_away_until_it_is_billed(nord):
    first, second = await drafted(nord)
    path = "/Contracts/V-N/Subscription/Items"

    changed = await nord.patch(f"{path}/{first}", {"quantity": "3", "note": "Umzug"})
    split = await nord.post(f"{path}/{second}/split", {"quantity": "2"})
    removed = await nord.delete(f"{path}/{first}")

    assert (changed.json["quantity"], changed.json["note"]) == ("3", "Umzug")
    assert (changed.json["itemId"], changed.json["ledgerAccount"]) == (first, "8406")
    assert [(one["quantity"], one["discount"]) for one in split.json["items"]] == [
        ("3", None),
        ("2", None),
    ]
    assert (removed.status, removed.json["quantity"]) == (200, "3")
    (own,) = (await nord.get("/Contracts/V-N/Subscription")).json["subscriptions"]
    assert [item["quantity"] for item in own["items"]] == ["3", "2"]


async def test_a_billed_item_changes_its_end_only(nord):
    """V-2 is billed for October."""
    (own,) = (await nord.get("/Contracts/V-2/Subscription")).json["subscriptions"]
    path = f"/Contracts/V-2/Subscription/Items/{own['items'][0]['itemId']}"

    quantity = await nord.patch(path, {"quantity": "2"})
    shortened = await nord.patch(path, {"until": "2026-10-15"})
    ended = await nord.patch(path, {"until": "2026-12-01"})
    removed = await nord.delete(path)

    assert (quantity.status, quantity.json["field"]) == (422, "/quantity")
    assert (shortened.status, shortened.json["field"]) == (422, "/until")
    assert (ended.status, ended.json["until"], ended.json["billedUntil"]) == (
        200,
        "2026-12-01",
        "2026-11-01",
    )
    assert removed.status == 422


async def test_the_first_days_become_one_offs(nord):
    """F038: 10.-30.11. is 21/30 of 60.00 = 42.00, and a price that was agreed."""
    first, second = await drafted(nord)
    body = {
        "until": "2026-12-01",
        "invoiceOn": "2026-11-20",
        "prices": [{"itemId": second, "price": "30.00"}],
    }

    answer = await nord.post("/Contracts/V-N/firstShare", body)
    twice = await nord.post("/Contracts/V-N/firstShare", body | {"prices": [body["prices"][0]] * 2})

    assert (answer.status, answer.json["paymentStart"]) == (200, "2026-12-01")
    assert [(one["from"], one["until"], one["net"]) for one in answer.json["activities"]] == [
        ("2026-11-10", "2026-12-01", "42.00"),
        ("2026-11-10", "2026-12-01", "30.00"),
    ]
    assert answer.json["activities"][0]["ledgerAccount"] == "8406"
    assert (twice.status, twice.json["field"]) == (422, "/prices")
    assert first != second


async def test_the_next_invoice_is_put_off_and_the_history_tells_why(nord):
    """F036."""
    moved = await nord.post(
        "/Contracts/V-2/nextInvoiceDate",
        {"date": "2026-12-24", "reason": "PAUSE", "text": "Betriebsferien"},
    )
    untold = await nord.post(
        "/Contracts/V-2/nextInvoiceDate", {"date": "2026-12-24", "reason": "PAUSE", "text": " "}
    )
    lifted = await nord.post(
        "/Contracts/V-2/nextInvoiceDate", {"date": None, "reason": "INDIVIDUAL", "text": "doch"}
    )

    assert (moved.status, moved.json["nextDueOn"]) == (200, "2026-12-24")
    assert (untold.status, untold.json["field"]) == (422, "/text")
    assert (lifted.status, lifted.json["nextDueOn"]) == (200, "2026-11-01")
    page = (await nord.get("/Contracts/V-2/History?limit=1")).json
    rest = (await nord.get(f"/Contracts/V-2/History?cursor={page['nextCursor']}")).json
    (told,) = page["data"]
    assert (told["sequence"], told["type"]) == (1, "CONTRACT_INVOICE_DATE_MOVED")
    assert (told["data"]["reason"], told["data"]["text"]) == ("PAUSE", "Betriebsferien")
    assert [one["sequence"] for one in rest["data"]] == [2]


async def test_a_cursor_of_another_list_is_none_of_the_history(nord):
    page = (await nord.get("/Contracts?limit=1")).json

    answer = await nord.get(f"/Contracts/V-2/History?cursor={page['nextCursor']}")

    assert (answer.status, answer.json["field"]) == (422, "cursor")


async def test_all_bookings_are_listed_by_the_page_and_added_up(nord):
    """F043: V-1 60.00, V-2 30.00, V-3 9.90 a month; V-4 begins in November."""
    activity_id = await recorded(nord)

    whole = (await nord.get("/Bookings")).json
    paged, cursor = [], ""
    while cursor is not None:
        page = (await nord.get(f"/Bookings?limit=2{cursor and '&cursor=' + cursor}")).json
        paged += page["data"]
        cursor = page["nextCursor"]
    sums = (await nord.get("/Bookings/sums")).json

    assert paged == whole["data"]
    assert [(one["kind"], one["contractNumber"], one["monthly"], one["amount"]) for one in paged] == [
        ("ITEM", "V-1", "60.00", None),
        ("ITEM", "V-2", "30.00", None),
        ("ITEM", "V-3", "9.90", None),
        ("ITEM", "V-4", None, None),
        ("ITEM", "V-6", "30.00", None),
        ("ACTIVITY", "V-2", None, "90.00"),
    ]  # fmt: skip
    assert (paged[-1]["activityId"], paged[-1]["itemId"]) == (activity_id, None)
    assert sums == {
        "date": "2026-10-31",
        "sums": [
            {
                "currency": "EUR",
                "monthly": "129.90",
                "oneOffs": "90.00",
                "items": 5,
                "activities": 1,
                "unpriced": 0,
            }
        ],
    }


async def test_bookings_are_filtered_alike_in_list_and_sums(nord):
    await recorded(nord)
    found = {}
    for query in (
        "status=DONE",
        "kind=ACTIVITY",
        "selection=ACTIVE_SUBSCRIPTIONS&customerNumber=K-1",
        "selection=OPEN_ONE_OFFS&ledgerAccount=8405",
        "articleNumber=A-2",
        "contractNumber=V-4",
    ):
        rows = (await nord.get(f"/Bookings?{query}")).json["data"]
        sums = (await nord.get(f"/Bookings/sums?{query}")).json["sums"]
        found[query] = [one["contractNumber"] for one in rows]
        assert len(rows) == sum(one["items"] + one["activities"] for one in sums)

    assert found == {
        "status=DONE": [],
        "kind=ACTIVITY": ["V-2"],
        "selection=ACTIVE_SUBSCRIPTIONS&customerNumber=K-1": ["V-1"],
        "selection=OPEN_ONE_OFFS&ledgerAccount=8405": ["V-2"],
        "articleNumber=A-2": ["V-3"],
        "contractNumber=V-4": ["V-4"],
    }


async def test_a_key_of_one_project_meets_nothing_of_another_one(nord, calling):
    """Neither listed nor added up nor changed; told in the words about nothing."""
    activity_id = await recorded(nord)
    (own,) = (await nord.get("/Contracts/V-2/Subscription")).json["subscriptions"]
    item_id = own["items"][0]["itemId"]
    path = f"/Contracts/V-2/Activities/{activity_id}"
    task = (await nord.post(f"{path}/split", {"quantity": "1"})).json["taskId"]
    stranger = calling("nord", project="zweit", scopes=OF_CONTRACTS)

    answers = [
        await stranger.patch(path, {"text": "x"}),
        await stranger.post(f"{path}/split", {"quantity": "1"}),
        await stranger.delete(path),
        await stranger.patch(f"/Contracts/V-2/Subscription/Items/{item_id}", {"note": "x"}),
        await stranger.post(f"/Contracts/V-2/Subscription/Items/{item_id}/split", {"quantity": "1"}),
        await stranger.delete(f"/Contracts/V-2/Subscription/Items/{item_id}"),
        await stranger.post("/Contracts/V-2/firstShare", {"until": "2026-11-01"}),
        await stranger.post(
            "/Contracts/V-2/nextInvoiceDate", {"date": None, "reason": "PAUSE", "text": "x"}
        ),
        await stranger.get("/Contracts/V-2/History"),
        await stranger.post(f"/Tasks/{task}/done"),
        await stranger.get("/Tasks?contractNumber=V-2"),
        # Through a contract of its own it meets the bookings of others no more than they it.
        await stranger.patch(f"/Contracts/V-Z/Activities/{activity_id}", {"text": "x"}),
        await stranger.delete(f"/Contracts/V-Z/Subscription/Items/{item_id}"),
    ]  # fmt: skip

    assert {answer.status for answer in answers} == {404}
    assert (await stranger.get("/Tasks")).json["data"] == []
    assert (await stranger.get("/Bookings")).json["data"] == []
    assert (await stranger.get("/Bookings/sums")).json["sums"] == []
    assert len((await nord.get("/Tasks")).json["data"]) == 1


async def test_to_delete_takes_a_key_that_may_write_and_no_body(nord, calling):
    path = f"/Contracts/V-2/Activities/{await recorded(nord)}"
    reader = calling("nord", scopes=frozenset({Scope.CONTRACTS_READ}))

    refused = await reader.delete(path)
    with_body = await nord.send("DELETE", path, {"why": "x"}, headers={})
    no_id = await nord.delete("/Contracts/V-2/Activities/none")

    assert (refused.status, with_body.status, no_id.status) == (403, 422, 404)
    assert (await nord.delete(path)).status == 200

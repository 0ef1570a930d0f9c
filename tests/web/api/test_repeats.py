"""The same request twice does one thing; a change of an unseen state is refused."""

import asyncio
from datetime import timedelta

from tests.web.api.test_bad_input import CUSTOMER
from tests.web.api.world import Caller

from faktura.domain.api_keys import presented_key
from faktura.services.api_keys import rotate_key

NEW = {key: value for key, value in CUSTOMER.items() if key != "customerNumber"}


async def customers(caller) -> int:
    """How many customers there are."""
    return len((await caller.get("/Customers")).json["data"])


async def test_the_same_request_under_the_same_key_gets_the_same_answer(nord):
    """The second is told from the first by nothing, and no second customer is there."""
    before = await customers(nord)

    first = await nord.post("/Customers", NEW, Idempotency_Key="order-7")
    second = await nord.post("/Customers", NEW, Idempotency_Key="order-7")

    assert first.status == 201
    assert (second.status, second.body) == (201, first.body)
    assert second.headers["Location"] == first.headers["Location"]
    assert await customers(nord) == before + 1


async def test_another_request_under_the_same_key_is_a_conflict(nord):
    """Another body, or the same body to another address."""
    await nord.post("/Customers", NEW, Idempotency_Key="order-7")

    changed = await nord.post("/Customers", {**NEW, "name": "Andere"}, Idempotency_Key="order-7")
    elsewhere = await nord.post("/Contracts/V-Z/activate", Idempotency_Key="order-7")

    for answer in (changed, elsewhere):
        assert (answer.status, answer.json["errorKey"]) == (409, "idempotency_key_reused")
    assert (await nord.get("/Contracts/V-Z")).json["state"] == "DRAFT"


async def test_requests_at_the_same_moment_have_one_effect(nord):
    """Eight at once: eight same answers, one customer."""
    before = await customers(nord)

    answers = await asyncio.gather(
        *(nord.post("/Customers", NEW, Idempotency_Key="at-once") for _ in range(8))
    )

    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert await customers(nord) == before + 1


async def test_two_keys_do_not_share_what_they_repeat(calling):
    """An Idempotency-Key belongs to the key that used it; tenants least of all share it."""
    one, other, sued = calling("nord"), calling("nord"), calling("sued")

    bodies = [
        (await caller.post("/Customers", NEW, Idempotency_Key="k")).json["customerNumber"]
        for caller in (one, other, sued)
    ]

    assert bodies[0] != bodies[1]
    assert (await sued.get(f"/Customers/{bodies[2]}")).status == 200


async def test_a_request_is_repeated_under_the_key_that_took_over(app, nord):
    """Whoever sends it again may have got a new key in between, even two of them."""
    first = await nord.post("/Customers", NEW, Idempotency_Key="order-7")
    text = nord.key
    for _ in range(2):
        with app.database.write(app.tenant_id("nord")) as tx:
            _, text = rotate_key(tx, presented_key(text).id, timedelta(hours=1))

    again = await Caller(nord.client, text).post("/Customers", NEW, Idempotency_Key="order-7")

    assert (again.status, again.body) == (201, first.body)


async def test_a_refused_request_is_not_kept(nord):
    """It had no effect: once mended, it may come again under its key."""
    refused = await nord.post("/Customers", {**NEW, "name": ""}, Idempotency_Key="k")
    mended = await nord.post("/Customers", NEW, Idempotency_Key="k")

    assert (refused.status, mended.status) == (422, 201)


async def test_a_repeat_key_that_is_none_is_refused(nord):
    """1 to 64 printable ASCII characters."""
    for key in ("x" * 65, "with blank", "ä"):
        answer = await nord.post("/Customers", NEW, Idempotency_Key=key)

        assert (answer.status, answer.json["field"]) == (422, "Idempotency-Key")


async def test_a_change_of_the_state_that_was_read_is_made(nord):
    """If-Match with the ETag of the state; the answer has the ETag of the next one."""
    read = await nord.get("/Customers/K-1")

    changed = await nord.patch("/Customers/K-1", {"name": "Neu"}, If_Match=read.headers["ETag"])
    again = await nord.get("/Customers/K-1")

    assert (changed.status, changed.json["name"]) == (200, "Neu")
    assert again.headers["ETag"] == changed.headers["ETag"] != read.headers["ETag"]


async def test_a_change_of_a_state_that_nobody_saw_is_refused(nord):
    """Somebody else was faster: 412, and their change stays."""
    read = await nord.get("/Contracts/V-1")
    await nord.patch("/Contracts/V-1", {"extraTextInvoiceHeader": "erste"})

    late = await nord.patch(
        "/Contracts/V-1", {"extraTextInvoiceHeader": "zweite"}, If_Match=read.headers["ETag"]
    )

    assert (late.status, late.json["errorKey"]) == (412, "precondition_failed")
    assert (await nord.get("/Contracts/V-1")).json["extraTextInvoiceHeader"] == "erste"


async def test_who_has_the_state_is_not_sent_it_again(nord):
    """304 without a body, for any of the ETags a caller may know."""
    read = await nord.get("/Customers/K-1")

    known = await nord.get("/Customers/K-1", If_None_Match=f'"x", {read.headers["ETag"]}')

    assert (known.status, known.body) == (304, b"")


async def test_a_list_is_read_page_by_page_without_gap_or_repetition(nord):
    """Customers by number, two at a time, while one is added behind."""
    seen, cursor = [], ""
    while cursor is not None:
        answer = await nord.get(f"/Customers?limit=2{cursor}")
        seen += [one["customerNumber"] for one in answer.json["data"]]
        cursor = answer.json["nextCursor"] and f"&cursor={answer.json['nextCursor']}"

    assert seen == ["K-1", "K-2", "K-3", "K-4", "K-5", "K-6"]

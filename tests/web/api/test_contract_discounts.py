"""Discounts and special prices through the REST door, on both databases (F048, F076, F077)."""

import pytest

TENTH = {"percent": "10", "reason": "Treue", "validFrom": "2026-11-01"}


async def given(caller, **body: object):
    """A new discount of V-2, an active contract of 30.00 a month that is billed for October."""
    answer = await caller.post("/Contracts/V-2/Discounts", body)
    assert answer.status == 201, answer.body
    return answer.json


async def preview(caller, on):
    """Net of each invoice that V-2 would get on that day, and discount and net of its lines."""
    answer = await caller.post("/Contracts/V-2/preview", {"date": on})
    return [
        (one["net"], [(line["discount"], line["net"]) for line in one["lines"]])
        for one in answer.json["invoices"]
    ]


async def test_a_discount_is_given_listed_and_shown_in_the_preview(nord):
    """F076, F060: 30.00 less 10 % = 27.00; the contract says that it has one."""
    before = (await nord.get("/Contracts/V-2")).json["hasDiscounts"]

    answer = await nord.post("/Contracts/V-2/Discounts", TENTH)

    one = answer.json
    assert (answer.status, answer.headers["Location"]) == (201, "/api/v1/Contracts/V-2/Discounts")
    assert {name: value for name, value in one.items() if name != "discountId"} == {
        "scope": "CONTRACT",
        "target": None,
        "percent": "10",
        "amount": None,
        "reason": "Treue",
        "validFrom": "2026-11-01",
        "validUntil": None,
        "nextInvoice": False,
        "state": "AHEAD",
        "used": False,
        "taken": "0.00",
    }
    assert (await nord.get("/Contracts/V-2/Discounts")).json == {
        "contractNumber": "V-2",
        "discounts": [one],
    }
    assert await preview(nord, "2026-11-01") == [("27.00", [("3.00", "27.00")])]
    assert (before, (await nord.get("/Contracts/V-2")).json["hasDiscounts"]) == (False, True)
    found = (await nord.get("/Contracts?customerNumber=K-2")).json["data"]
    assert [row["hasDiscounts"] for row in found] == [True]


async def test_a_discount_for_the_next_invoice_is_in_the_first_of_two_previews(nord):
    """F077: November 15.00, December 30.00."""
    await given(nord, percent="50", nextInvoice=True, reason="Zur Begrüßung")

    assert await preview(nord, "2026-12-01") == [
        ("15.00", [("15.00", "15.00")]),
        ("30.00", [("0.00", "30.00")]),
    ]


async def test_a_discount_ends_on_a_day(nord):
    """November 25.00, December 30.00."""
    one = await given(nord, amount="5", scope="ARTICLE", target="A-1")

    ended = await nord.post(
        f"/Contracts/V-2/Discounts/{one['discountId']}/end", {"validUntil": "2026-12-01"}
    )

    assert (ended.status, ended.json["validUntil"]) == (200, "2026-12-01")
    assert [net for net, _ in await preview(nord, "2026-12-01")] == ["25.00", "30.00"]


async def test_a_discount_that_was_never_used_is_withdrawn(nord):
    """It leaves no trace on invoices, only in the contract's history."""
    one = await given(nord, percent="10")

    left = await nord.post(f"/Contracts/V-2/Discounts/{one['discountId']}/withdraw")
    again = await nord.post(f"/Contracts/V-2/Discounts/{one['discountId']}/withdraw")

    assert (left.status, left.json["discounts"]) == (200, [])
    assert (again.status, again.json["errorKey"]) == (404, "not_found")
    assert await preview(nord, "2026-11-01") == [("30.00", [("0.00", "30.00")])]


@pytest.mark.parametrize(
    ("body", "error", "field"),
    [
        ({"percent": "10", "amount": "1"}, "field_invalid", ""),
        ({"percent": "101"}, "field_invalid", ""),
        ({"percent": "10", "scope": "ARTICLE", "target": "NIX"}, "not_found", "/target"),
        ({"percent": "10", "scope": "PRODUCT_GROUP"}, "field_missing", "/target"),
        ({"percent": "10", "scope": "CUSTOMER"}, "unknown_term", "/scope"),
        (
            {"percent": "10", "validFrom": "2026-11-01", "validUntil": "2026-10-01"},
            "out_of_range",
            "/validUntil",
        ),
    ],
)
async def test_a_discount_that_cannot_be_is_refused(nord, body, error, field):
    """F076, with the field."""
    answer = await nord.post("/Contracts/V-2/Discounts", body)

    assert 400 <= answer.status < 500, answer.body
    assert (answer.json["errorKey"], answer.json.get("field", "")) == (error, field)


async def test_a_contract_is_made_with_discounts(nord):
    """F076: the same fields as for a contract that exists; A-1 at 30.00 less 7.50 = 22.50."""
    answer = await nord.post(
        "/Contracts",
        {
            "customerNumber": "K-1",
            "project": "main",
            "start": "2026-11-01",
            "billingInterval": {"unit": "MONTH"},
            "subscriptions": [{"items": [{"articleNumber": "A-1", "quantity": "1"}]}],
            "discounts": [{"amount": "7.50", "scope": "PRODUCT_GROUP", "target": "standard"}],
            "activate": True,
        },
    )

    assert (answer.status, answer.json["hasDiscounts"]) == (201, True), answer.body
    number = answer.json["contractNumber"]
    shown = await nord.post(f"/Contracts/{number}/preview", {"date": "2026-11-01"})
    assert [one["net"] for one in shown.json["invoices"]] == ["22.50"]


async def test_special_prices_are_added_to_an_item(nord):
    """F048: 20.00 in November, from 1 December 30.00 again; October is billed."""
    held = (await nord.get("/Contracts/V-2/Subscription")).json["subscriptions"][0]["items"][0]

    answer = await nord.post(
        f"/Contracts/V-2/Subscription/Items/{held['itemId']}/SpecialPrices",
        {"prices": [{"unitPrice": "20.00", "validUntil": "2026-12-01"}]},
    )

    assert answer.status == 201, answer.body
    assert answer.json["effectiveFrom"] == "2026-11-01"
    assert answer.json["item"] == {
        **held,
        "specialPrices": [
            {
                "unitPrice": "20",
                "currency": "EUR",
                "validFrom": None,
                "validUntil": "2026-12-01",
                "fromQuantity": "0",
            }
        ],
    }
    assert [net for net, _ in await preview(nord, "2026-12-01")] == ["20.00", "30.00"]


async def test_nobody_sees_or_changes_discounts_of_another_tenant(nord, sued):
    """Not by its number and not by its id."""
    one = await given(nord, percent="10")
    address = f"/Contracts/V-2/Discounts/{one['discountId']}"

    found = [
        (await sued.get("/Contracts/V-2/Discounts")).status,
        (await sued.post("/Contracts/V-2/Discounts", TENTH)).status,
        (await sued.post(f"{address}/end", {"validUntil": "2026-12-01"})).status,
        (await sued.post(f"{address}/withdraw")).status,
    ]

    assert found == [404, 404, 404, 404]
    assert len((await nord.get("/Contracts/V-2/Discounts")).json["discounts"]) == 1

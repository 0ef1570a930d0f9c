"""Cost centres, cost objects and splits through the REST door, on both databases."""

SPLIT = [
    {"costCentre": "100", "costObject": None, "percent": "60"},
    {"costCentre": "200", "costObject": "P 7", "percent": "40"},
]
# As a request gives them: what is not named is left out.
GIVEN = [
    {"costCentre": "100", "percent": "60.00"},
    {"costCentre": "200", "costObject": "P 7", "percent": "40"},
]
CENTRE = [{"costCentre": "300"}]
OBJECT = [{"costCentre": None, "costObject": "P 9", "percent": "100"}]
DRAFT = {
    "contractNumber": "V-N",
    "customerNumber": "K-5",
    "project": "main",
    "start": "2026-10-01",
    "billingInterval": {"unit": "MONTH"},
    "costs": CENTRE,
    "subscriptions": [
        {
            "items": [
                {"articleNumber": "A-1", "quantity": "1", "costs": GIVEN},
                {"articleNumber": "A-2", "quantity": "1"},
            ]
        }
    ],
    "activities": [
        {
            "articleNumber": "A-1",
            "quantity": "1",
            "from": "2026-10-20",
            "invoiceOn": "2026-10-20",
            "costs": [{"costObject": "P 9"}],
        }
    ],
    "activate": True,
}


async def test_costs_are_given_shown_and_changed_everywhere(nord):
    """Article, contract, item, activity; the list of bookings says what counts."""
    assert (await nord.post("/Contracts", DRAFT)).status == 201
    assert (await nord.get("/Contracts/V-N")).json["costs"] == [
        {"costCentre": "300", "costObject": None, "percent": "100"}
    ]
    (own,) = (await nord.get("/Contracts/V-N/Subscription")).json["subscriptions"]
    assert [item["costs"] for item in own["items"]] == [SPLIT, []]
    activities = (await nord.get("/Contracts/V-N/Activities")).json["activities"]
    assert [one["costs"] for one in activities if one["state"] == "WAITING"] == [OBJECT]
    booked = (await nord.get("/Bookings?contractNumber=V-N")).json["data"]
    assert [one["costs"] for one in booked] == [
        SPLIT,
        [{"costCentre": "300", "costObject": None, "percent": "100"}],
        OBJECT,
    ]

    item_path = f"/Contracts/V-N/Subscription/Items/{own['items'][1]['itemId']}"
    assert (await nord.patch(item_path, {"costs": GIVEN})).json["costs"] == SPLIT
    assert (await nord.patch("/Contracts/V-N", {"costs": None})).json["costs"] == []
    changed = await nord.patch("/Items/A-1", {"costs": GIVEN})
    assert (changed.status, changed.json["costs"]) == (200, SPLIT)


async def test_an_invoice_shows_the_costs_it_was_issued_with(nord):
    """One centre alone stands in `costCentre` too, as always."""
    await nord.post("/Contracts", DRAFT)
    billed = await nord.post("/Contracts/V-N/interimBilling", {})
    assert billed.status in (200, 201), billed.body
    number = (await nord.get("/Invoices?contractNumber=V-N")).json["data"][0]["number"]

    lines = (await nord.get(f"/Invoices/{number}")).json["lines"]

    assert [(line["costCentre"], line["costs"]) for line in lines] == [
        (None, SPLIT),
        ("300", [{"costCentre": "300", "costObject": None, "percent": "100"}]),
        (None, OBJECT),
    ]


async def test_costs_that_make_no_sense_are_refused_with_their_path(nord):
    """Nothing is changed then."""
    for costs, field in (
        ([{"costCentre": "100", "percent": "60"}], "/costs"),
        ([{"costCentre": "100", "percent": 100}], "/costs/0/percent"),
        ([{"costCentre": "1"}, {"costCentre": "Nord;Ost"}], "/costs/1/costCentre"),
        ([{}], "/costs/0"),
    ):
        answer = await nord.patch("/Contracts/V-1", {"costs": costs})
        assert (answer.status in (400, 422), answer.json["field"]) == (True, field)

    assert (await nord.get("/Contracts/V-1")).json["costs"] == []

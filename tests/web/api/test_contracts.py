"""Contracts through the REST door, on both databases."""

CONTRACT = {
    "customerNumber": "K-1",
    "project": "main",
    "start": "2026-05-15",
    "billingInterval": {"count": 1, "unit": "MONTH"},
    "internalIdentifier": "CRM-9",
    "paymentMethod": "TRANSFER",
    "extraTextInvoiceHeader": "Guten Tag",
    "subscriptions": [
        {
            "minimumTerm": {"count": 12, "unit": "MONTH"},
            "notice": {"count": 3, "unit": "MONTH"},
            "renewal": "FIXED",
            "renewalTerm": {"count": 12, "unit": "MONTH"},
            "items": [
                {
                    "articleNumber": "A-1",
                    "quantity": "2.5",
                    "billedUntil": "2026-11-15",
                    "specialPrices": [{"unitPrice": "19.9000", "validUntil": "2027-01-01"}],
                    "discount": {"percent": "10", "reason": "Treue"},
                }
            ],
        }
    ],
}


async def made(caller):
    """The number of a new contract."""
    answer = await caller.post("/Contracts", CONTRACT)
    assert answer.status == 201, answer.body
    return answer.json["contractNumber"]


async def test_a_contract_is_made_as_a_draft_and_read_as_it_was_given(nord):
    """F005, F008, F015: billing in advance is the default; nothing is due before activation."""
    answer = await nord.post("/Contracts", CONTRACT)

    number = answer.json["contractNumber"]
    assert (answer.status, number) == (201, "V-000001")
    assert answer.headers["Location"] == "/api/v1/Contracts/V-000001"
    assert answer.json == (await nord.get(f"/Contracts/{number}")).json
    assert {
        name: answer.json[name]
        for name in ("state", "kind", "billInAdvance", "end", "nextDueOn", "paymentMethod", "duePeriod")
    } == {
        "state": "DRAFT",
        "kind": "SUBSCRIPTION",
        "billInAdvance": True,
        "end": None,
        "nextDueOn": None,
        "paymentMethod": "TRANSFER",
        "duePeriod": None,
    }  # fmt: skip


async def test_a_subscription_is_read_with_its_terms_and_items(nord):
    """F023; `billedUntil` is the first day that is not billed yet (F019)."""
    number = await made(nord)

    (subscription,) = (await nord.get(f"/Contracts/{number}/Subscription")).json["subscriptions"]

    (item,) = subscription.pop("items")
    assert subscription == {
        "termStart": "2026-05-15",
        "paymentStart": None,
        "minimumTerm": {"count": 12, "unit": "MONTH"},
        "notice": {"count": 3, "unit": "MONTH"},
        "renewal": "FIXED",
        "renewalTerm": {"count": 12, "unit": "MONTH"},
        "state": "RUNNING",
        "pauses": [],
        "termEnd": "2027-05-15",
        "earliestEnd": "2027-05-15",
        "terminatedAsOf": None,
    }
    assert (item["quantity"], item["billedUntil"], item["from"]) == (
        "2.5",
        "2026-11-15",
        "2026-05-15",
    )
    assert item["specialPrices"] == [
        {
            "unitPrice": "19.9",
            "currency": "EUR",
            "validFrom": None,
            "validUntil": "2027-01-01",
            "fromQuantity": "0",
        }
    ]
    assert item["discount"] == {"percent": "10", "amount": None, "reason": "Treue"}


async def test_contracts_are_found_by_what_a_caller_knows_of_them(nord):
    """F018: number, customer, internal identifier, state; several conditions hold together."""
    number = await made(nord)
    found = {
        query: [one["contractNumber"] for one in (await nord.get(f"/Contracts?{query}")).json["data"]]
        for query in (
            "internalIdentifier=CRM-9",
            "customerNumber=K-1",
            "customerNumber=K-1&state=ACTIVE",
            "search=V-Z",
            "state=DRAFT&state=VOIDED",
            "customerNumber=K-5",
        )
    }  # fmt: skip

    assert found == {
        "internalIdentifier=CRM-9": [number],
        "customerNumber=K-1": [number, "V-1"],
        "customerNumber=K-1&state=ACTIVE": ["V-1"],
        "search=V-Z": ["V-Z"],
        "state=DRAFT&state=VOIDED": [number, "V-Z"],
        "customerNumber=K-5": [],
    }


async def test_a_draft_becomes_active_once(nord):
    """F010: from now on a run bills it, from where it was billed until; not a second time."""
    number = await made(nord)

    active = await nord.post(f"/Contracts/{number}/activate")
    again = await nord.post(f"/Contracts/{number}/activate")

    assert (active.status, active.json["state"]) == (200, "ACTIVE")
    assert active.json["nextDueOn"] == "2026-11-15"
    assert (again.status, again.json["errorKey"]) == (422, "transition_refused")


async def test_a_draft_is_voided_for_good(nord):
    """F012."""
    number = await made(nord)

    voided = await nord.post(f"/Contracts/{number}/void")
    changed = await nord.patch(f"/Contracts/{number}", {"orderReference": "X"})

    assert (voided.status, voided.json["state"]) == (200, "VOIDED")
    assert (changed.status, changed.json["errorKey"]) == (422, "transition_refused")


async def test_term_method_texts_and_recipients_can_be_changed_later(nord):
    """F011, F016, F017: on an active contract; null hands the choice back to the customer."""
    changed = await nord.patch(
        "/Contracts/V-1",
        {
            "paymentMethod": "SEPA_DEBIT",
            "duePeriod": 2,
            "dueUnit": "WEEK",
            "extraTextInvoiceHeader": "Sehr geehrte Damen",
            "extraTextInvoiceFooter": "Danke",
            "recipients": [{"email": "buch@kunde.example"}],
            "internalIdentifier": "CRM-1",
            "orderReference": "PO-7",
        },
    )
    back = await nord.patch(
        "/Contracts/V-1", {"paymentMethod": None, "duePeriod": None, "dueUnit": None}
    )

    assert changed.status == 200, changed.body
    assert changed.json["recipients"] == [{"email": "buch@kunde.example", "use": "INVOICE"}]
    assert (changed.json["duePeriod"], changed.json["dueUnit"]) == (2, "WEEK")
    assert back.json["paymentMethod"] is None
    assert back.json["extraTextInvoiceFooter"] == "Danke"
    assert (await nord.get("/Contracts/V-1")).json == back.json


async def test_what_is_fixed_is_refused_by_name(nord):
    """The frame of a contract is not changed by a patch."""
    answer = await nord.patch("/Contracts/V-1", {"start": "2026-01-01"})

    assert (answer.status, answer.json["field"]) == (400, "/start")
    assert (await nord.get("/Contracts/V-1")).json["start"] == "2026-10-01"


async def test_activities_say_what_is_billed_due_and_waiting(nord):
    """F058, F059: 30.00 and 19 % a piece; due on 1 November is November."""
    answer = await nord.post(
        "/Contracts/V-2/Activities",
        {
            "articleNumber": "A-1",
            "quantity": "1.5",
            "from": "2026-10-20",
            "invoiceOn": "2026-12-01",
            "text": "Einrichtung",
        },
    )

    listed = await nord.get("/Contracts/V-2/Activities?date=2026-11-01")
    usage = await nord.get("/Contracts/V-2/Activities?origin=USAGE")

    assert answer.status == 201, answer.body
    assert answer.headers["Location"] == "/api/v1/Contracts/V-2/Activities"
    assert answer.json == listed.json["activities"][-1]
    assert [
        (one["state"], one["origin"], one["from"], one["until"], one["net"], one["gross"], one["invoiceNumber"])
        for one in listed.json["activities"]
    ] == [
        ("BILLED", "SUBSCRIPTION", "2026-10-01", "2026-11-01", "30.00", "35.70", "RE-000002"),
        ("DUE", "SUBSCRIPTION", "2026-11-01", "2026-12-01", "30.00", "35.70", None),
        ("WAITING", "ONE_OFF", "2026-10-20", "2026-10-21", "45.00", "53.55", None),
    ]  # fmt: skip
    assert usage.json["activities"] == []


async def test_a_preview_shows_the_invoices_of_a_day_and_writes_nothing(nord):
    """F060: 5 November to 4 December at 30.00."""
    before = (await nord.get("/Contracts/V-4")).json

    answer = await nord.post("/Contracts/V-4/preview", {"date": "2026-11-05"})

    (invoice,) = answer.json["invoices"]
    assert (answer.status, answer.json["nextDueOn"]) == (200, "2026-12-05")
    assert (invoice["net"], invoice["tax"], invoice["gross"]) == ("30.00", "5.70", "35.70")
    assert (invoice["lines"][0]["from"], invoice["lines"][0]["until"]) == (
        "2026-11-05",
        "2026-12-05",
    )
    assert (await nord.get("/Contracts/V-4")).json == before
    assert (await nord.get("/Invoices?contractNumber=V-4")).json["data"] == []

"""Customers through the REST door, on both databases."""

from typing import Any

CUSTOMER: dict[str, Any] = {
    "customerNumber": "ALT-4711",
    "name": "Muster & Söhne GmbH",
    "isBusiness": True,
    "billingAddress": {
        "street": "Lange Str. 5",
        "zipCode": "20095",
        "city": "Hamburg",
        "country": "DE",
        "careOf": "c/o Schmidt",
    },
    "contactPerson": {"name": "Eva Muster", "email": "eva@muster.example", "shown": False},
    "email": "post@muster.example",
    "recipients": [
        {"email": "rechnung@muster.example"},
        {"email": "mahnung@muster.example", "use": "DUNNING"},
    ],
    "paymentMethod": "SEPA_DEBIT",
    "mandate": {
        "reference": "M-1",
        "iban": "DE75 5121 0800 1245 1261 99",
        "signedOn": "2026-09-01",
    },
    "duePeriod": 30,
    "dueUnit": "DAY",
}


async def test_a_customer_is_made_and_read_as_it_was_given(nord):
    """Numbers with any prefix are taken (F063); what was left out has its default."""
    made = await nord.post("/Customers", CUSTOMER)

    read = await nord.get("/Customers/ALT-4711")
    assert made.status == 201
    assert made.headers["Location"] == "/api/v1/Customers/ALT-4711"
    assert read.json == made.json
    assert read.json["billingAddress"] == {**CUSTOMER["billingAddress"], "extra": ""}
    assert read.json["contactPerson"] == {**CUSTOMER["contactPerson"], "phone": ""}
    assert read.json["recipients"] == [
        {"email": "rechnung@muster.example", "use": "INVOICE"},
        {"email": "mahnung@muster.example", "use": "DUNNING"},
    ]
    assert read.json["mandate"]["iban"] == "DE75512108001245126199"
    assert (read.json["duePeriod"], read.json["dueUnit"]) == (30, "DAY")
    assert (read.json["euTaxId"], read.json["language"]) == (None, "de")
    assert read.json["taxNumber"] == ""


async def test_a_number_is_drawn_where_none_is_given(nord):
    """The next of the range; a number somebody took by hand is told loudly (P22)."""
    unnumbered = {**CUSTOMER}
    del unnumbered["customerNumber"]

    made = await nord.post("/Customers", unnumbered)

    assert (made.status, made.json["customerNumber"]) == (201, "K-000001")


async def test_customers_are_found_by_a_part_of_number_or_name(nord):
    await nord.post("/Customers", CUSTOMER)

    by_number = await nord.get("/Customers?search=4711")
    by_name = await nord.get("/Customers?search=Muster%20%26")
    nobody = await nord.get("/Customers?search=%25")

    for answer in (by_number, by_name):
        assert [one["customerNumber"] for one in answer.json["data"]] == ["ALT-4711"]
    assert nobody.json == {"data": [], "nextCursor": None}


async def test_a_change_names_what_changes_and_leaves_the_rest(nord):
    """JSON merge patch: an object is merged, a list replaced, null takes away."""
    await nord.post("/Customers", CUSTOMER)

    changed = await nord.patch(
        "/Customers/ALT-4711",
        {
            "billingAddress": {"careOf": None, "street": "Kurze Str. 1"},
            "recipients": [{"email": "neu@muster.example"}],
            "contactPerson": None,
            "duePeriod": None,
            "dueUnit": None,
            "taxNumber": " 41/234/56789 ",
        },
    )

    assert changed.status == 200, changed.body
    assert changed.json["billingAddress"] == {
        "street": "Kurze Str. 1",
        "zipCode": "20095",
        "city": "Hamburg",
        "country": "DE",
        "extra": "",
        "careOf": "",
    }
    assert changed.json["recipients"] == [{"email": "neu@muster.example", "use": "INVOICE"}]
    assert changed.json["contactPerson"] is None
    assert changed.json["taxNumber"] == "41/234/56789"
    assert changed.json["duePeriod"] is None
    assert changed.json["mandate"]["reference"] == "M-1"
    assert (await nord.get("/Customers/ALT-4711")).json == changed.json


async def test_a_change_that_cannot_be_is_refused_with_its_field(nord):
    """The number stays; half a payment term is none; an account with postings stays (F011)."""
    refused = {
        field: (answer.status, answer.json["errorKey"], answer.json["field"])
        for field, change in {
            "number": {"customerNumber": "K-77"},
            "term": {"duePeriod": 10},
            "account": {"debtorAccount": "69999"},
            "vat": {"euTaxId": "DE000000000"},
        }.items()
        for answer in [await nord.patch("/Customers/K-1", change)]
    }

    assert refused == {
        "number": (400, "field_unknown", "/customerNumber"),
        "term": (422, "field_missing", "/dueUnit"),
        "account": (409, "conflict", "/debtorAccount"),
        "vat": (422, "field_invalid", "/euTaxId"),
    }


async def test_an_account_shows_each_fact_with_the_balance_after_it(nord):
    """F090-F092: 35.70 invoiced, 10.00 paid with the payer's own text."""
    accounts = await nord.get("/Customers/K-2/Accounts")
    listed = await nord.get("/Customers/K-2/Transactions")

    assert accounts.json == {
        "customerNumber": "K-2",
        "accounts": [{"currency": "EUR", "balance": "25.70"}],
    }
    invoice, payment = listed.json["data"]
    assert (invoice["fact"], invoice["amount"], invoice["balance"]) == ("INVOICE", "35.70", "35.70")
    assert (payment["fact"], payment["amount"], payment["balance"]) == (
        "PAYMENT",
        "-10.00",
        "25.70",
    )
    assert (payment["valueDate"], payment["remittance"]) == ("2026-10-20", "Rechnung RE-000002")
    assert listed.json["nextCursor"] is None


async def test_an_account_is_read_in_either_order_a_page_at_a_time(nord):
    """A page has one row here; a cursor of another customer leads nowhere."""
    first = await nord.get("/Customers/K-2/Transactions?order=value&limit=1")
    cursor = first.json["nextCursor"]
    second = await nord.get(f"/Customers/K-2/Transactions?order=value&limit=1&cursor={cursor}")
    elsewhere = await nord.get(f"/Customers/K-5/Transactions?cursor={cursor}")

    assert [one["no"] for one in first.json["data"] + second.json["data"]] == [1, 2]
    assert second.json["nextCursor"] is None
    assert (elsewhere.status, elsewhere.json["field"]) == (404, "cursor")


async def test_a_customer_without_an_account_has_none(nord):
    assert (await nord.get("/Customers/K-5/Accounts")).json["accounts"] == []
    assert (await nord.get("/Customers/K-5/Transactions")).json["data"] == []

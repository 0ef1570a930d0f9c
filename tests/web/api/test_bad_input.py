"""What cannot be meant is refused with the right status, an errorKey and the path of the field."""

import pytest

CUSTOMER = {
    "customerNumber": "X-1",
    "name": "Neu GmbH",
    "isBusiness": True,
    "billingAddress": {"street": "Weg 1", "zipCode": "10115", "city": "Berlin", "country": "DE"},
}
CONTRACT = {
    "customerNumber": "K-1",
    "project": "main",
    "start": "2026-11-01",
    "billingInterval": {"count": 1, "unit": "MONTH"},
    "subscriptions": [{"items": [{"articleNumber": "A-1", "quantity": "1"}]}],
}
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "status", "key", "field"),
    [
        ({**CUSTOMER, "nmae": "X"}, 400, "field_unknown", "/nmae"),
        ({**CUSTOMER, "isBusiness": "yes"}, 400, "field_invalid", "/isBusiness"),
        ({**CUSTOMER, "name": 5}, 400, "field_invalid", "/name"),
        ({**CUSTOMER, "name": None}, 400, "field_invalid", "/name"),
        (
            {key: value for key, value in CUSTOMER.items() if key != "name"},
            400,
            "field_missing",
            "/name",
        ),
        (
            {**CUSTOMER, "billingAddress": {"country": "Germany"}},
            422,
            "field_invalid",
            "/billingAddress/country",
        ),
        (
            {**CUSTOMER, "recipients": [{"email": "a@b.example"}, {"email": "nobody"}]},
            422,
            "field_invalid",
            "/recipients/1/email",
        ),
        ({**CUSTOMER, "customerNumber": "K-1"}, 409, "number_taken", "/customerNumber"),
        ({**CUSTOMER, "customerNumber": "a b"}, 422, "field_invalid", "/customerNumber"),
    ],
)
async def test_a_customer_that_cannot_be_meant(nord, body, status, key, field):
    """A wrong shape is 400, a value no rule allows 422, a number that is taken 409 (F063)."""
    answer = await nord.post("/Customers", body)

    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.json["errorKey"], answer.json["field"]) == (key, field)
    assert answer.json["errorMessage"]
    assert (await nord.get("/Customers/X-1")).status == 404


@pytest.mark.parametrize(
    ("change", "status", "key", "field"),
    [
        ({"customerNumber": "K-99"}, 422, "not_found", "/customerNumber"),
        ({"project": "nowhere"}, 422, "not_found", "/project"),
        ({"start": "2026-02-30"}, 422, "date_unreadable", "/start"),
        (
            {"subscriptions": [{"items": [{"articleNumber": "A-1", "quantity": 1}]}]},
            400,
            "field_invalid",
            "/subscriptions/0/items/0/quantity",
        ),
        (
            {"subscriptions": [{"items": [{"articleNumber": "A-1", "quantity": "1,5"}]}]},
            422,
            "amount_unreadable",
            "/subscriptions/0/items/0/quantity",
        ),
        (
            {"subscriptions": [{"items": [{"articleNumber": "NO", "quantity": "1"}]}]},
            422,
            "not_found",
            "/subscriptions/0/items/0/articleNumber",
        ),
    ],
)
async def test_a_contract_that_cannot_be_meant(nord, change, status, key, field):
    """Amounts are texts; what a contract names must exist."""
    answer = await nord.post("/Contracts", {**CONTRACT, **change})

    assert answer.status == status, answer.body
    assert (answer.json["errorKey"], answer.json["field"]) == (key, field)


async def test_all_that_is_wrong_is_told_at_once(nord):
    """Nobody mends a body one field at a time."""
    answer = await nord.post("/Customers", {"nmae": "X", "isBusiness": 1, "billingAddress": {}})

    assert answer.status == 400
    assert answer.json["errorKey"] == "request_invalid"
    assert [(one["errorKey"], one["field"]) for one in answer.json["errors"]] == [
        ("field_missing", "/name"),
        ("field_invalid", "/isBusiness"),
        ("field_missing", "/billingAddress/country"),
        ("field_unknown", "/nmae"),
    ]


@pytest.mark.parametrize(
    ("body", "headers", "status", "key"),
    [
        (b'{"name": ', JSON, 400, "file_unreadable"),
        (b"[]", JSON, 400, "file_unreadable"),
        (b"", JSON, 400, "file_unreadable"),
        (b"\xff\xfe", JSON, 400, "file_unreadable"),
        (b"[" * 100_000, JSON, 400, "hostile_file"),
        (b'{"a": 1, "a": 2}', JSON, 400, "field_invalid"),
        (b'{"a": ' + b"9" * 5_000 + b"}", JSON, 400, "hostile_file"),
        (b"{}", {"Content-Type": "text/plain"}, 415, "media_type_wrong"),
        (b"{}", {"Content-Type": "application/json; charset=latin-1"}, 415, "media_type_wrong"),
        (b"{}", {}, 415, "media_type_wrong"),
        (b'{"name": "' + b"x" * 1024 * 1024 + b'"}', JSON, 413, "too_large"),
    ],
)
async def test_a_body_that_is_no_object_of_ours(nord, body, headers, status, key):
    """Broken, doubled, nested, endless, of another type: refused before anything is read into it."""
    answer = await nord.send("POST", "/Customers", body, headers=headers)

    assert (answer.status, answer.json["errorKey"]) == (status, key)


@pytest.mark.parametrize(
    ("path", "status", "key", "field"),
    [
        ("/Customers?limit=0", 422, "field_invalid", "limit"),
        ("/Customers?limit=many", 400, "field_invalid", "limit"),
        ("/Customers?limit=1&limit=2", 400, "field_invalid", "limit"),
        ("/Customers?cursor=nonsense", 422, "field_invalid", "cursor"),
        ("/Customers?cursor=WyLDpCJd", 200, None, None),
        ("/Customers?lmit=1", 400, "field_unknown", "lmit"),
        ("/Contracts?state=ALIVE", 422, "unknown_term", "state"),
        ("/Customers/K-99", 404, "not_found", None),
        ("/Customers/K%2F1", 404, "not_found", None),
        ("/Customers/%00", 404, "not_found", None),
        ("/BillingRuns/1", 404, "not_found", None),
    ],
)
async def test_an_address_that_cannot_be_meant(nord, path, status, key, field):
    """Parameters are checked as fields are; what cannot be a number names nothing."""
    answer = await nord.get(path)

    assert answer.status == status, answer.body
    if key is not None:
        assert answer.json["errorKey"] == key
    if field is not None:
        assert answer.json["field"] == field


async def test_a_state_that_forbids_the_act_is_told(nord):
    """F012: an active contract is never voided."""
    answer = await nord.post("/Contracts/V-1/void")

    assert (answer.status, answer.json["errorKey"]) == (422, "transition_refused")
    assert answer.json["mend"] == "Possible from here: TERMINATED"


async def test_a_body_that_nobody_reads_is_refused(nord):
    """Whoever sends one believes that it does something."""
    answer = await nord.post("/Contracts/V-Z/activate", {"date": "2026-11-01"})

    assert (answer.status, answer.json["field"]) == (422, "body")
    assert (await nord.get("/Contracts/V-Z")).json["state"] == "DRAFT"


async def test_a_method_an_address_does_not_take_is_named(nord):
    """The methods it takes are in Allow, as RFC 9110 wants it."""
    answer = await nord.send("PUT", "/Customers/K-1", headers={})

    assert (answer.status, answer.json["errorKey"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "DELETE,GET,PATCH"


async def test_a_defect_of_ours_shows_nothing_of_the_inside(app, nord, caplog):
    """The caller gets the id, the log gets the rest."""
    with app.database.write(app.tenant_id("nord")) as tx:
        tx.connection.exec_driver_sql("UPDATE customer SET data = '{' WHERE number = 'K-1'")

    answer = await nord.get("/Customers/K-1")

    assert answer.status == 500
    assert set(answer.json) == {
        "type", "title", "status", "detail", "errorKey", "errorMessage", "mend", "requestId",
    }  # fmt: skip
    assert answer.json["errorKey"] == "internal_error"
    assert "stored data of a Customer makes no sense" in caplog.text

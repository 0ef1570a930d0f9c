"""What subscribers are told of acts through the REST door is what REST shows (F116)."""

from tests.event_bodies import told
from tests.web.api.test_keys import OF_A_PROJECT

CUSTOMER = {
    "customerNumber": "K-77",
    "name": "Muster GmbH",
    "isBusiness": True,
    "billingAddress": {"street": "Lange Str. 5", "zipCode": "20095", "city": "Hamburg",
                       "country": "DE"},
    "contactPerson": {"name": "Eva Muster", "email": "eva@muster.example"},
    "recipients": [{"email": "mahnung@muster.example", "use": "DUNNING"}],
    "duePeriod": 30,
    "dueUnit": "DAY",
}  # fmt: skip
ITEM = {
    "articleNumber": "A-77",
    "name": "Extra",
    "productGroup": "software",
    "unit": "MONTH",
    "supply": "SERVICE",
    "recurring": True,
    "prices": [{"unitPrice": "12.5", "validFrom": "2026-01-01", "fromQuantity": "2"}],
    "costs": [{"costCentre": "100", "percent": "60"}, {"costObject": "P 7", "percent": "40"}],
}


def without_day(record):
    """The record alone: a simulated day is a sandbox's own, and no subscriber is told of it."""
    assert record["simulatedDate"] is None
    return {name: value for name, value in record.items() if name != "simulatedDate"}


def told_of(app, kind: str):
    """The data of the last fact of that type."""
    with app.database.read(app.tenant_id("nord")) as tx:
        return told(tx, kind)[-1]["data"]


async def test_a_customer_is_told_as_rest_shows_it_before_and_after(nord, app):
    """F116: every field under the same name with the same value."""
    await nord.post("/Customers", CUSTOMER)
    before = (await nord.get("/Customers/K-77")).json
    await nord.patch("/Customers/K-77", {"name": "Muster & Söhne GmbH"})
    after = (await nord.get("/Customers/K-77")).json

    created = told_of(app, "CUSTOMER_CREATED")
    changed = told_of(app, "CUSTOMER_CHANGED")
    assert created["customer"] == without_day(before)
    assert changed["oldCustomer"] == without_day(before)
    assert changed["customer"] == without_day(after)
    assert before != after


async def test_an_article_is_told_as_rest_shows_it_before_and_after(nord, app):
    """F116: decimals without zeros behind them, as REST writes them."""
    groups = (await nord.get("/ProductGroups")).json["data"]
    made = await nord.post("/Items", {**ITEM, "productGroup": groups[0]["key"]})
    assert made.status == 201, made.body
    before = (await nord.get("/Items/A-77")).json
    await nord.post("/Items/A-77/Prices", {"prices": [{"unitPrice": "13.00"}]})
    after = (await nord.get("/Items/A-77")).json

    created = told_of(app, "ITEM_CREATED")
    changed = told_of(app, "ITEM_CHANGED")
    assert created["item"] == before
    assert (changed["oldItem"], changed["item"]) == (before, after)
    assert len(after["prices"]) == 2


async def test_a_contract_is_told_as_rest_shows_it_without_what_is_computed(nord, app):
    """F116: the fields that the contract holds itself."""
    before = (await nord.get("/Contracts/V-1")).json
    await nord.patch("/Contracts/V-1", {"orderReference": "PO 7", "duePeriod": 7, "dueUnit": "DAY",
                     "costs": [{"costCentre": "100"}]})  # fmt: skip
    after = (await nord.get("/Contracts/V-1")).json

    changed = told_of(app, "CONTRACT_CHANGED")
    assert changed["contract"] == {name: after[name] for name in changed["contract"]}
    assert changed["oldContract"] == {name: before[name] for name in changed["oldContract"]}
    assert set(after) - set(changed["contract"]) == {
        "hasDiscounts", "unbilledServices", "nextDueOn", "predecessorNumber", "successorNumber",
    }  # fmt: skip
    assert changed["oldContract"]["orderReference"] == ""


async def test_a_customer_is_deleted_once_and_answers_what_it_was(nord, app):
    """DELETE: 200 with the record, then 404; one that is referred to is a 409 that says by what."""
    await nord.post("/Customers", CUSTOMER)
    record = (await nord.get("/Customers/K-77")).json

    gone = await nord.delete("/Customers/K-77")
    again = await nord.delete("/Customers/K-77")
    kept = await nord.delete("/Customers/K-1")

    assert (gone.status, gone.json) == (200, record)
    assert again.status == 404
    assert (kept.status, kept.json["errorKey"]) == (409, "conflict")
    assert kept.json["errorMessage"].startswith("customer K-1 stays: 1 contract, 1 document")
    assert told_of(app, "CUSTOMER_DELETED")["oldCustomer"] == without_day(record)


async def test_an_article_is_deleted_once_and_answers_what_it_was(nord, app):
    """DELETE: 200 with the record, then 404; one that is sold is a 409 that says where."""
    groups = (await nord.get("/ProductGroups")).json["data"]
    await nord.post("/Items", {**ITEM, "productGroup": groups[0]["key"]})
    record = (await nord.get("/Items/A-77")).json

    gone = await nord.delete("/Items/A-77")
    again = await nord.delete("/Items/A-77")
    kept = await nord.delete("/Items/A-1")

    assert (gone.status, gone.json) == (200, record)
    assert again.status == 404
    assert (kept.status, kept.json["errorKey"]) == (409, "conflict")
    assert "subscription item" in kept.json["errorMessage"]
    assert told_of(app, "ITEM_DELETED")["oldItem"] == record


async def test_a_key_of_one_project_deletes_no_customer_and_no_shared_article(nord, calling):
    """What refers to them may lie in a project that the key does not see."""
    groups = (await nord.get("/ProductGroups")).json["data"]
    await nord.post("/Items", {**ITEM, "productGroup": groups[0]["key"]})
    second = calling("nord", project="zweit", scopes=OF_A_PROJECT)

    customer = await second.delete("/Customers/K-2")
    article = await second.delete("/Items/A-77")

    assert (customer.status, customer.json["errorKey"]) == (403, "forbidden")
    assert (article.status, article.json["errorKey"]) == (403, "forbidden")

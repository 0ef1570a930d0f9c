"""Open items of another system through the REST door, on both databases (P54)."""

from faktura.domain.api_keys import Scope

ITEM = {
    "number": "ALT-17",
    "issuedOn": "2026-08-15",
    "dueOn": "2026-09-14",
    "amount": "119.00",
    "text": "Wartung",
}


async def test_an_item_is_taken_over_and_stands_on_the_account(nord):
    """K-5 has nothing yet: afterwards they owe 119.00."""
    answer = await nord.post("/Customers/K-5/OpeningItems", ITEM)

    assert answer.status == 201, answer.body
    assert answer.json == {"customerNumber": "K-5", "currency": "EUR", **ITEM}
    assert answer.headers["Location"] == "/api/v1/Customers/K-5/Transactions"
    (row,) = (await nord.get("/Customers/K-5/Transactions")).json["data"]
    assert (row["text"], row["amount"], row["balance"]) == (
        "Saldovortrag ALT-17",
        "119.00",
        "119.00",
    )


async def test_an_item_is_taken_over_once(nord):
    """Its number is that of one document; what is wrong is named by its field."""
    await nord.post("/Customers/K-5/OpeningItems", ITEM)

    again = await nord.post("/Customers/K-1/OpeningItems", ITEM)
    empty = await nord.post("/Customers/K-1/OpeningItems", {**ITEM, "number": "B", "amount": "0"})
    nobody = await nord.post("/Customers/K-NONE/OpeningItems", ITEM)

    assert (again.status, again.json["errorKey"], again.json["field"]) == (
        409,
        "number_taken",
        "/number",
    )
    assert (empty.status, empty.json["field"]) == (422, "/amount")
    assert nobody.status == 404


async def test_a_key_of_one_project_takes_nothing_over(calling):
    """An opening item belongs to no project."""
    second = calling("nord", project="zweit", scopes=frozenset({Scope.CUSTOMERS_WRITE}))

    answer = await second.post("/Customers/K-5/OpeningItems", ITEM)

    assert (answer.status, answer.json["errorKey"]) == (403, "forbidden")

"""Articles over REST: added, found, changed, priced (F046-F051, F114)."""

from faktura.domain.api_keys import Scope
from faktura.services.api_keys import switch_api

CATALOGUE = frozenset({Scope.CATALOGUE_WRITE})
HOSTING = {
    "articleNumber": "WEB-M",
    "name": "Web hosting",
    "productGroup": "standard",
    "project": "main",
    "unit": "MONTH",
    "supply": "SERVICE",
    "recurring": True,
    "prices": [{"unitPrice": "30.00", "validFrom": "2026-01-01"}],
    "description": "By the month",
    "htmlDescription": "<b>Fast</b>",
    "costCentre": "WEB",
}
SETUP = {
    "articleNumber": "SETUP",
    "name": "Setting up",
    "productGroup": "standard",
    "unit": "HOUR",
    "supply": "SERVICE",
}


def numbers(answered) -> list[str]:
    """The article numbers of a page."""
    return [item["articleNumber"] for item in answered.json["data"]]


async def test_an_article_is_added_with_its_prices(nord):
    """F046, F047, F049, F050."""
    created = await nord.post("/Items", HOSTING)
    found = await nord.get("/Items/WEB-M")

    assert created.status == 201
    assert created.headers["Location"] == "/api/v1/Items/WEB-M"
    assert found.json == created.json
    assert found.json == HOSTING | {
        "prices": [
            {
                "unitPrice": "30",
                "currency": "EUR",
                "validFrom": "2026-01-01",
                "validUntil": None,
                "fromQuantity": "0",
            }
        ],
        "costs": [],
        "pauseExtendsTerm": False,
        "pauseBilledLater": False,
        "pauseWholePeriodsOnly": False,
    }


async def test_articles_are_found_by_search_group_and_project(nord):
    """F049."""
    await nord.post("/Items", SETUP)
    await nord.post("/Items", HOSTING | {"project": "zweit"})

    by_name = await nord.get("/Items?search=magaz")
    by_group = await nord.get("/Items?productGroup=standard")
    by_project = await nord.get("/Items?project=zweit")
    by_both = await nord.get("/Items?search=a-&productGroup=reduced&project=main")
    by_nothing_known = await nord.get("/Items?productGroup=full")

    assert numbers(by_name) == ["A-2"]
    assert numbers(by_group) == ["A-1", "A-4", "A-5", "SETUP", "WEB-M"]
    assert numbers(by_project) == ["WEB-M"]
    assert numbers(by_both) == ["A-2"]
    assert numbers(by_nothing_known) == []


async def test_a_project_that_the_key_does_not_reach_filters_nothing_but_is_not_found(calling):
    of_one = calling("nord", project="zweit", scopes=CATALOGUE)

    answered = await of_one.get("/Items?project=main")

    assert (answered.status, answered.json["field"]) == (404, "project")


async def test_articles_come_by_number_a_page_at_a_time(nord):
    first = await nord.get("/Items?limit=4")
    second = await nord.get(f"/Items?limit=4&cursor={first.json['nextCursor']}")

    assert numbers(first) == ["A-1", "A-2", "A-3", "A-4"]
    assert numbers(second) == ["A-5", "A-6"]
    assert second.json["nextCursor"] is None


async def test_a_key_of_one_project_sees_its_articles_and_those_of_every_project(nord, calling):
    """F049, F114."""
    of_one = calling("nord", project="zweit", scopes=CATALOGUE)
    await nord.post("/Items", SETUP)

    listed = await of_one.get("/Items")
    hidden = await of_one.get("/Items/A-1")

    assert numbers(listed) == ["SETUP"]
    assert (hidden.status, hidden.json["errorKey"]) == (404, "not_found")


async def test_a_key_of_one_project_adds_articles_to_that_project_alone(calling):
    """F049, F114."""
    of_one = calling("nord", project="zweit", scopes=CATALOGUE)

    own = await of_one.post("/Items", HOSTING | {"project": "zweit"})
    others = await of_one.post("/Items", HOSTING | {"project": "main", "articleNumber": "W-2"})
    shared = await of_one.post("/Items", SETUP)

    assert own.status == 201
    assert (others.status, others.json["field"]) == (422, "/project")
    assert (shared.status, shared.json["field"]) == (422, "/project")


async def test_an_article_that_every_project_sells_is_changed_only_by_a_key_for_all(nord, calling):
    """F049."""
    of_one = calling("nord", project="main", scopes=CATALOGUE)
    await nord.post("/Items", SETUP)

    by_one = await of_one.patch("/Items/SETUP", {"name": "Einrichtung"})
    prices_by_one = await of_one.post("/Items/SETUP/Prices", {"prices": [{"unitPrice": "1"}]})
    by_all = await nord.patch("/Items/SETUP", {"name": "Einrichtung"})

    assert (by_one.status, by_one.json["errorKey"]) == (403, "forbidden")
    assert (prices_by_one.status, prices_by_one.json["errorKey"]) == (403, "forbidden")
    assert (by_all.status, by_all.json["name"]) == (200, "Einrichtung")


async def test_articles_of_a_project_that_is_switched_off_are_out_of_reach(nord, app):
    """F114."""
    with app.database.write(app.tenant_id("nord")) as tx:
        switch_api(tx, "main", on=False)

    read = await nord.get("/Items/A-1")
    changed = await nord.patch("/Items/A-1", {"name": "Abo"})
    added = await nord.post("/Items", HOSTING)

    assert (read.status, changed.status) == (404, 404)
    assert (added.status, added.json["field"]) == (422, "/project")


async def test_texts_of_an_article_change_and_what_is_not_named_stays(nord):
    """F050; JSON merge patch (RFC 7396)."""
    before = await nord.post("/Items", HOSTING)

    changed = await nord.patch(
        "/Items/WEB-M", {"name": "Webhosting", "htmlDescription": None, "costCentre": "K2"}
    )

    expected = {"name": "Webhosting", "htmlDescription": "", "costCentre": "K2"}
    assert changed.status == 200
    assert changed.json == before.json | expected
    assert (await nord.get("/Items/WEB-M")).json == changed.json


async def test_a_change_of_a_state_that_was_not_seen_is_refused(nord):
    seen = await nord.get("/Items/A-1")
    first = await nord.patch("/Items/A-1", {"name": "Abo"}, If_Match=seen.headers["ETag"])
    second = await nord.patch("/Items/A-1", {"name": "Abonnement"}, If_Match=seen.headers["ETag"])

    assert (first.status, first.json["name"]) == (200, "Abo")
    assert (second.status, second.json["errorKey"]) == (412, "precondition_failed")
    assert (await nord.get("/Items/A-1")).headers["ETag"] == first.headers["ETag"]


async def test_what_an_article_is_billed_by_never_changes(nord):
    refused = await nord.patch("/Items/A-1", {"unit": "YEAR"})

    assert (refused.status, refused.json["errorKey"]) == (400, "field_unknown")
    assert refused.json["field"] == "/unit"


async def test_new_prices_stand_behind_those_that_there_are(nord):
    """F047."""
    new = {"prices": [{"unitPrice": "33.00", "validFrom": "2027-01-01", "fromQuantity": "10"}]}

    added = await nord.post("/Items/A-1/Prices", new)

    assert added.status == 201
    assert added.headers["Location"] == "/api/v1/Items/A-1"
    assert [(one["unitPrice"], one["fromQuantity"]) for one in added.json["prices"]] == [
        ("30", "0"),
        ("33", "10"),
    ]
    assert (await nord.get("/Items/A-1")).json == added.json


async def test_prices_sent_twice_under_one_idempotency_key_are_added_once(nord):
    new = {"prices": [{"unitPrice": "33.00", "validFrom": "2027-01-01"}]}

    first = await nord.post("/Items/A-1/Prices", new, Idempotency_Key="p-1")
    second = await nord.post("/Items/A-1/Prices", new, Idempotency_Key="p-1")

    assert (first.status, second.status) == (201, 201)
    assert second.body == first.body
    assert len((await nord.get("/Items/A-1")).json["prices"]) == 2


async def test_a_price_that_would_be_valid_like_another_one_is_refused(nord):
    same = {"prices": [{"unitPrice": "1", "validFrom": "2020-01-01"}]}

    refused = await nord.post("/Items/A-1/Prices", same)

    assert (refused.status, refused.json["errorKey"]) == (422, "field_invalid")
    assert refused.json["field"] == "/prices/0"


async def test_a_price_is_text_because_a_json_number_is_not_exact(nord):
    refused = await nord.post("/Items/A-1/Prices", {"prices": [{"unitPrice": 30}]})

    assert (refused.status, refused.json["field"]) == (400, "/prices/0/unitPrice")


async def test_prices_of_an_article_that_does_not_exist_are_not_found(nord):
    refused = await nord.post("/Items/A-9/Prices", {"prices": [{"unitPrice": "1"}]})

    assert (refused.status, refused.json["errorKey"]) == (404, "not_found")


async def test_every_error_of_an_article_is_told_at_once(nord):
    wrong = HOSTING | {"productGroup": "full", "project": "nowhere"}

    refused = await nord.post("/Items", wrong)

    assert refused.status == 422
    assert [one["field"] for one in refused.json["errors"]] == ["/productGroup", "/project"]


async def test_to_read_the_catalogue_is_not_to_write_it(calling):
    reader = calling("nord", scopes=frozenset({Scope.CATALOGUE_READ}))
    stranger = calling("nord", scopes=frozenset({Scope.CUSTOMERS_WRITE}))

    read, written = await reader.get("/Items"), await reader.post("/Items", SETUP)
    foreign = await stranger.get("/Items")

    assert read.status == 200
    assert (written.status, written.json["errorKey"]) == (403, "scope_missing")
    assert (foreign.status, foreign.json["errorKey"]) == (403, "scope_missing")


async def test_tenants_do_not_know_each_others_catalogue(nord, sued):
    await nord.post("/Items", HOSTING)

    unseen = await sued.get("/Items/WEB-M")
    same_number = await sued.post("/Items", HOSTING | {"name": "Anderes"})

    assert unseen.status == 404
    assert same_number.status == 201
    assert (await nord.get("/Items/WEB-M")).json["name"] == "Web hosting"

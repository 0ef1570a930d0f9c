"""The catalogue over REST without its articles: projects, tax groups, product groups (F045, F114)."""

from faktura.domain.api_keys import Scope
from faktura.services.api_keys import switch_api

CATALOGUE = frozenset({Scope.CATALOGUE_WRITE})


async def test_a_key_lists_the_projects_that_it_reaches(nord, calling):
    """F114."""
    of_one = calling("nord", project="zweit", scopes=CATALOGUE)

    all_of_them, one, page = (
        await nord.get("/Projects"),
        await of_one.get("/Projects"),
        await nord.get("/Projects?limit=1"),
    )

    assert all_of_them.json == {
        "data": [
            {"key": "main", "name": "Main", "apiEnabled": True},
            {"key": "zweit", "name": "Zweites", "apiEnabled": True},
        ],
        "nextCursor": None,
    }
    assert [project["key"] for project in one.json["data"]] == ["zweit"]
    rest = await nord.get(f"/Projects?limit=1&cursor={page.json['nextCursor']}")
    assert [project["key"] for project in rest.json["data"]] == ["zweit"]


async def test_a_new_project_says_that_no_key_reaches_it_until_it_is_switched_on(nord, app):
    """F114: a key for all projects sees it, and nothing that is in it."""
    created = await nord.post("/Projects", {"key": "neu", "name": "Neues"})
    before = await nord.get("/Projects/neu")
    with app.database.write(app.tenant_id("nord")) as tx:
        switch_api(tx, "neu", on=True)
    after = await nord.get("/Projects/neu")

    assert created.status == 201
    assert created.headers["Location"] == "/api/v1/Projects/neu"
    assert created.json == {"key": "neu", "name": "Neues", "apiEnabled": False}
    assert (before.status, before.json) == (200, created.json)
    assert after.json == {"key": "neu", "name": "Neues", "apiEnabled": True}


async def test_a_key_of_one_project_adds_no_other_one(calling):
    of_one = calling("nord", project="main", scopes=CATALOGUE)

    refused = await of_one.post("/Projects", {"key": "neu", "name": "Neues"})

    assert (refused.status, refused.json["errorKey"]) == (403, "forbidden")


async def test_a_taken_key_is_a_conflict_that_names_the_field(nord):
    refused = await nord.post("/Projects", {"key": "main", "name": "Noch eins"})

    assert (refused.status, refused.json["errorKey"]) == (409, "number_taken")
    assert refused.json["field"] == "/key"


async def test_a_tax_group_is_added_and_found_by_its_key(nord):
    """F045."""
    given = {
        "key": "dated",
        "case": "STANDARD",
        "rates": [
            {"validFrom": "2020-07-01", "rate": "16"},
            {"validFrom": "2021-01-01", "rate": "19.0"},
        ],
    }

    created = await nord.post("/TaxGroups", given)
    found = await nord.get("/TaxGroups/dated")
    listed = await nord.get("/TaxGroups")

    assert created.status == 201
    assert created.headers["Location"] == "/api/v1/TaxGroups/dated"
    assert found.json == created.json
    assert found.json == {
        "key": "dated",
        "case": "STANDARD",
        "rates": [
            {"validFrom": "2020-07-01", "rate": "16"},
            {"validFrom": "2021-01-01", "rate": "19"},
        ],
        "reason": "",
        "reasonCode": "",
    }
    keys = [group["key"] for group in listed.json["data"]]
    assert keys == ["dated", "exempt", "odd", "reduced", "standard"]


async def test_an_exemption_without_its_reason_is_refused(nord):
    """§ 14 Abs. 4 Nr. 8 UStG."""
    refused = await nord.post("/TaxGroups", {"key": "frei", "case": "EXEMPT"})

    assert (refused.status, refused.json["errorKey"]) == (422, "field_missing")
    assert refused.json["field"] == "/reason"


async def test_a_product_group_is_added_and_found_by_its_key(nord):
    """F045, F049."""
    given = {"key": "hosting", "name": "Hosting", "taxGroup": "standard", "revenueAccount": "8400"}

    created = await nord.post("/ProductGroups", given)
    found = await nord.get("/ProductGroups/hosting")
    listed = await nord.get("/ProductGroups?limit=2")

    assert created.status == 201
    assert created.headers["Location"] == "/api/v1/ProductGroups/hosting"
    assert found.json == created.json == given
    assert [group["key"] for group in listed.json["data"]] == ["exempt", "hosting"]
    assert listed.json["nextCursor"] is not None


async def test_a_product_group_names_a_tax_group_that_exists(nord):
    given = {"key": "hosting", "name": "Hosting", "taxGroup": "full"}

    refused = await nord.post("/ProductGroups", given)

    assert (refused.status, refused.json["field"]) == (422, "/taxGroup")
    assert refused.json["mend"] == "Known: exempt, odd, reduced, standard"


async def test_what_no_group_is_called_is_not_found(nord):
    answers = [await nord.get("/TaxGroups/full"), await nord.get("/ProductGroups/full")]

    assert [(one.status, one.json["errorKey"]) for one in answers] == [(404, "not_found")] * 2

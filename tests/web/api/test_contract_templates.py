"""Contract templates and commission rules through the REST door, on both databases (F014, F079)."""

import pytest

from faktura.domain.api_keys import Scope

TEMPLATE = {
    "key": "starter",
    "name": "Starter",
    "project": "main",
    "billingInterval": {"unit": "MONTH"},
    "subscriptions": [
        {
            "freePeriod": {"unit": "MONTH"},
            "items": [{"articleNumber": "A-1", "quantity": "2.50"}],
        }
    ],
}
USE = {"start": "2026-11-15", "activate": True}


@pytest.fixture
async def starter(nord):
    """The template, as it was answered."""
    answer = await nord.post("/ContractTemplates", TEMPLATE)
    assert answer.status == 201, answer.body
    return answer


async def test_a_template_is_kept_and_read_with_its_defaults(nord, starter):
    """F015: billing in advance is the default of templates too."""
    answer = await nord.get("/ContractTemplates/starter")

    assert starter.headers["Location"] == "/api/v1/ContractTemplates/starter"
    assert answer.json == starter.json
    assert (answer.json["billInAdvance"], answer.json["project"]) == (True, "main")
    assert answer.json["subscriptions"][0]["freePeriod"] == {"count": 1, "unit": "MONTH"}
    assert answer.json["subscriptions"][0]["items"][0]["quantity"] == "2.50"
    assert (await nord.get("/ContractTemplates")).json["data"] == [answer.json]


async def test_a_contract_is_made_from_a_template(nord, starter):
    """F014: by the template, or by the customer; both answer the new contract."""
    by_template = await nord.post(
        "/ContractTemplates/starter/Contracts", {**USE, "customerNumber": "K-1"}
    )
    by_customer = await nord.post("/Customers/K-2/Contracts", {**USE, "template": "starter"})

    for answer, customer in ((by_template, "K-1"), (by_customer, "K-2")):
        number = answer.json["contractNumber"]
        assert (answer.status, answer.json["state"]) == (201, "ACTIVE")
        assert answer.json["customerNumber"] == customer
        assert answer.headers["Location"] == f"/api/v1/Contracts/{number}"
        assert answer.json == (await nord.get(f"/Contracts/{number}")).json
        # A month is free: the first paid day is 15 December.
        (own,) = (await nord.get(f"/Contracts/{number}/Subscription")).json["subscriptions"]
        assert own["paymentStart"] == "2026-12-15"


async def test_a_change_takes_an_etag_and_never_reaches_contracts(nord, starter):
    """F014: the contract and its subscription are answered byte by byte as before."""
    made = await nord.post("/Customers/K-1/Contracts", {**USE, "template": "starter"})
    paths = [made.headers["Location"].removeprefix("/api/v1")]
    paths.append(f"{paths[0]}/Subscription")
    before = [(await nord.get(path)).body for path in paths]
    tag = (await nord.get("/ContractTemplates/starter")).headers["ETag"]

    changed = await nord.patch(
        "/ContractTemplates/starter",
        {
            "name": "Neu",
            "billInAdvance": False,
            "subscriptions": [{"items": [{"articleNumber": "A-2", "quantity": "1"}]}],
        },
        If_Match=tag,
    )
    late = await nord.patch("/ContractTemplates/starter", {"name": "Zu spät"}, If_Match=tag)

    assert (changed.status, changed.json["name"]) == (200, "Neu")
    assert (late.status, late.json["errorKey"]) == (412, "precondition_failed")
    assert [(await nord.get(path)).body for path in paths] == before


async def test_a_template_is_removed(nord, starter):
    """What it was is answered; nothing of it is left."""
    removed = await nord.post("/ContractTemplates/starter/remove")

    assert (removed.status, removed.json) == (200, starter.json)
    assert (await nord.get("/ContractTemplates/starter")).status == 404
    assert (await nord.get("/ContractTemplates")).json["data"] == []


async def test_a_bad_template_is_refused_with_the_path_of_the_field(nord):
    """F024: an article per month in a yearly contract; a key that is fixed."""
    yearly = await nord.post(
        "/ContractTemplates",
        {**TEMPLATE, "billingInterval": {"unit": "YEAR"}, "subscriptions": [
            {"items": [{"articleNumber": "A-9", "quantity": "1"}]}
        ]},
    )  # fmt: skip
    dated = await nord.post("/ContractTemplates", {**TEMPLATE, "start": "2026-01-01"})

    assert (yearly.status, yearly.json["field"]) == (
        422,
        "/subscriptions/0/items/0/articleNumber",
    )
    assert (dated.status, dated.json["field"]) == (400, "/start")
    await nord.post("/ContractTemplates", TEMPLATE)
    fixed = await nord.patch("/ContractTemplates/starter", {"key": "other"})
    assert (fixed.status, fixed.json["field"]) == (400, "/key")


async def test_a_key_of_one_project_reaches_its_templates_and_those_of_none(calling, nord):
    """F049, F114: others do not exist; what is for every project it may use, not change."""
    await nord.post("/ContractTemplates", TEMPLATE)
    every = {"name": "Everywhere", "billingInterval": {"unit": "MONTH"}}
    shared = await nord.post("/ContractTemplates", {**every, "key": "every"})
    assert shared.status == 201, shared.body

    scopes = frozenset({Scope.CONTRACTS_READ, Scope.CONTRACTS_WRITE})
    second = calling("nord", project="zweit", scopes=scopes)

    listed = (await second.get("/ContractTemplates")).json["data"]
    assert [one["key"] for one in listed] == ["every"]
    assert (await second.get("/ContractTemplates/starter")).status == 404
    assert (
        await second.post("/Customers/K-1/Contracts", {**USE, "template": "starter"})
    ).status == 404
    assert (await second.patch("/ContractTemplates/every", {"name": "Mein"})).status == 403
    assert (await second.post("/ContractTemplates", {**every, "key": "own"})).status == 403
    assert (await second.post("/ContractTemplates", {**TEMPLATE, "key": "own"})).status == 422
    assert (
        await second.post("/ContractTemplates", {**every, "key": "own", "project": "zweit"})
    ).status == 201
    made = await second.post("/Customers/K-1/Contracts", {**USE, "template": "every"})
    assert (made.status, made.json["project"]) == (201, "zweit")


async def test_a_template_of_another_tenant_makes_no_contract(nord, sued):
    """P35: the key is that of nobody here."""
    await sued.post("/ContractTemplates", TEMPLATE)

    made = await nord.post("/Customers/K-1/Contracts", {**USE, "template": "starter"})

    assert (made.status, made.json["errorKey"]) == (404, "not_found")
    assert (await nord.get("/ContractTemplates")).json["data"] == []


async def test_commission_rules_are_given_changed_and_shown(nord):
    """F079, F080."""
    rule = {"partnerNumber": "K-2", "percent": "5.00", "due": "INVOICE"}
    contract = {
        "contractNumber": "V-C",
        "customerNumber": "K-1",
        "project": "main",
        "start": "2026-11-01",
        "billingInterval": {"unit": "MONTH"},
        "commissionRules": [rule],
    }

    made = await nord.post("/Contracts", contract)
    changed = await nord.patch(
        "/Contracts/V-C", {"commissionRules": [{**rule, "articleNumber": "A-1"}]}
    )
    refused = await nord.patch(
        "/Contracts/V-C", {"commissionRules": [{**rule, "partnerNumber": "K-1"}]}
    )

    assert made.json["commissionRules"] == [
        {"partnerNumber": "K-2", "articleNumber": None, "percent": "5", "due": "INVOICE"}
    ]
    assert changed.json["commissionRules"][0]["articleNumber"] == "A-1"
    assert (refused.status, refused.json["field"]) == (422, "/commissionRules/0/partnerNumber")

"""Changes of mind through the REST door: what they bill and credit, and what they would (F068-F075)."""

from faktura.domain.api_keys import Scope

TWO_TO_THREE = {
    "date": "2026-10-11",
    "items": [{"currentArticleNumber": "A-1", "quantity": "3"}],
}


async def test_a_small_upgrade_answers_with_its_documents(nord):
    """RE-000001 bills October 2026 with 2 x 30.00; from 11.10. three: 10/31 of 60, 21/31 of 90."""
    answer = await nord.post("/Contracts/V-1/smallUpgrade", TWO_TO_THREE)

    assert answer.status == 200, answer.body
    correction, invoice = answer.json["documents"]
    assert (correction["kind"], correction["corrects"], correction["net"]) == (
        "CORRECTION",
        ["RE-000001"],
        "-60.00",
    )
    assert (invoice["kind"], invoice["net"]) == ("INVOICE", "80.32")
    assert answer.json["successor"] is None
    lines = (await nord.get(f"/Invoices/{invoice['number']}")).json["lines"]
    assert [line["net"] for line in lines] == ["19.35", "60.97"]
    history = (await nord.get("/Contracts/V-1/History")).json["data"]
    assert history[-1]["type"] == "CONTRACT_UPGRADED"


async def test_a_large_upgrade_links_both_contracts(nord):
    """F022: each names the other; the old one ends on the day."""
    answer = await nord.post(
        "/Contracts/V-1/largeUpgrade",
        {
            "date": "2026-11-01",
            "contractNumber": "V-NEXT",
            "billingInterval": {"count": 3, "unit": "MONTH"},
            "subscriptions": [{"items": [{"articleNumber": "A-1", "quantity": "2"}]}],
        },
    )

    assert answer.status == 200, answer.body
    old, new = answer.json["contract"], answer.json["successor"]
    assert (old["state"], old["end"], old["successorNumber"]) == (
        "TERMINATED",
        "2026-11-01",
        "V-NEXT",
    )
    assert (new["state"], new["start"], new["predecessorNumber"]) == (
        "ACTIVE",
        "2026-11-01",
        "V-1",
    )
    assert answer.json["documents"] == []


async def test_a_cycle_is_aligned(nord):
    """F029: October is taken back; 15/31 to the 15th, and the period from the 16th on whole."""
    answer = await nord.post(
        "/Contracts/V-2/alignCycle",
        {"startOfNewServicePeriod": "2026-10-16", "text": "Umstellung"},
    )

    assert answer.status == 200, answer.body
    assert [one["net"] for one in answer.json["documents"]] == ["-30.00", "44.52"]
    assert answer.json["contract"]["billingAnchor"] == "2026-10-16"


async def test_a_termination_to_the_day_credits_the_rest(nord):
    """F013: the contract ends with 20.10.; 20/31 of 30.00 stays."""
    answer = await nord.post(
        "/Contracts/V-2/terminate",
        {"end": "2026-10-21", "toTheDay": True, "extraordinary": True, "reason": "Umzug"},
    )

    assert answer.status == 200, answer.body
    assert [one["net"] for one in answer.json["documents"]] == ["-30.00", "19.35"]
    assert answer.json["contract"]["state"] == "TERMINATED"


async def test_what_if_writes_nothing(nord):
    """O11: documents, postings and the difference, 80.32 + 15.26 - 71.40; then it is as it was."""
    before = (await nord.get("/Invoices")).json

    answer = await nord.post("/Contracts/V-1/whatIf", {"changes": [{"smallUpgrade": TWO_TO_THREE}]})

    assert answer.status == 200, answer.body
    assert answer.json["difference"] == "24.18"
    assert [one["net"] for one in answer.json["documents"]] == ["-60.00", "80.32"]
    assert [one["kind"] for one in answer.json["postings"]] == ["CORRECTION", "INVOICE"]
    assert (await nord.get("/Invoices")).json == before


async def test_what_if_needs_one_change_a_step(nord):
    """Two in one step would have no order."""
    answer = await nord.post(
        "/Contracts/V-1/whatIf",
        {"changes": [{"smallUpgrade": TWO_TO_THREE, "terminate": {}}]},
    )

    assert answer.status == 422
    assert "O11" in answer.body.decode()


async def test_an_impossible_change_names_rule_and_field(nord):
    """F070; nothing is written."""
    answer = await nord.post("/Contracts/V-1/smallUpgrade", {**TWO_TO_THREE, "date": "2020-01-01"})

    assert answer.status == 422
    assert answer.json["field"] == "/date"
    assert "F070" in answer.json["detail"]


async def test_a_draft_does_not_change_its_mind(nord):
    """F068: it is changed, or voided, as long as it is one."""
    answer = await nord.post("/Contracts/V-Z/smallUpgrade", TWO_TO_THREE)

    assert answer.status == 422
    assert answer.json["errorKey"] == "transition_refused"


async def test_a_repeated_request_changes_once(nord):
    """The answer is kept under its key: no second correction."""
    first = await nord.post("/Contracts/V-1/smallUpgrade", TWO_TO_THREE, Idempotency_Key="u-1")
    again = await nord.post("/Contracts/V-1/smallUpgrade", TWO_TO_THREE, Idempotency_Key="u-1")

    assert (first.status, again.body) == (200, first.body)
    assert len((await nord.get("/Invoices")).json["data"]) == 6


async def test_what_if_needs_a_change(nord):
    """O11: the list is not empty."""
    answer = await nord.post("/Contracts/V-1/whatIf", {"changes": []})

    assert answer.status == 422
    assert answer.json["field"] == "/changes"


async def test_what_if_tries_no_price_of_an_article_that_the_key_does_not_reach(nord, calling):
    """F014: what another project sells is not there for a key of `zweit`."""
    theirs = {
        "articleNumber": "MAIN-1",
        "name": "Nur dort",
        "unit": "MONTH",
        "supply": "SERVICE",
        "productGroup": "standard",
        "project": "main",
        "recurring": True,
        "prices": [{"unitPrice": "1.00"}],
    }
    assert (await nord.post("/Items", theirs)).status == 201
    other = calling("nord", project="zweit", scopes=frozenset({Scope.CONTRACTS_READ}))

    answer = await other.post(
        "/Contracts/V-Z/whatIf",
        {"changes": [{"prices": {"articleNumber": "MAIN-1", "prices": [{"unitPrice": "2.00"}]}}]},
    )

    assert (answer.status, answer.json["field"]) == (404, "articleNumber"), answer.body

"""Billing runs through the REST door: begun, watched, looked ahead to; on both databases."""

from dataclasses import replace

from tests.web.api.world import Answered, Caller

from faktura.bootstrap import App
from faktura.domain.api_keys import Scope
from faktura.flows.billing_jobs import bill_run_job
from faktura.flows.job_context import JobContext
from faktura.store.customers import read_customer, replace_customers

ON = "2026-11-05"
MAIN = {"date": ON, "project": "main"}
NOBODY = "01890000-0000-7000-8000-000000000000"
BILLING = frozenset({Scope.BILLING_READ, Scope.BILLING_WRITE})


async def begun(caller: Caller, **body: str) -> str:
    """The id of a new run of the project main, or as the test says."""
    answered = await caller.post("/BillingRuns", body or MAIN)
    assert answered.status == 202, answered.body
    found: str = answered.json["id"]
    return found


def work(app: App, run: str, tenant: str = "nord") -> None:
    """Do what the background would do."""
    context = JobContext(app.database, app.registry, app.adapters, app.content)
    bill_run_job(context, app.tenant_id(tenant), {"run": run})


def lose_the_city(app: App, *customers: str) -> None:
    """Without a city nothing can be issued to them (§ 14 Abs. 4 UStG)."""
    with app.database.write(app.tenant_id("nord")) as tx:
        found = [read_customer(tx, number) for number in customers]
        replace_customers(
            tx, [replace(one, address=replace(one.address, city="")) for one in found]
        )


def told(answered: Answered) -> tuple[int, str, str | None]:
    """Status, error key and field of a refusal."""
    return answered.status, answered.json["errorKey"], answered.json.get("field")


async def test_a_run_is_begun_goes_on_in_the_background_and_tells_how_far_it_is(app, nord):
    """V-1, V-2, V-3, V-6 owe November, V-4 its first month from the 5th on."""
    answered = await nord.post("/BillingRuns", MAIN)

    assert answered.status == 202
    run = answered.json
    assert answered.headers["Location"] == f"/api/v1/BillingRuns/{run['id']}"
    assert run == {
        "id": run["id"],
        "date": "2026-11-05",
        "projects": ["main"],
        "customerNumber": None,
        "contractNumber": None,
        "state": "RUNNING",
        "plannedContracts": 5,
        "contracts": 0,
        "invoices": 0,
        "quarantined": 0,
        "chunks": 1,
        "chunksDone": 0,
        "startedAt": "2026-10-31T08:00:00.000Z",
        "finishedAt": None,
    }
    assert (await nord.get(f"/BillingRuns/{run['id']}")).json == run

    work(app, run["id"])

    assert (await nord.get(f"/BillingRuns/{run['id']}")).json == {
        **run,
        "state": "DONE",
        "contracts": 5,
        "invoices": 5,
        "chunksDone": 1,
        "finishedAt": "2026-10-31T08:00:00.000Z",
    }
    issued = (await nord.get(f"/Invoices?billingRun={run['id']}")).json["data"]
    assert [(one["contractNumber"], one["gross"]) for one in issued[::-1]] == [
        *(("V-1", "71.40"), ("V-2", "35.70"), ("V-3", "10.59"), ("V-4", "35.70")),
        ("V-6", "35.70"),
    ]


async def test_a_run_that_is_not_done_is_answered_instead_of_a_second_one(app, nord):
    run = await begun(nord)

    assert await begun(nord) == run

    work(app, run)
    assert await begun(nord) != run


async def test_a_run_may_look_at_one_customer_or_one_contract_only(nord):
    one_customer = (await nord.post("/BillingRuns", {"date": ON, "customerNumber": "K-2"})).json
    one_contract = (await nord.post("/BillingRuns", {"date": ON, "contractNumber": "V-3"})).json

    assert (one_customer["customerNumber"], one_customer["plannedContracts"]) == ("K-2", 1)
    assert (one_contract["contractNumber"], one_contract["plannedContracts"]) == ("V-3", 1)
    assert one_contract["projects"] == ["main"]


async def test_runs_are_listed_newest_first_a_page_at_a_time(nord):
    ids = [await begun(nord, date=ON, contractNumber=number) for number in ("V-1", "V-2", "V-3")]

    first = (await nord.get("/BillingRuns?limit=2")).json
    second = (await nord.get(f"/BillingRuns?limit=2&cursor={first['nextCursor']}")).json

    assert [run["id"] for run in first["data"]] == [ids[2], ids[1]]
    assert [run["id"] for run in second["data"]] == [ids[0]]
    assert second["nextCursor"] is None


async def test_contracts_a_run_left_for_a_person_say_why(app, nord):
    lose_the_city(app, "K-1", "K-3")
    run = await begun(nord)
    work(app, run)

    first = (await nord.get(f"/BillingRuns/{run}/Quarantine?limit=1")).json
    path = f"/BillingRuns/{run}/Quarantine?limit=1&cursor={first['nextCursor']}"
    second = (await nord.get(path)).json

    (held,) = first["data"]
    assert "city" in f"{held.pop('errorMessage')} {held.pop('place')} {held.pop('mend')}"
    assert held == {
        "contractNumber": "V-1",
        "customerNumber": "K-1",
        "date": "2026-11-05",
        "errorKey": "finalise_refused",
        "since": "2026-10-31T08:00:00.000Z",
    }
    assert [one["contractNumber"] for one in second["data"]] == ["V-3"]
    assert second["nextCursor"] is None
    done = (await nord.get(f"/BillingRuns/{run}")).json
    assert (done["invoices"], done["quarantined"]) == (3, 2)


async def test_a_preview_shows_what_a_run_would_issue_and_keep_back_and_writes_nothing(app, nord):
    lose_the_city(app, "K-1")

    answered = await nord.post("/BillingRuns/preview", {**MAIN, "limit": 2.0})

    assert answered.status == 200
    held, ready = answered.json["data"]
    assert (held["contractNumber"], held["customerNumber"]) == ("V-1", "K-1")
    assert held["invoice"] is None
    assert "city" in held["problem"]
    assert (ready["contractNumber"], ready["problem"]) == ("V-2", None)
    assert ready["invoice"] == {
        "customerNumber": "K-2",
        "contractNumber": "V-2",
        "contractNumbers": ["V-2"],
        "issuedOn": "2026-11-05",
        "dueOn": "2026-11-19",
        "currency": "EUR",
        "net": "30.00",
        "tax": "5.70",
        "gross": "35.70",
        "lines": [
            {
                "contractNumber": "V-2",
                "articleNumber": "A-1",
                "name": "Membership",
                "from": "2026-11-01",
                "until": "2026-12-01",
                "quantity": "1",
                "unit": "MONTH",
                "price": "30",
                "priceBase": "1",
                "discount": "0.00",
                "net": "30.00",
                "taxRate": "19",
                "text": "",
            }
        ],
    }
    assert (await nord.get("/BillingRuns")).json["data"] == []


async def test_a_preview_is_read_a_page_at_a_time(nord):
    shown, cursor = [], None
    for _ in range(3):
        body = {**MAIN, "limit": 2} if cursor is None else {**MAIN, "limit": 2, "cursor": cursor}
        page = (await nord.post("/BillingRuns/preview", body)).json
        shown.append([row["contractNumber"] for row in page["data"]])
        cursor = page["nextCursor"]

    assert shown == [["V-1", "V-2"], ["V-3", "V-4"], ["V-6"]]
    assert cursor is None


async def test_a_key_of_several_projects_says_what_to_bill(nord):
    for path in ("/BillingRuns", "/BillingRuns/preview"):
        answered = await nord.post(path, {"date": ON})

        assert told(answered) == (422, "field_missing", "/project")


async def test_what_to_bill_has_to_exist(nord):
    refused = [
        told(await nord.post(path, {"date": ON, **named}))
        for path in ("/BillingRuns", "/BillingRuns/preview")
        for named in ({"project": "x"}, {"customerNumber": "K-9"}, {"contractNumber": "V-9"})
    ]

    assert [(status, key) for status, key, _ in refused] == [(404, "not_found")] * 6
    assert refused[0][2] == "/project"


async def test_no_day_more_than_two_years_ahead_is_billed_or_previewed(nord):
    for path in ("/BillingRuns", "/BillingRuns/preview"):
        answered = await nord.post(path, {**MAIN, "date": "2028-11-02"})

        assert told(answered) == (422, "out_of_range", "/date")


async def test_a_body_that_does_not_fit_is_refused_with_the_path_of_the_field(nord):
    refused = [
        told(await nord.post(path, body))
        for path in ("/BillingRuns", "/BillingRuns/preview")
        for body in ({"project": "main"}, {"date": ON, "project": 5}, {"date": ON, "day": ON})
    ]

    assert (
        refused
        == [
            (400, "field_missing", "/date"),
            (400, "field_invalid", "/project"),
            (400, "field_unknown", "/day"),
        ]
        * 2
    )


async def test_a_cursor_of_another_list_is_refused(nord):
    answered = await nord.post("/BillingRuns/preview", {**MAIN, "cursor": "bm9uZQ"})
    of_invoices = (await nord.get("/Invoices?limit=1")).json["nextCursor"]

    assert told(answered) == (422, "field_invalid", "/cursor")
    wrong = await nord.get(f"/BillingRuns?cursor={of_invoices}")
    assert told(wrong) == (422, "field_invalid", "cursor")


async def test_a_run_that_does_not_exist_or_is_another_tenants_is_not_found(nord, sued):
    own = await begun(nord)

    for caller, run in ((nord, NOBODY), (nord, "7"), (nord, NOBODY[:-1] + "-"), (sued, own)):
        for path in ("", "/Quarantine"):
            answered = await caller.get(f"/BillingRuns/{run}{path}")
            assert (answered.status, answered.json["errorKey"]) == (404, "not_found")
    assert (await sued.get("/BillingRuns")).json["data"] == []


async def test_a_key_of_one_project_bills_and_sees_that_project_only(nord, calling):
    other = calling("nord", project="zweit", scopes=BILLING)
    run = await begun(nord)

    own = (await other.post("/BillingRuns", {"date": ON})).json

    assert (own["projects"], own["plannedContracts"]) == (["zweit"], 0)
    assert [one["id"] for one in (await other.get("/BillingRuns")).json["data"]] == [own["id"]]
    assert (await other.get(f"/BillingRuns/{run}")).status == 404
    assert (await other.post("/BillingRuns", MAIN)).status == 404
    foreign = await other.post("/BillingRuns/preview", {"date": ON, "contractNumber": "V-1"})
    assert foreign.status == 404


async def test_a_key_needs_the_scope_to_bill_and_the_one_to_look(nord, calling):
    run = await begun(nord)
    reader = calling("nord", scopes=frozenset({Scope.BILLING_READ}))
    stranger = calling("nord", scopes=frozenset({Scope.INVOICES_READ}))

    assert told(await reader.post("/BillingRuns", MAIN))[:2] == (403, "scope_missing")
    assert (await reader.post("/BillingRuns/preview", MAIN)).status == 200
    for path in ("", f"/{run}", f"/{run}/Quarantine"):
        assert (await reader.get(f"/BillingRuns{path}")).status == 200
        refused = await stranger.get(f"/BillingRuns{path}")
        assert told(refused)[:2] == (403, "scope_missing")
    refused = await stranger.post("/BillingRuns/preview", MAIN)
    assert told(refused)[:2] == (403, "scope_missing")


async def test_the_name_of_an_act_is_no_id_of_a_run(nord):
    answered = await nord.get("/BillingRuns/preview")

    assert (answered.status, answered.headers["Allow"]) == (405, "POST")

"""Dunning runs through the REST door: begun, watched, looked ahead to."""

from dataclasses import replace

from tests.web.api.world import Answered

from faktura.bootstrap import App
from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.flows.dunning_jobs import run_dunning_job
from faktura.flows.job_context import JobContext
from faktura.kernel.dunning_terms import InterestRule
from faktura.store.tenants import read_tenant, update_tenant

NOBODY = "01890000-0000-7000-8000-000000000000"


def work(app: App, run: str) -> None:
    """Do what the background would do."""
    context = JobContext(app.database, app.registry, app.adapters, app.content)
    run_dunning_job(context, app.tenant_id("nord"), {"run": run})


def owe(nord, **changed: str):
    """An opening item of 119.00 EUR, due on 2 March 2026."""
    return nord.post(
        "/Customers/K-1/OpeningItems",
        {
            "number": "ALT-1",
            "issuedOn": "2026-02-02",
            "dueOn": "2026-03-02",
            "amount": "119.00",
            **changed,
        },
    )


async def test_a_run_is_begun_goes_on_in_the_background_and_tells_what_it_asked_for(app, nord):
    """One customer is overdue: one notice, and the same run again where it is asked for again."""
    assert (await owe(nord)).status == 201

    begun = await nord.post("/DunningRuns", {"date": "2026-03-12"})
    assert begun.status == 202
    work(app, begun.json["id"])
    done = await nord.get(f"/DunningRuns/{begun.json['id']}")
    again = await nord.post("/DunningRuns", {"date": "2026-03-12"})

    assert begun.headers["Location"] == f"/api/v1/DunningRuns/{begun.json['id']}"
    assert (begun.json["state"], begun.json["plannedCustomers"]) == ("RUNNING", 1)
    assert {key: done.json[key] for key in ("state", "customers", "notices", "failed")} == {
        "state": "DONE",
        "customers": 1,
        "notices": 1,
        "failed": 0,
    }
    assert done.json["sums"] == [
        {
            "currency": "EUR",
            "level": 1,
            "notices": 1,
            "open": "119.00",
            "fee": "0.00",
            "flat": "0.00",
            "interest": "0.00",
        }
    ]
    assert again.json["id"] == begun.json["id"]
    listed = await nord.get("/DunningRuns")
    assert [one["id"] for one in listed.json["data"]] == [begun.json["id"]]


async def test_a_preview_shows_the_notice_and_writes_nothing(app, nord):
    """The same as the run would do, with what is missing; no run is recorded."""
    assert (await owe(nord)).status == 201
    with app.database.write(app.tenant_id("nord")) as tx:
        legal = DunningPolicy((DunningLevel(days=1, interest=InterestRule.LEGAL),))
        update_tenant(tx, replace(read_tenant(tx), dunning=legal))

    early = await nord.post("/DunningRuns/preview", {"date": "2026-03-12"})
    late = await nord.post("/DunningRuns/preview", {"date": "2026-07-02"})

    # 119.00 EUR × 10.27 % × 10 / 365.
    assert early.json["notices"][0]["interest"] == "0.33"
    assert early.json["notices"][0]["documents"][0]["number"] == "ALT-1"
    assert late.json["notices"] == []
    assert late.json["failures"][0]["customerNumber"] == "K-1"
    assert late.json["failures"][0]["errorMessage"] == (
        "no base rate of § 247 BGB is known from 2026-07-01"
    )
    assert (await nord.get("/DunningRuns")).json["data"] == []


async def test_who_failed_is_listed_with_what_to_do(app, nord):
    """The next run tries again once that is done."""
    assert (await owe(nord)).status == 201
    with app.database.write(app.tenant_id("nord")) as tx:
        legal = DunningPolicy((DunningLevel(days=1, interest=InterestRule.LEGAL),))
        update_tenant(tx, replace(read_tenant(tx), dunning=legal))
    begun = await nord.post("/DunningRuns", {"date": "2026-07-02"})
    work(app, begun.json["id"])

    failures = await nord.get(f"/DunningRuns/{begun.json['id']}/Failures")

    (row,) = failures.json["data"]
    assert (row["customerNumber"], row["errorKey"]) == ("K-1", "field_missing")
    assert row["mend"].endswith("base-rates add 2026-07-01 PERCENT")


async def test_days_to_come_and_unknown_runs_are_refused(nord):
    """What is due then may be paid by then."""

    def told(answered: Answered) -> tuple[int, str]:
        return answered.status, answered.json["errorKey"]

    assert told(await nord.post("/DunningRuns", {"date": "2027-01-01"})) == (422, "out_of_range")
    assert told(await nord.post("/DunningRuns/preview", {"date": "2027-01-01"})) == (
        422,
        "out_of_range",
    )
    assert told(await nord.get(f"/DunningRuns/{NOBODY}")) == (404, "not_found")
    assert told(await nord.get(f"/DunningRuns/{NOBODY}/Failures")) == (404, "not_found")

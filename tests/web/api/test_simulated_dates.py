"""A sandbox's customer goes forward in time through the REST door, on both databases (O23)."""

from dataclasses import replace
from datetime import date

import pytest

from faktura.bootstrap import App
from faktura.domain.api_keys import Scope
from faktura.store.tenants import read_tenant, update_tenant

_PATH = "/Customers/K-1/SimulatedDate"


@pytest.fixture
def sandbox(app: App) -> None:
    """Nordwind is a sandbox, as if it had been created so."""
    with app.database.write(app.tenant_id("nord")) as tx:
        update_tenant(tx, replace(read_tenant(tx), sandbox=True))


@pytest.mark.usefixtures("sandbox")
async def test_a_customer_goes_forward_and_shows_it(nord):
    """What would have come by then is issued on its day; nobody else moves; taken back it stays issued."""
    before = (await nord.get("/Customers/K-1")).json

    gone = await nord.post(_PATH, {"date": "2026-12-15"})

    assert gone.status == 200, gone.body
    assert gone.json["simulatedDate"] == "2026-12-15"
    assert gone.json["quarantined"] == 0
    shown = (await nord.get("/Customers/K-1")).json
    assert (before["simulatedDate"], shown["simulatedDate"]) == (None, "2026-12-15")
    listed = (await nord.get("/Customers")).json["data"]
    assert {one["customerNumber"] for one in listed if one["simulatedDate"]} == {"K-1"}
    issued = (await nord.get("/Invoices?customerNumber=K-1")).json["data"]
    days = sorted(date.fromisoformat(one["issuedOn"]) for one in issued)
    assert len(days) >= gone.json["invoices"] > 0
    assert days[-1] == date(2026, 12, 1)
    back = await nord.delete(_PATH)
    assert (back.status, back.json["simulatedDate"]) == (200, None)
    after = (await nord.get("/Invoices?customerNumber=K-1")).json["data"]
    assert len(after) == len(issued)


@pytest.mark.usefixtures("sandbox")
async def test_going_back_is_refused_with_the_day(nord):
    """Time goes forward only."""
    await nord.post(_PATH, {"date": "2026-12-15"})

    refused = await nord.post(_PATH, {"date": "2026-12-14"})

    assert refused.status == 422
    assert refused.json["errorKey"] == "out_of_range"
    assert "2026-12-14 is before 2026-12-15" in refused.json["errorMessage"]


async def test_a_live_tenants_customers_stay_on_the_real_day(nord):
    """Nothing is issued on a day that has not come."""
    for answer in (await nord.post(_PATH, {"date": "2026-12-15"}), await nord.delete(_PATH)):
        assert (answer.status, answer.json["errorKey"]) == (422, "transition_refused")


@pytest.mark.usefixtures("sandbox")
async def test_a_key_of_one_project_may_not(calling):
    """A customer's contracts lie in any project."""
    one = calling("nord", project="main", scopes=frozenset({Scope.BILLING_WRITE}))

    assert (await one.post(_PATH, {"date": "2026-12-15"})).status == 403
    assert (await one.delete(_PATH)).status == 403


async def test_strangers_see_nothing_of_it(sued):
    """Another tenant's customer is none."""
    assert (await sued.post(_PATH, {"date": "2026-12-15"})).status in (404, 422)

"""Interim billing and collective invoices through the REST door, on both databases (F021, F053)."""

from dataclasses import replace
from datetime import date
from typing import Any

from tests.services.company import bill

from faktura.bootstrap import App
from faktura.domain.api_keys import Scope
from faktura.domain.tenants import Tenant
from faktura.services.tenants import change_tenant
from faktura.store.tenants import lock_tenant

INTERIM = "/Contracts/V-1/interimBilling"
WAITS = {"articleNumber": "A-4", "quantity": "2", "from": "2026-10-05"}
CONTRACT = {
    "customerNumber": "K-1",
    "project": "main",
    "start": "2026-11-01",
    "billingInterval": {"count": 1, "unit": "MONTH"},
    "extraTextInvoiceHeader": "Guten Tag",
    "subscriptions": [{"items": [{"articleNumber": "A-2", "quantity": "1"}]}],
    "activate": True,
}


async def test_what_waits_is_billed_at_once(nord):
    """F001, F021: 2 x 250.00 = 500.00, VAT 95.00; V-1 is due again on 1 November."""
    calm = (await nord.get("/Contracts/V-1")).json["unbilledServices"]
    await nord.post("/Contracts/V-1/Activities", WAITS)
    told = (await nord.get("/Contracts/V-1")).json["unbilledServices"]

    answer = await nord.post(INTERIM, {})
    again = await nord.post(INTERIM, {})

    newest = (await nord.get("/Invoices?limit=1")).json["data"][0]["number"]
    assert (answer.status, answer.json) == (
        200,
        {
            "contractNumber": "V-1",
            "nothingDue": False,
            "documents": [
                {
                    "number": newest,
                    "kind": "INVOICE",
                    "corrects": [],
                    "issuedOn": "2026-10-31",
                    "dueOn": "2026-11-14",
                    "currency": "EUR",
                    "net": "500.00",
                    "tax": "95.00",
                    "gross": "595.00",
                }
            ],
            "nextDueOn": "2026-11-01",
        },
    )
    assert (again.status, again.json["nothingDue"], again.json["documents"]) == (200, True, [])
    after = (await nord.get("/Contracts/V-1")).json["unbilledServices"]
    listed = (await nord.get("/Contracts?limit=200")).json["data"]
    assert (calm, told, after) == (False, True, False)
    assert {one["contractNumber"] for one in listed if one["unbilledServices"]} == set()


async def test_a_day_ahead_is_billed_and_a_slip_of_the_year_is_not(nord):
    """November of V-1 is 60.00 + 11.40; 2126 would bill a century."""
    ahead = await nord.post(INTERIM, {"date": "2026-11-01"})
    slip = await nord.post(INTERIM, {"date": "2126-11-01"})

    assert [one["gross"] for one in ahead.json["documents"]] == ["71.40"]
    assert ahead.json["nextDueOn"] == "2026-12-01"
    assert (slip.status, slip.json["errorKey"]) == (422, "out_of_range")


async def test_a_repeated_request_is_answered_alike(nord):
    """One invoice, however often the network makes it be asked for."""
    before = (await nord.get("/Invoices")).json["data"]
    answers = [
        await nord.post(INTERIM, {"date": "2026-11-01"}, Idempotency_Key="november")
        for _ in range(2)
    ]

    assert answers[0].json == answers[1].json
    assert (await nord.get("/Invoices")).json["data"][1:] == before


async def test_it_takes_the_right_to_bill_and_a_contract_that_runs(nord, calling):
    """Reading is not billing; V-Z is a draft (F005)."""
    reader = calling("nord", scopes=frozenset({Scope.CONTRACTS_WRITE, Scope.BILLING_READ}))

    assert (await reader.post(INTERIM, {})).status == 403
    draft = await nord.post("/Contracts/V-Z/interimBilling", {})
    assert (draft.status, draft.json["errorKey"]) == (422, "transition_refused")
    assert "F005" in draft.json["errorMessage"]


def joining(app: App) -> Tenant:
    """Nordwind with collective invoices."""
    with app.database.write(app.tenant_id("nord")) as tx:
        return change_tenant_of(tx)


def change_tenant_of(tx: Any) -> Tenant:
    """The tenant, changed."""
    changed = replace(lock_tenant(tx), collective_invoices=True)
    change_tenant(tx, changed)
    return changed


async def test_contracts_of_a_customer_share_an_invoice(app, nord, calling):
    """F053: 60.00 at 19 % and 9.90 at 7 %: 11.40 + 0.69 VAT, 81.99; shown before, then made."""
    new = (await nord.post("/Contracts", CONTRACT)).json["contractNumber"]
    tenant = joining(app)
    wanted = {"date": "2026-11-01", "customerNumber": "K-1"}

    (seen,) = (await nord.post("/BillingRuns/preview", wanted)).json["data"]
    own = (await nord.post("/Contracts/V-1/preview", {"date": "2026-11-01"})).json["invoices"]
    bill(app.database, tenant, date(2026, 11, 1))

    assert (seen["contractNumber"], seen["problem"]) == (None, None)
    assert seen["invoice"]["contractNumbers"] == [new, "V-1"]
    assert [line["contractNumber"] for line in seen["invoice"]["lines"]] == [new, "V-1"]
    assert (seen["invoice"]["tax"], seen["invoice"]["gross"]) == ("12.09", "81.99")
    assert own == [seen["invoice"]]
    (row,) = (await nord.get("/Invoices?contractNumber=V-1&issuedFrom=2026-11-01")).json["data"]
    assert (row["contractNumber"], row["contractNumbers"]) == (None, [new, "V-1"])
    whole = (await nord.get(f"/Invoices/{row['number']}")).json
    assert (whole["gross"], whole["project"]) == ("81.99", "main")
    assert whole["contractNumbers"] == [new, "V-1"]
    file = await nord.get(f"/Invoices/{row['number']}/Document/file?format=xrechnung-cii")
    assert file.status == 200, file.body
    assert f"Vertrag {new}: Guten Tag".encode() in file.body
    other = calling("nord", project="zweit", scopes=frozenset({Scope.INVOICES_READ}))
    assert (await other.get(f"/Invoices/{row['number']}")).status == 404
    assert (await other.get("/Invoices")).json["data"] == []

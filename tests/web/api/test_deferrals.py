"""Deferred revenue through the REST door, on both databases (F108)."""

from dataclasses import replace

import pytest
from tests.services.accounting.paper import Paper

from faktura.domain.api_keys import Scope
from faktura.domain.deferral import DeferralPolicy
from faktura.hub.registry import Offer
from faktura.kernel.accounting_terms import DeferralMethod
from faktura.services.deferral_policy import set_deferral

MACHINE = {"articleNumber": "A-4", "quantity": "1", "unitPrice": "1000.00"}
YEAR = {"positions": [MACHINE], "serviceFrom": "2026-10-15", "serviceUntil": "2027-10-15"}
AT = "at=2026-12-31"


@pytest.fixture
async def deferred(app, nord):
    """The numbers of two invoices of 1,190.00 for 15.10.2026 to 14.10.2027, both unpaid.

    A deposit for the same year is no revenue.
    """
    with app.database.write(app.tenant("nord").id) as tx:
        set_deferral(tx, DeferralPolicy(DeferralMethod.DAY), by="mia")
    deposit = {**YEAR, "positions": [{"articleNumber": "A-4", "net": "1000.00"}]}
    assert (await nord.post("/Contracts/V-1/Deposits", deposit)).status == 201
    numbers = []
    for contract in ("V-1", "V-2"):
        made = await nord.post(f"/Contracts/{contract}/FinalInvoice", {**YEAR, "deposits": []})
        assert made.status == 201, made.body
        numbers.append(made.json["number"])
    return numbers


async def test_what_is_deferred_at_a_day_is_listed(nord, deferred):
    """17 of 365 days are October: 46.58; then 82.19 and 84.93 are released."""
    found = (await nord.get(f"/Deferrals?{AT}")).json

    assert [one["number"] for one in found["data"]] == deferred
    assert found["nextCursor"] is None
    assert {**found["data"][0], "customerName": ""} == {
        "number": deferred[0],
        "kind": "FINAL",
        "customerNumber": "K-1",
        "customerName": "",
        "issuedOn": "2026-10-31",
        "currency": "EUR",
        "deferred": "953.42",
        "released": "167.12",
        "open": "786.30",
        "until": "2027-10-31",
    }


async def test_lists_are_narrowed_and_go_on(nord, deferred):
    """A page of one; of one customer; today is 31 October, when October is over."""
    first = (await nord.get(f"/Deferrals?{AT}&limit=1")).json
    second = (await nord.get(f"/Deferrals?{AT}&limit=1&cursor={first['nextCursor']}")).json
    of_one = (await nord.get("/Deferrals?customerNumber=K-2")).json["data"]

    assert [one["data"][0]["number"] for one in (first, second)] == deferred
    assert second["nextCursor"] is None
    assert [(one["number"], one["open"]) for one in of_one] == [(deferred[1], "953.42")]


async def test_deferrals_of_unpaid_invoices_are_listed(nord, deferred):
    """All of 786.30 was never received."""
    found = (await nord.get(f"/Deferrals/unpaid?{AT}&customerNumber=K-1")).json["data"]

    assert [(one["number"], one["unpaid"], one["notReceived"]) for one in found] == [
        (deferred[0], "1190.00", "786.30")
    ]


async def test_an_export_says_which_are_not_posted_yet(app, nord, deferred, monkeypatch):
    """Both of October, which is over on its last day only; nobody asks where they are left out."""
    registry = replace(app.registry, exporters={"paper": Offer("paper", "paper", Paper)})
    monkeypatch.setattr(app.adapters, "_registry", registry)
    days = {"target": "paper", "from": "2026-10-01", "until": "2026-10-30"}

    early = await nord.post("/AccountingExports", days)
    without = {**days, "until": "2026-10-31", "deferrals": False}
    told = [
        (await nord.post("/AccountingExports", {**without, **more})).json["deferralsDue"]
        for more in ({}, {"deferrals": True})
    ]

    assert (early.status, early.json["deferralsDue"], told) == (200, 0, [0, 2])


async def test_reading_them_needs_the_scope_of_the_books(calling, sued, deferred):
    """And nobody sees those of another tenant."""
    reader = calling("nord", scopes=frozenset({Scope.INVOICES_READ}))

    assert (await reader.get("/Deferrals")).status == 403
    assert (await sued.get(f"/Deferrals?{AT}")).json["data"] == []

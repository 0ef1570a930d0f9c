"""Accounting exports through the REST door: made, listed, read, taken back; on both databases."""

from dataclasses import replace

import pytest
from tests.services.accounting.paper import Paper

from faktura.domain.api_keys import Scope
from faktura.hub.registry import Offer
from faktura.kernel.accounting_terms import BatchState
from faktura.store.exports import set_state

OCTOBER = {"target": "paper", "from": "2026-10-01", "until": "2026-10-31"}
WRITE = frozenset({Scope.ACCOUNTING_WRITE})


@pytest.fixture(autouse=True)
def exporting(app, monkeypatch):
    """The application offers an exporter."""
    offer = Offer("paper", "paper", Paper)
    registry = replace(app.registry, exporters={"paper": offer})
    monkeypatch.setattr(app.adapters, "_registry", registry)


async def test_an_export_is_made_once_and_its_files_can_be_read(nord):
    """Four invoices and two payments; the second time nothing is left."""
    made = await nord.post("/AccountingExports", OCTOBER)

    assert made.status == 200, made.body
    export = made.json["export"]
    debtors, october = export.pop("files")
    assert export == {
        "target": "paper",
        "number": 1,
        "start": "2026-10-01",
        "end": "2026-10-31",
        "state": "MADE",
        "entries": 6,
        "payments": True,
        "corrections": True,
        "deferrals": True,
        "debtors": True,
        "createdAt": "2026-10-31T08:00:00.000Z",
        "voidReason": None,
        "voidedAt": None,
    }
    assert {key: made.json[key] for key in ("drafts", "missing", "late", "deferralsDue")} == {
        "drafts": 0, "missing": [], "late": 0, "deferralsDue": 0,
    }  # fmt: skip
    assert (debtors["number"], debtors["name"], debtors["rows"]) == (1, "debtors.txt", 4)
    assert (october["number"], october["name"], october["rows"]) == (2, "202610.txt", 6)

    file = await nord.get("/AccountingExports/paper/1/Files/2")
    assert file.status == 200
    assert file.headers["Content-Disposition"] == 'attachment; filename="202610.txt"'
    assert len(file.body) == october["size"]
    assert file.body.startswith(b"1 inv:RE-000001 ")
    one = (await nord.get("/AccountingExports/paper/1")).json
    assert one == {**export, "files": [debtors, october]}

    again = await nord.post("/AccountingExports", OCTOBER)
    assert (again.status, again.json["export"]) == (200, None)


async def test_a_repeated_request_is_answered_as_the_first_time(nord):
    """By its Idempotency-Key."""
    first = await nord.post("/AccountingExports", OCTOBER, Idempotency_Key="october")
    second = await nord.post("/AccountingExports", OCTOBER, Idempotency_Key="october")

    assert first.json["export"]["number"] == 1
    assert second.body == first.body


async def test_exports_are_listed_newest_first_a_page_at_a_time(nord, sued):
    """Options choose; a tenant sees its own."""
    invoices = {**OCTOBER, "payments": False, "debtors": False}
    for body in (invoices, OCTOBER):
        assert (await nord.post("/AccountingExports", body)).status == 200

    first = (await nord.get("/AccountingExports?limit=1&target=paper")).json
    second = (await nord.get(f"/AccountingExports?limit=1&cursor={first['nextCursor']}")).json

    assert [(one["number"], one["entries"]) for one in first["data"]] == [(2, 2)]
    assert [(one["number"], one["entries"]) for one in second["data"]] == [(1, 4)]
    assert [file["name"] for file in second["data"][0]["files"]] == ["202610.txt"]
    assert second["nextCursor"] is None
    assert (await nord.get("/AccountingExports?target=other")).json["data"] == []
    assert (await sued.get("/AccountingExports")).json["data"] == []


async def test_a_batch_is_taken_back_with_a_reason(app, nord):
    """Once; where the other side has it only when told so."""
    await nord.post("/AccountingExports", OCTOBER)
    path = "/AccountingExports/paper/1/void"
    with app.database.write(app.tenant_id("nord")) as tx:
        set_state(tx, "paper", 1, BatchState.ACCEPTED)

    refused = await nord.post(path, {"reason": "Falsch"})
    done = await nord.post(path, {"reason": "Falsch", "handedOver": True})
    twice = await nord.post(path, {"reason": "Falsch"})
    remade = await nord.post("/AccountingExports", OCTOBER)

    assert (refused.status, refused.json["errorKey"]) == (422, "transition_refused")
    assert (done.status, done.json["freed"], done.json["handedOver"]) == (200, 6, True)
    assert (done.json["export"]["state"], done.json["export"]["voidReason"]) == ("VOIDED", "Falsch")
    assert (twice.status, twice.json["errorKey"]) == (422, "transition_refused")
    assert remade.json["export"]["number"] == 2


@pytest.mark.parametrize(
    ("change", "status", "key", "field"),
    [
        ({"target": "nowhere"}, 422, "field_invalid", "/target"),
        ({"from": "2026-11-01"}, 422, "field_invalid", "/until"),
        ({"payments": "no"}, 400, "field_invalid", "/payments"),
    ],
)
async def test_an_export_that_cannot_be_meant(nord, change, status, key, field):
    """Named, with the field; nothing is made."""
    answered = await nord.post("/AccountingExports", {**OCTOBER, **change})

    assert (answered.status, answered.json["errorKey"], answered.json.get("field")) == (
        status, key, field,
    )  # fmt: skip
    assert (await nord.get("/AccountingExports")).json["data"] == []


@pytest.mark.parametrize(
    "path",
    ["paper/2", "paper/x", "other/1", "paper/1/Files/3", "paper/1/Files/0", "paper/1/Files/x"],
)
async def test_what_does_not_exist_is_not_found(nord, path):
    """Whatever stands in the address."""
    await nord.post("/AccountingExports", OCTOBER)

    assert (await nord.get(f"/AccountingExports/{path}")).status == 404


async def test_a_cursor_of_somebody_else_and_a_key_without_the_scope_are_refused(calling, nord):
    """As everywhere."""
    poor = calling("nord", scopes=frozenset({Scope.INVOICES_READ}))

    assert (await nord.get("/AccountingExports?cursor=WyJhIiwiYiJd")).status == 422
    assert (await poor.get("/AccountingExports")).status == 403
    assert (await poor.post("/AccountingExports", OCTOBER)).status == 403

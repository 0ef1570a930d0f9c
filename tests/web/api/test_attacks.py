"""Callers who mean harm: what they send costs little, tells nothing and keeps nobody else waiting."""

import asyncio

import pytest
from tests.services.company import opened

from faktura.flows.billing_jobs import bill_run_job
from faktura.flows.job_context import JobContext
from faktura.services import run_decisions
from faktura.services.customer_changes import locked_customer
from faktura.web.api import bodies

JSON = {"Content-Type": "application/json"}


def _head(caller, path: str, *, length: int) -> bytes:
    """A request for which a body of that length is still to come."""
    port = caller.client.port
    return (
        f"POST /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\napi-key: {caller.key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


async def test_a_look_ahead_is_as_far_as_a_run_may_be(nord):
    """A daily contract until 2199 would be 63,000 invoices: minutes of work, from one who reads."""
    preview = await nord.post("/Contracts/V-1/preview", {"date": "2199-12-31"})
    activities = await nord.get("/Contracts/V-1/Activities?date=2199-12-31")
    within = await nord.post("/Contracts/V-1/preview", {"date": "2028-10-31"})

    assert (preview.status, preview.json["errorKey"]) == (422, "out_of_range")
    assert preview.json["field"] == "/date"
    assert (activities.status, activities.json["errorKey"]) == (422, "out_of_range")
    assert activities.json["field"] == "date"
    assert within.status == 200


async def test_of_very_many_errors_the_first_are_told(nord):
    """To find the nearest name for each of thousands takes longer than anything else."""
    answer = await nord.post("/Customers", {f"field{no}": 1 for no in range(5_000)})

    assert answer.status == 400
    assert answer.json["errorMessage"] == "5003 fields cannot be used"
    assert len(answer.json["errors"]) == 100


@pytest.mark.parametrize("path", ["/Customers", "/Contracts/V-Z/activate"])
async def test_a_body_that_is_not_encoded_as_it_says_is_refused(nord, path):
    """Whoever sends it made a mistake, not we."""
    answer = await nord.send("POST", path, b"no gzip", headers={**JSON, "Content-Encoding": "gzip"})

    assert (answer.status, answer.json["errorKey"]) == (400, "file_unreadable")


async def test_a_number_without_end_tells_nothing_of_what_reads_it(nord):
    """Python's own advice names its settings."""
    answer = await nord.send("POST", "/Customers", b'{"a": ' + b"9" * 5_000 + b"}", headers=JSON)

    assert (answer.status, answer.json["errorKey"]) == (400, "hostile_file")
    assert answer.json["errorMessage"] == "a number has thousands of digits"


async def test_an_upload_is_counted_before_it_is_received(calling):
    """Whoever may ask twice a minute fills no disk by asking for more."""
    caller = calling("nord", requests_per_minute=2)
    path = "/BankStatements?account=DE02120300000000202051"
    small = [await caller.send("POST", path, b"x", headers={}) for _ in range(2)]
    reader, writer = await asyncio.open_connection("127.0.0.1", caller.client.port)

    writer.write(_head(caller, path, length=100_000_000))
    answer = await reader.readline()
    writer.close()

    assert [one.status for one in small] == [404, 404]
    assert answer == b"HTTP/1.1 429 Too Many Requests\r\n"


async def test_a_defect_that_holds_a_contract_back_shows_nothing_of_the_inside(
    app, nord, monkeypatch
):
    """A run goes on and keeps why; whoever asks from outside is told that it is not their fault."""

    def fails(*_given: object) -> None:
        raise KeyError("column_of_ours")

    monkeypatch.setattr(run_decisions, "_decide_contract", fails)
    day = {"date": "2026-11-05", "project": "main"}
    run = (await nord.post("/BillingRuns", day)).json["id"]
    context = JobContext(app.database, app.registry, app.adapters, app.content)
    bill_run_job(context, app.tenant_id("nord"), {"run": run})

    held = (await nord.get(f"/BillingRuns/{run}/Quarantine")).json["data"][0]
    looked = (await nord.post("/BillingRuns/preview", day)).json["data"][0]

    told = "a defect of faktura's own; `faktura billing quarantine` says more"
    assert (held["errorKey"], held["errorMessage"]) == ("unexpected_failure", told)
    assert looked["problem"] == told


@pytest.mark.parametrize("path", ["/Customers", "/Contracts/V-Z/activate"])
async def test_a_body_that_does_not_come_is_not_waited_for(nord, monkeypatch, path):
    """No key is proved before the body is there: anybody could hold connections for days."""
    monkeypatch.setattr(bodies, "_PATIENCE_SECONDS", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", nord.client.port)

    writer.write(_head(nord, path, length=9))
    answer = await reader.readline()
    writer.close()

    assert answer == b"HTTP/1.1 408 Request Timeout\r\n"


async def test_who_waits_to_write_keeps_no_reader_waiting(nord, world_url):
    """More changes than there are threads wait for one customer; whoever only looks is answered."""
    database = opened(world_url)
    with database.write(1) as tx:
        locked_customer(tx, "K-1")
        changes = [
            asyncio.create_task(nord.patch("/Customers/K-1", {"name": f"Name {no}"}))
            for no in range(40)
        ]
        looked = [await nord.get("/Customers/K-1") for _ in range(3)]
        still_waiting = [change for change in changes if not change.done()]
    changed = await asyncio.gather(*changes)
    database.close()

    assert [answer.status for answer in looked] == [200, 200, 200]
    assert len(still_waiting) == 40
    assert {answer.status for answer in changed} == {200}

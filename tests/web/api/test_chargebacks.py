"""Chargebacks and refunds over providers through the REST door, on both databases (F093-F095, P33)."""

import logging
from pathlib import Path

import pytest
from tests.web.api.paid_over_provider import paid, taken_back

from faktura.bootstrap import App
from faktura.domain.api_keys import Scope
from faktura.domain.payment_accounts import PaymentAccount
from faktura.hub.adapters import Adapters
from faktura.hub.nothing_kept import NothingKept
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import PaymentAdapter, Runtime
from faktura.store.payment_accounts import write_account
from faktura.testing.payment_double import DoubleProvider


@pytest.fixture
def till(app: App) -> App:
    """Nordwind has an account at the double."""
    with app.database.write(app.tenant_id("nord")) as tx:
        write_account(tx, PaymentAccount("till", "double", frozenset({PaymentMethod.CARD})))
    return app


async def test_a_chargeback_is_listed_and_shown_with_what_followed(nord, till):
    """2.00 of 71.40 were taken back, with 15.00 for the provider."""
    found = taken_back(till, till.tenant("nord"), "RE-000001")

    listed = (await nord.get("/Chargebacks?state=OPEN&customerNumber=K-1")).json["data"]
    one = (await nord.get(f"/Chargebacks/{found['chargebackId']}")).json

    assert listed == [one]
    assert {name: one[name] for name in ("invoiceNumber", "amount", "fee", "reason", "state")} == {
        "invoiceNumber": "RE-000001", "amount": "2.00", "fee": "15.00", "reason": "fraudulent",
        "state": "OPEN",
    }  # fmt: skip
    assert (one["followUp"], one["followed"], one["contractNumbers"], one["booked"]) == (
        "NONE", [], ["V-1"], True,
    )  # fmt: skip
    assert (await nord.get("/Chargebacks?state=WON")).json["data"] == []
    assert (await nord.get("/Invoices/RE-000001")).json["open"] == "2.00"


async def test_refunds_are_listed_and_shown(nord, till):
    """One that was made at the provider."""
    found = taken_back(till, till.tenant("nord"), "RE-000001")

    (one,) = (await nord.get("/PaymentRefunds?state=SUCCEEDED&customerNumber=K-1")).json["data"]

    assert one == (await nord.get(f"/PaymentRefunds/{found['refundId']}")).json
    assert (one["amount"], one["account"], one["reference"]) == ("1.00", "till", "re_1")


async def test_a_refund_is_asked_for_and_sent_by_a_worker(nord, till, tmp_path: Path, monkeypatch):
    """RE-000001 was paid and cancelled; more than its credit is refused."""

    def double(_own: Adapters, *_asked: object) -> PaymentAdapter:
        return DoubleProvider(
            DoubleProvider.Settings.model_validate({"file": str(tmp_path / "double.sqlite3")}),
            _runtime(till),
        )

    monkeypatch.setattr(Adapters, "payment", double)
    attempt = paid(till, till.tenant("nord"), "RE-000001")
    asked = {"amount": "71.40", "reason": "Storno"}
    early = await nord.post("/Invoices/RE-000001/PaymentRefunds", asked)
    assert (early.status, early.json["errorKey"]) == (422, "transition_refused")
    assert (await nord.post("/Invoices/RE-000001/cancel", {"reason": "x"})).status in (200, 201)

    made = await nord.post("/Invoices/RE-000001/PaymentRefunds", asked)

    assert made.status == 201, made.body
    assert (made.json["state"], made.json["attemptId"]) == ("CREATED", str(attempt))
    assert made.headers["Location"] == f"/api/v1/PaymentRefunds/{made.json['refundId']}"
    again = await nord.post("/Invoices/RE-000001/PaymentRefunds", asked)
    assert (again.status, again.json["errorKey"]) == (422, "out_of_range")
    other = await nord.post(
        "/Invoices/RE-000002/PaymentRefunds", {**asked, "attemptId": str(attempt)}
    )
    assert (other.status, other.json["errorKey"]) == (409, "conflict")


def _runtime(app: App) -> Runtime:
    return Runtime(app.clock, logging.getLogger("test"), NothingKept().state(0, "double"))


async def test_another_projects_key_sees_nothing_of_it(nord, till, calling):
    """Neither listed nor shown, nor refunded; without the scope it is not even asked."""
    found = taken_back(till, till.tenant("nord"), "RE-000001")
    other = calling("nord", project="zweit", scopes=frozenset({Scope.PAYMENTS_WRITE}))

    for path in ("Chargebacks", "PaymentRefunds"):
        assert (await other.get(f"/{path}")).json["data"] == []
    assert (await other.get(f"/Chargebacks/{found['chargebackId']}")).status == 404
    assert (await other.get(f"/PaymentRefunds/{found['refundId']}")).status == 404
    body = {"amount": "1.00", "reason": "x"}
    assert (await other.post("/Invoices/RE-000001/PaymentRefunds", body)).status == 404
    reading = calling("nord", scopes=frozenset({Scope.PAYMENTS_READ}))
    assert (await reading.post("/Invoices/RE-000001/PaymentRefunds", body)).status == 403

"""Money recorded by hand, refunds and write-offs through the REST door, on both databases (F106)."""

import pytest
from tests.web.api.bank_files import IBAN

from faktura.domain.api_keys import Scope

MONEY = {"account": IBAN, "valueDate": "2026-10-20"}


@pytest.fixture
async def bank(nord):
    """A bank account of Nordwind, and who calls."""
    account = {"iban": IBAN, "holder": "Nordwind GmbH", "ledgerAccount": "1200"}
    assert (await nord.post("/BankAccounts", account)).status == 201
    return nord


async def test_money_is_recorded_refunded_and_taken_back(bank):
    """71.40 are open of RE-000001; 100.00 come, 28.60 are credit and are paid out again."""
    body = {**MONEY, "amount": "100.00", "reference": "B-1", "text": "Danke"}

    made = await bank.post("/Invoices/RE-000001/Payments", body)

    assert made.status == 201, made.body
    assert made.headers["Location"] == "/api/v1/Invoices/RE-000001"
    assert made.json == {
        "reference": "B-1",
        "amount": "100.00",
        "currency": "EUR",
        "parts": [{"invoiceNumber": "RE-000001", "amount": "71.40"}],
        "credit": "28.60",
        "missing": [],
        "repeated": False,
    }
    assert (await bank.post("/Invoices/RE-000001/Payments", body)).json["repeated"] is True
    other = await bank.post("/Invoices/RE-000001/Payments", {**body, "amount": "1.00"})
    assert (other.status, other.json["errorKey"], other.json["field"]) == (
        409,
        "conflict",
        "/reference",
    )
    too_much = await bank.post("/Customers/K-1/Refunds", {**MONEY, "amount": "28.61"})
    assert (too_much.status, too_much.json["errorKey"]) == (422, "transition_refused")
    refund = await bank.post(
        "/Customers/K-1/Refunds", {**MONEY, "amount": "28.60", "reference": "R-1"}
    )
    assert (refund.status, refund.json["credit"]) == (201, "28.60")
    assert (await bank.post("/Payments/R-1/undo", {"reason": "Irrtum"})).json == {"invoices": []}
    undone = await bank.post("/Payments/B-1/undo", {"reason": "Irrtum"})
    assert [(one["number"], one["open"]) for one in undone.json["invoices"]] == [
        ("RE-000001", "71.40")
    ]
    kept = await bank.post("/Customers/K-1/Payments", {**MONEY, "amount": "5.00"})
    assert (kept.status, kept.json["credit"], kept.json["parts"]) == (201, "5.00", [])


async def test_a_claim_is_given_up_and_lives_again(bank):
    """71.40 with 11.40 of VAT; the list finds it by its state."""
    done = await bank.post("/Invoices/RE-000001/WriteOff", {"reason": "Insolvenz"})

    assert done.status == 200, done.body
    assert done.json == {
        "invoiceNumber": "RE-000001", "amount": "71.40", "tax": "11.40", "open": "0.00", "currency": "EUR",
    }  # fmt: skip
    listed = (await bank.get("/Invoices?state=WRITTEN_OFF")).json["data"]
    assert [(one["number"], one["state"]) for one in listed] == [("RE-000001", "WRITTEN_OFF")]
    again = await bank.post("/Invoices/RE-000001/WriteOff/undo", {"reason": "Zahlt doch"})
    assert (again.status, again.json["open"], again.json["payments"][-1]["fact"]) == (
        200,
        "71.40",
        "RECOVERY",
    )


async def test_a_key_of_another_project_gives_nothing_up(calling, bank):
    """RE-000001 is of `main`; money is of the whole tenant, so a project's key records none."""
    second = calling("nord", project="zweit", scopes=frozenset({Scope.BILLING_WRITE}))

    for path in ("WriteOff", "WriteOff/undo"):
        answer = await second.post(f"/Invoices/RE-000001/{path}", {"reason": "x"})
        assert (answer.status, answer.json["errorKey"]) == (404, "not_found")
    money = await second.post("/Invoices/RE-000001/Payments", {**MONEY, "amount": "1.00"})
    assert money.status == 403
    assert (await bank.get("/Invoices/RE-000001")).json["open"] == "71.40"


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"amount": "0"}, 422, "/amount"),
        ({"amount": 1}, 400, "/amount"),
        ({"account": "DE00"}, 422, "/account"),
        ({"valueDate": "2026-13-01"}, 422, "/valueDate"),
        ({"reference": "a b"}, 422, "/reference"),
        ({"more": "x"}, 400, "/more"),
    ],
)
async def test_what_cannot_be_meant_is_named_by_its_field(bank, changes, status, field):
    """Nothing is converted by guessing."""
    answer = await bank.post("/Invoices/RE-000001/Payments", {**MONEY, "amount": "1.00", **changes})

    assert (answer.status, answer.json["field"]) == (status, field)

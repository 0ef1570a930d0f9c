"""Deposits and the final invoice through the REST door, on both databases (F061)."""

from datetime import date
from uuid import UUID

import pytest

from faktura.domain.api_keys import Scope
from faktura.kernel.money import Money
from faktura.services.ledger import Source, open_ledger
from faktura.services.payments import keep_credit
from faktura.store.customers import read_customer

CONTRACT = "/Contracts/V-1"
MACHINE = {"articleNumber": "A-4", "quantity": "1", "unitPrice": "1000.00"}


async def test_a_deposit_is_asked_for_and_listed(nord):
    """100.00 + 19.00; nothing is paid, nothing deducts it."""
    body = {"positions": [{"articleNumber": "A-4", "net": "100.00", "text": "Erste Rate"}]}

    made = await nord.post(f"{CONTRACT}/Deposits", body)

    assert (made.status, made.json["gross"]) == (201, "119.00")
    number = made.json["number"]
    assert made.headers["Location"] == f"/api/v1/Invoices/{number}"
    assert (await nord.get(f"/Invoices/{number}")).json["kind"] == "DEPOSIT"
    assert (await nord.get(f"{CONTRACT}/Deposits")).json == {
        "contractNumber": "V-1",
        "deposits": [
            {
                "number": number,
                "date": "2026-10-31",
                "currency": "EUR",
                "net": "100.00",
                "tax": "19.00",
                "gross": "119.00",
                "paid": "0.00",
                "deductedBy": None,
            }
        ],
    }


@pytest.fixture
def credit(app):
    """238.00 came on 20 October and stay on the account of K-1."""
    tenant = app.tenant("nord")
    day = date(2026, 10, 20)
    source = Source(UUID(int=7), day, day, "DE02120300000000202051", "1200", "Vorkasse", None, None)
    with app.database.write(tenant.id) as tx:
        customer = read_customer(tx, "K-1")
        ledger = open_ledger(tx, tenant, [], [customer.id])
        keep_credit(ledger, source, customer.id, Money(23_800, "EUR"))
        ledger.write(tx)


async def test_credit_becomes_a_deposit_that_the_final_invoice_deducts(nord, credit):
    """238.00 = 200.00 + 38.00, of 1190.00: 952.00 are due; the list says who deducts it."""
    receipt = {"amount": "238.00", "articleNumber": "A-4", "receivedOn": "2026-10-20"}
    made = await nord.post(f"{CONTRACT}/Deposits/fromReceipt", receipt)
    final = await nord.post(f"{CONTRACT}/FinalInvoice", {"positions": [MACHINE]})

    assert (made.status, made.json["net"], made.json["tax"]) == (201, "200.00", "38.00")
    assert (final.status, final.json["gross"], final.json["due"]) == (201, "1190.00", "952.00")
    assert final.json["deposits"] == [
        {
            "number": made.json["number"],
            "date": "2026-10-31",
            "receivedOn": "2026-10-20",
            "net": "200.00",
            "tax": "38.00",
            "gross": "238.00",
        }
    ]
    (listed,) = (await nord.get(f"{CONTRACT}/Deposits")).json["deposits"]
    assert (listed["paid"], listed["deductedBy"]) == ("238.00", final.json["number"])


async def test_a_final_invoice_bills_positions_or_what_waits(nord):
    """1000.00 + 190.00 of a position; then 250.00 + 47.50 of an activity that waits."""
    by_position = await nord.post(f"{CONTRACT}/FinalInvoice", {"positions": [MACHINE]})
    waits = {"articleNumber": "A-4", "quantity": "1", "from": "2026-10-01"}
    assert (await nord.post(f"{CONTRACT}/Activities", waits)).status == 201
    by_activity = await nord.post(f"{CONTRACT}/FinalInvoice", {})

    assert (by_position.status, by_position.json["due"]) == (201, "1190.00")
    assert (by_activity.status, by_activity.json["due"]) == (201, "297.50")
    assert by_activity.json["deposits"] == []
    activities = (await nord.get(f"{CONTRACT}/Activities?origin=ONE_OFF")).json["activities"]
    assert {one["state"] for one in activities} == {"BILLED"}


async def test_an_unpaid_deposit_and_missing_credit_are_problems_with_a_mend(nord):
    """F061: named, and nothing is written."""
    body = {"positions": [{"articleNumber": "A-4", "gross": "119.00"}]}
    number = (await nord.post(f"{CONTRACT}/Deposits", body)).json["number"]
    receipt = {"amount": "10.00", "articleNumber": "A-4", "receivedOn": "2026-10-20"}

    refused = await nord.post(
        f"{CONTRACT}/FinalInvoice", {"positions": [MACHINE], "deposits": [number]}
    )
    missing = await nord.post(f"{CONTRACT}/Deposits/fromReceipt", receipt)

    for answer in (refused, missing):
        assert (answer.status, answer.json["errorKey"]) == (422, "transition_refused")
        assert "F061" in answer.json["detail"]


async def test_reading_deposits_and_issuing_them_need_their_scopes(calling):
    """To see documents is another right than to issue them."""
    reader = calling("nord", scopes=frozenset({Scope.INVOICES_READ}))

    assert (await reader.get(f"{CONTRACT}/Deposits")).status == 200
    assert (await reader.post(f"{CONTRACT}/FinalInvoice", {})).status == 403


async def test_a_day_before_the_number_range_is_refused_by_name(nord):
    """F044, F062: the caller chose the day, so the caller is told; nothing is written."""
    body = {"positions": [{"articleNumber": "A-4", "net": "100.00"}], "date": "1950-01-01"}
    body |= {"serviceFrom": "2026-10-01"}

    refused = await nord.post(f"{CONTRACT}/Deposits", body)

    assert (refused.status, refused.json["errorKey"]) == (422, "transition_refused")
    assert refused.json["errorMessage"] == "no number range INVOICE is valid on 1950-01-01"
    assert (await nord.get(f"{CONTRACT}/Deposits")).json["deposits"] == []

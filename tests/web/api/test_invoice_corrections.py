"""Cancelling, rebilling, correcting and setting unpaid over REST, on both databases (F064-F066)."""

import pytest

from faktura.domain.api_keys import TENANT_WIDE, Scope

PARTNER = {"euTaxId": "DE136695976"}
POSITION = {
    "articleNumber": "A-1",
    "quantity": "1",
    "unitPrice": "100.00",
    "from": "2026-10-01",
    "until": "2026-11-01",
}
CREDIT = {"partnerNumber": "K-1", "contractNumber": "V-1", "positions": [POSITION]}


@pytest.fixture
async def partner(nord):
    """K-1 with a VAT id and somebody to call."""
    contact = {"name": "Pia Partner", "phone": "+49 40 333444", "email": "pia@partner.example"}
    answer = await nord.patch("/Customers/K-1", {**PARTNER, "contactPerson": contact})
    assert answer.status == 200, answer.body


async def test_an_invoice_is_cancelled(nord):
    """F064: the cancellation is answered; the invoice says so, and lists of either kind."""
    answer = await nord.post(
        "/Invoices/RE-000001/cancel", {"reason": "Falsch", "date": "2026-10-30"}
    )

    assert answer.status == 201, answer.body
    assert answer.headers["Location"] == "/api/v1/Invoices/RK-000001"
    made = answer.json
    assert (made["kind"], made["gross"], made["open"]) == ("CANCELLATION", "-71.40", "0.00")
    assert (made["reason"], made["issuedOn"]) == ("Falsch", "2026-10-30")
    assert made["corrects"] == [
        {"number": "RE-000001", "kind": "INVOICE", "issuedOn": "2026-10-01"}
    ]
    invoice = (await nord.get("/Invoices/RE-000001")).json
    assert (invoice["state"], invoice["open"]) == ("CANCELLED", "0.00")
    assert [one["number"] for one in invoice["correctedBy"]] == ["RK-000001"]
    assert (await nord.get("/InvoiceCorrections/RK-000001")).json == made
    listed = (await nord.get("/InvoiceCorrections?customerNumber=K-1")).json["data"]
    assert [one["number"] for one in listed] == ["RK-000001"]
    by_kind = (await nord.get("/Invoices?kind=CANCELLATION")).json["data"]
    assert [one["number"] for one in by_kind] == ["RK-000001"]
    by_state = (await nord.get("/Invoices?state=CANCELLED")).json["data"]
    assert [one["number"] for one in by_state] == ["RE-000001"]
    again = await nord.post("/Invoices/RE-000001/cancel", {})
    assert (again.status, again.json["errorKey"]) == (409, "conflict")


async def test_an_invoice_is_issued_anew(nord):
    """F064: cancelled and billed again at once; the credit pays the new one, 10.00 were paid."""
    answer = await nord.post("/Invoices/RE-000002/rebill", {"reason": "Anschrift"})

    assert answer.status == 200, answer.body
    assert answer.json["cancellation"]["number"] == "RK-000001"
    (new,) = answer.json["invoices"]
    # 25.70 of the credit settled the old invoice, the 10.00 that were paid go to the new one.
    assert (new["number"], new["gross"], new["open"]) == ("RE-000005", "35.70", "25.70")
    assert [one["number"] for one in new["replaces"]] == ["RE-000002"]
    old = (await nord.get("/Invoices/RE-000002")).json
    assert [one["number"] for one in old["replacedBy"]] == ["RE-000005"]


async def test_parts_of_an_invoice_are_corrected(nord):
    """F066: a quarter of 60.00, then the rest; a fully corrected invoice is refused."""
    body = {"invoiceNumber": "RE-000001", "reason": "Ausfall"}
    first = await nord.post(
        "/InvoiceCorrections", {**body, "lines": [{"lineNo": 1, "percent": "25"}]}
    )
    assert first.status == 201, first.body
    assert first.headers["Location"] == "/api/v1/InvoiceCorrections/RK-000001"
    assert (first.json["net"], first.json["gross"]) == ("-15.00", "-17.85")
    rest = await nord.post("/InvoiceCorrections", {**body, "lines": [{"lineNo": 1}]})
    assert rest.json["gross"] == "-53.55"
    assert (await nord.get("/Invoices/RE-000001")).json["state"] == "CORRECTED"
    none = await nord.post("/InvoiceCorrections", {**body, "lines": [{"lineNo": 1}]})
    assert (none.status, none.json["errorKey"]) == (409, "conflict")
    file = await nord.get("/Invoices/RK-000001/Document/file")
    assert (file.status, b">381<" in file.body) == (200, True)


async def test_bad_corrections_are_refused(nord):
    """404 and 422 with the field; nothing is issued."""
    body = {"invoiceNumber": "RE-000001", "reason": "Ausfall"}
    for lines, status in (
        ([], 422),
        ([{"lineNo": 1, "amount": "0"}], 422),
        ([{"lineNo": 9}], 404),
        ([{"lineNo": 1, "amount": "60.01"}], 422),
    ):
        answer = await nord.post("/InvoiceCorrections", {**body, "lines": lines})
        assert answer.status == status, answer.body
    assert (await nord.get("/InvoiceCorrections/RE-000001")).status == 404
    assert (await nord.get("/InvoiceCorrections")).json["data"] == []


async def test_what_a_bank_did_not_pay_is_not_set_unpaid(nord):
    """F065: RE-000001 was never paid."""
    answer = await nord.post("/Invoices/RE-000001/setUnpaid", {"reason": "Irrtum"})

    assert (answer.status, answer.json["errorKey"]) == (409, "conflict")
    assert "F065" in answer.json["detail"]


async def test_a_partner_is_credited_and_the_credit_corrected(nord, partner):
    """F066: 119.00 are owed to the partner, then nothing."""
    made = await nord.post("/CreditNotes", CREDIT)
    assert made.status == 201, made.body
    number = made.json["number"]
    assert made.headers["Location"] == f"/api/v1/CreditNotes/{number}"
    assert (made.json["kind"], made.json["gross"], made.json["state"]) == (
        "CREDIT_NOTE", "-119.00", "CREDIT",
    )  # fmt: skip
    taken = await nord.post(f"/CreditNotes/{number}/correct", {"reason": "Doppelt"})
    assert (taken.json["kind"], taken.json["gross"]) == ("CREDIT_NOTE_CORRECTION", "119.00")
    assert (await nord.get(f"/CreditNotes/{number}")).json["state"] == "CORRECTED"
    listed = (await nord.get("/CreditNotes?partnerNumber=K-1")).json["data"]
    assert [one["kind"] for one in listed] == ["CREDIT_NOTE_CORRECTION", "CREDIT_NOTE"]
    assert (await nord.get("/CreditNotes/RE-000001")).status == 404


ACTS: tuple[tuple[str, object], ...] = (
    ("/Invoices/RE-000001/cancel", {}),
    ("/Invoices/RE-000001/rebill", {}),
    ("/Invoices/RE-000001/setUnpaid", {"reason": "Irrtum"}),
    (
        "/InvoiceCorrections",
        {"invoiceNumber": "RE-000001", "reason": "x", "lines": [{"lineNo": 1}]},
    ),
    ("/CreditNotes", CREDIT),
    ("/CreditNotes/RE-000001/correct", {"reason": "x"}),
)


@pytest.mark.parametrize(("path", "body"), ACTS)
async def test_nobody_reaches_documents_of_another_tenant_or_project(
    calling, nord, sued, path, body
):
    """F049, F114: Süd has no such number; a key for `zweit` sees none of `main`; nothing happens."""
    before = (await nord.get("/Invoices")).body
    scopes = frozenset(Scope) - TENANT_WIDE
    other = calling("nord", project="zweit", scopes=scopes)

    for caller in (sued, other):
        answer = await caller.post(path, body)
        assert answer.status == 404, answer.body
    reader = calling("nord", scopes=frozenset({Scope.INVOICES_READ}))
    assert (await reader.post(path, body)).status == 403
    assert (await nord.get("/Invoices")).body == before

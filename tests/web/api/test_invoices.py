"""Invoices through the REST door: found, read whole, fetched as files; on both databases."""

from base64 import b64decode
from hashlib import sha256
from uuid import UUID

from tests.web.api.world import Caller

from faktura.domain.api_keys import Scope

READING = frozenset({Scope.INVOICES_READ})
OVERDUE_AND_PARTLY_PAID = {
    "number": "RE-000002",
    "kind": "INVOICE",
    "customerNumber": "K-2",
    "customerName": "Kunde 2 GmbH",
    "contractNumber": "V-2",
    "contractNumbers": ["V-2"],
    "issuedOn": "2026-10-01",
    "dueOn": "2026-10-15",
    "currency": "EUR",
    "net": "30.00",
    "tax": "5.70",
    "gross": "35.70",
    "open": "25.70",
    "state": "OVERDUE",
    "dunningLevel": 0,
}
ALL = ["RE-000004", "RE-000003", "RE-000002", "RE-000001"]


async def numbers(caller: Caller, query: str = "") -> list[str]:
    """The numbers of a list, in its order."""
    answered = await caller.get(f"/Invoices{query}")
    assert answered.status == 200, answered.body
    return [row["number"] for row in answered.json["data"]]


async def test_the_list_begins_with_the_newest_invoice_and_says_how_far_each_is_paid(nord):
    answered = await nord.get("/Invoices")

    assert answered.status == 200
    assert [row["number"] for row in answered.json["data"]] == ALL
    assert answered.json["data"][2] == OVERDUE_AND_PARTLY_PAID
    assert answered.json["nextCursor"] is None


async def test_each_condition_narrows_the_list(nord):
    """The days `From` are inclusive, `Until` exclusive; all were issued on the 1st, due on the 15th."""
    expected = {
        "?customerNumber=K-2": ["RE-000002"],
        "?contractNumber=V-3": ["RE-000003"],
        "?kind=INVOICE": ALL,
        "?kind=CANCELLATION": [],
        "?state=PAID": ["RE-000003"],
        "?state=OVERDUE": ["RE-000004", "RE-000002", "RE-000001"],
        "?state=OPEN": [],
        "?state=PARTLY_PAID": [],
        "?issuedFrom=2026-10-01": ALL,
        "?issuedFrom=2026-10-02": [],
        "?issuedUntil=2026-10-01": [],
        "?issuedUntil=2026-10-02": ALL,
        "?dueUntil=2026-10-15": [],
        "?dueUntil=2026-10-16": ALL,
        "?search=kunde%203": ["RE-000003"],
        "?search=000002": ["RE-000002"],
        "?state=OVERDUE&search=K-1": ["RE-000001"],
        "?billingRun=01890000-0000-7000-8000-000000000000": [],
    }

    found = {query: await numbers(nord, query) for query in expected}

    assert found == expected


async def test_the_list_is_narrowed_to_what_a_billing_run_issued(nord):
    run = (await nord.get("/Invoices/RE-000001")).json["billingRun"]

    assert await numbers(nord, f"?billingRun={run}") == ALL


async def test_the_list_is_read_a_page_at_a_time(nord):
    first = (await nord.get("/Invoices?limit=3")).json

    second = (await nord.get(f"/Invoices?limit=3&cursor={first['nextCursor']}")).json

    assert [row["number"] for row in first["data"]] == ["RE-000004", "RE-000003", "RE-000002"]
    assert [row["number"] for row in second["data"]] == ["RE-000001"]
    assert second["nextCursor"] is None


async def test_parameters_that_cannot_be_meant_are_refused_by_name(nord):
    refused = {}
    for query in (
        *("limit=many", "limit=501", "colour=red", "state=LATE", "issuedFrom=yesterday"),
        *("billingRun=7", "cursor=nonsense", "kind=INVOICE&kind=INVOICE"),
    ):
        answered = await nord.get(f"/Invoices?{query}")
        refused[query] = (answered.status, answered.json["field"], answered.json["errorKey"])

    assert refused == {
        "limit=many": (400, "limit", "field_invalid"),
        "limit=501": (422, "limit", "field_invalid"),
        "colour=red": (400, "colour", "field_unknown"),
        "state=LATE": (422, "state", "unknown_term"),
        "issuedFrom=yesterday": (422, "issuedFrom", "date_unreadable"),
        "billingRun=7": (422, "billingRun", "field_invalid"),
        "cursor=nonsense": (422, "cursor", "field_invalid"),
        "kind=INVOICE&kind=INVOICE": (422, "kind", "unknown_term"),
    }


async def test_an_invoice_shows_its_lines_taxes_and_what_settled_it(nord):
    answered = await nord.get("/Invoices/RE-000002")

    assert answered.status == 200
    shown = answered.json
    assert UUID(shown.pop("billingRun")).version == 7
    assert UUID(shown["payments"][0].pop("bankTransaction")).version == 7
    assert shown == {
        **OVERDUE_AND_PARTLY_PAID,
        "vatIdCheck": None,
        "project": "main",
        "from": "2026-10-01",
        "until": "2026-11-01",
        "lines": [
            {
                "no": 1,
                "articleNumber": "A-1",
                "name": "Membership",
                "description": "Membership by the month",
                "quantity": "1",
                "unit": "MONTH",
                "price": "30",
                "priceBase": "1",
                "discount": "0.00",
                "net": "30.00",
                "taxCase": "STANDARD",
                "taxCategory": "S",
                "taxRate": "19",
                "from": "2026-10-01",
                "until": "2026-11-01",
                "costCentre": None,
                "costs": [],
            }
        ],
        "taxes": [{"category": "S", "rate": "19", "taxable": "30.00", "tax": "5.70", "reason": ""}],
        "payments": [
            {
                "no": 1,
                "fact": "PAYMENT",
                "valueDate": "2026-10-20",
                "amount": "10.00",
                "reverses": None,
            }
        ],
        "reason": None,
        "corrects": [],
        "correctedBy": [],
        "replaces": [],
        "replacedBy": [],
        "documents": [],
    }


async def test_an_invoice_that_did_not_change_is_not_sent_again(nord):
    tag = (await nord.get("/Invoices/RE-000001")).headers["ETag"]

    again = await nord.get("/Invoices/RE-000001", If_None_Match=tag)

    assert (again.status, again.body) == (304, b"")


async def test_an_invoices_file_comes_inside_json_and_stands_in_the_invoice_from_then_on(nord):
    answered = await nord.get("/Invoices/RE-000001/Document?format=xrechnung-cii")

    assert answered.status == 200
    file = answered.json
    content = b64decode(file["content"])
    assert b"RE-000001" in content
    assert (file["format"], file["mediaType"]) == ("xrechnung-cii", "application/xml")
    assert (file["fileName"], file["size"]) == ("RE-000001.xml", len(content))
    assert file["sha256"] == sha256(content).hexdigest()
    (stored,) = (await nord.get("/Invoices/RE-000001")).json["documents"]
    assert stored.pop("ruleSet") != ""
    assert stored == {name: file[name] for name in ("format", "mediaType", "sha256", "size")}


async def test_an_invoices_file_comes_as_it_is_in_the_format_it_was_issued_for(nord):
    inside = (await nord.get("/Invoices/RE-000001/Document")).json

    plain = await nord.get("/Invoices/RE-000001/Document/file")

    assert plain.status == 200
    assert plain.body == b64decode(inside["content"])
    assert plain.headers["Content-Type"] == "application/xml"
    assert plain.headers["Content-Disposition"] == 'attachment; filename="RE-000001.xml"'


async def test_a_format_that_nobody_knows_is_refused_by_name(nord):
    for path in ("Document", "Document/file"):
        answered = await nord.get(f"/Invoices/RE-000001/{path}?format=papyrus")

        assert answered.status == 422
        assert answered.json["errorKey"] == "unknown_term"
        assert answered.json["field"] == "format"


async def test_an_invoice_that_nobody_has_is_not_found(nord):
    for path in ("RE-999999", "RE-999999/Document", "RE-999999/Document/file", "a%20b"):
        answered = await nord.get(f"/Invoices/{path}")

        assert (answered.status, answered.json["errorKey"]) == (404, "not_found")


async def test_a_key_of_a_project_sees_only_that_projects_invoices(calling):
    main = calling("nord", project="main", scopes=READING)
    other = calling("nord", project="zweit", scopes=READING)

    assert await numbers(main) == ALL
    assert await numbers(other) == []
    for path in ("", "/Document", "/Document/file"):
        assert (await other.get(f"/Invoices/RE-000001{path}")).status == 404


async def test_another_tenants_invoices_do_not_exist(sued):
    assert await numbers(sued) == ["SU-000001"]
    for path in ("", "/Document", "/Document/file"):
        assert (await sued.get(f"/Invoices/RE-000001{path}")).status == 404


async def test_a_key_without_the_scope_reads_no_invoice(calling):
    caller = calling("nord", scopes=frozenset(Scope) - READING)

    for path in ("", "/RE-000001", "/RE-000001/Document", "/RE-000001/Document/file"):
        answered = await caller.get(f"/Invoices{path}")

        assert (answered.status, answered.json["errorKey"]) == (403, "scope_missing")

"""Files of debits through the REST door: made, read, handed in, cancelled (F101, F102)."""

from dataclasses import replace

import pytest

from faktura.domain.api_keys import Scope
from faktura.domain.payment_accounts import PaymentAccount
from faktura.flows.collecting import Till, Wanted, collect
from faktura.hub.registry import Offer
from faktura.kernel.clock import local_date
from faktura.kernel.terms import PaymentMethod
from faktura.store.payment_accounts import write_account
from faktura_sepa.adapter import SepaAdapter

SIGNED = {"customerNumber": "K-1", "iban": "DE75512108001245126199", "signedOn": "2026-09-01"}


@pytest.fixture
async def collecting(app, nord, monkeypatch):
    """Nordwind debits 71.40 of K-1 for RE-000001 over its own bank."""
    registry = replace(app.registry, payments={"sepa": Offer("sepa", "sepa", SepaAdapter)})
    monkeypatch.setattr(app.adapters, "_registry", registry)
    tenant = app.tenant("nord")
    with app.database.write(tenant.id) as tx:
        write_account(tx, PaymentAccount("sepa", "sepa", frozenset({PaymentMethod.SEPA_DEBIT})))
    assert (await nord.post("/Mandates", SIGNED)).status == 201
    changed = await nord.patch("/Customers/K-1", {"paymentMethod": "SEPA_DEBIT"})
    assert changed.status == 200, changed.body
    till = Till(app.database, app.adapters, tenant)
    await collect(till, Wanted(local_date(app.clock, tenant.time_zone)))
    return nord


async def test_a_file_is_made_read_and_handed_in(collecting):
    """Saturday, 31 October: handed in by Monday at 10:00, collected on Wednesday; it was due before."""
    made = await collecting.post("/DebitFiles", {})

    assert made.status == 200, made.body
    (file,) = made.json["files"]
    message_id = file["messageId"]
    assert file == {
        "account": "sepa",
        "number": 1,
        "state": "MADE",
        "messageId": message_id,
        "filename": f"pain.008_{message_id}.xml",
        "sha256": file["sha256"],
        "debits": 1,
        "total": "71.40",
        "currency": "EUR",
        "scheme": "CORE",
        "firstDueOn": "2026-11-04",
        "lastDueOn": "2026-11-04",
        "submitUntil": "2026-11-02T09:00:00.000Z",
        "isLate": False,
        "createdAt": "2026-10-31T08:00:00.000Z",
        "handedInAt": None,
        "cancelledAt": None,
        "reason": None,
    }
    assert {key: made.json[key] for key in ("late", "later", "spoilt", "over")} == {
        "late": [], "later": [], "spoilt": [], "over": [],
    }  # fmt: skip
    content = await collecting.get("/DebitFiles/sepa/1/Content")
    assert content.headers["Content-Disposition"] == f'attachment; filename="{file["filename"]}"'
    assert b"<Ustrd>RE-000001 Nordwind GmbH</Ustrd>" in content.body

    handed_in = await collecting.post("/DebitFiles/sepa/1/handIn")

    assert handed_in.status == 200, handed_in.body
    assert handed_in.json["state"] == "HANDED_IN"
    ((item,), changed) = handed_in.json["items"], handed_in.json["changed"]
    assert (item["invoiceNumber"], item["amount"], item["state"]) == (
        "RE-000001", "71.40", "PENDING",
    )  # fmt: skip
    assert item["attemptId"].replace("-", "").encode() in content.body
    assert changed == []
    assert (await collecting.get("/DebitFiles/sepa/1")).json == handed_in.json
    again = (await collecting.post("/DebitFiles", {"account": "sepa"})).json
    assert again["files"] == []


async def test_a_file_is_cancelled_with_a_reason(collecting):
    """At the bank, only where that refused it."""
    await collecting.post("/DebitFiles", {})
    await collecting.post("/DebitFiles/sepa/1/handIn")

    refused = await collecting.post("/DebitFiles/sepa/1/cancel", {"reason": "wrong day"})
    cancelled = await collecting.post(
        "/DebitFiles/sepa/1/cancel", {"reason": "wrong day", "bankRefused": True}
    )

    assert (refused.status, refused.json["errorKey"]) == (422, "transition_refused")
    assert (cancelled.json["state"], cancelled.json["reason"]) == ("CANCELLED", "wrong day")
    assert [item["state"] for item in cancelled.json["items"]] == ["CANCELLED"]


async def test_files_are_listed_newest_first_a_page_at_a_time(collecting, app, sued):
    """A tenant sees its own."""
    tenant = app.tenant("nord")
    for no in (1, 2):
        assert len((await collecting.post("/DebitFiles", {})).json["files"]) == 1
        await collecting.post(f"/DebitFiles/sepa/{no}/cancel", {"reason": "again"})
        await collect(
            Till(app.database, app.adapters, tenant),
            Wanted(local_date(app.clock, tenant.time_zone)),
        )

    first = (await collecting.get("/DebitFiles?limit=1&account=sepa")).json
    second = (await collecting.get(f"/DebitFiles?limit=1&cursor={first['nextCursor']}")).json

    assert [one["number"] for one in first["data"]] == [2]
    assert [one["number"] for one in second["data"]] == [1]
    assert second["nextCursor"] is None
    assert (await collecting.get("/DebitFiles?account=other")).json["data"] == []
    assert (await sued.get("/DebitFiles")).json["data"] == []


async def test_what_there_is_not_is_not_found(collecting):
    """Neither by a number nor by what is none."""
    for path in ("/DebitFiles/sepa/1", "/DebitFiles/sepa/x", "/DebitFiles/till/1/Content"):
        assert (await collecting.get(path)).status == 404, path
    cursor = (await collecting.get("/DebitFiles?cursor=WyJzZXBhIiwieCJd")).json
    assert cursor["field"] == "cursor"


@pytest.mark.parametrize(
    ("scopes", "status"),
    [({Scope.BANK_READ}, 403), ({Scope.PAYMENTS_WRITE}, 403), ({Scope.BANK_WRITE}, 200)],
)
async def test_files_are_the_whole_tenants_and_need_the_banks_scope(
    collecting, calling, scopes, status
):
    """They hold debits of all projects."""
    caller = calling("nord", scopes=frozenset(scopes))

    assert (await caller.post("/DebitFiles", {})).status == status

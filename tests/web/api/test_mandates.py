"""SEPA mandates, saved means and payment accounts through the REST door (F103, F104, P43)."""

from typing import Any

import pytest
from tests.web.api.world import Answered, Caller

from faktura.bootstrap import App
from faktura.domain.api_keys import Scope
from faktura.domain.payment_accounts import PaymentAccount
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import MeansReference, SavedMeans
from faktura.services.payment_means import save_means
from faktura.store.customers import read_customer
from faktura.store.payment_accounts import write_account

IBAN = "DE75512108001245126199"
SIGNED = {"customerNumber": "K-1", "iban": IBAN, "signedOn": "2026-09-01"}


async def made(caller: Caller, **changes: Any) -> Any:
    """A mandate, as the answer shows it."""
    answered = await caller.post("/Mandates", {**SIGNED, **changes})
    assert answered.status == 201, answered.body
    return answered.json


def told(answered: Answered) -> tuple[int, str, str | None]:
    """Status, error key and field of a refusal."""
    return answered.status, answered.json["errorKey"], answered.json.get("field")


async def test_a_mandate_is_added_found_and_announced_by_its_customers_record(nord):
    """F104: active at once."""
    mandate = await made(nord)

    assert mandate == {
        "mandateId": mandate["mandateId"],
        "reference": "M-000001",
        "creditorId": "DE98ZZZ09999999999",
        "customerNumber": "K-1",
        "iban": IBAN,
        "bic": None,
        "holder": "Kunde 1 GmbH",
        "scheme": "CORE",
        "sequence": "RECURRENT",
        "state": "ACTIVE",
        "reason": None,
        "signedOn": "2026-09-01",
        "confirmedOn": None,
        "lastUsedOn": None,
        "usableUntil": "2029-09-01",
        "used": True,
        "problem": None,
        "createdAt": "2026-10-31T08:00:00.000Z",
    }
    assert (await nord.get(f"/Mandates/{mandate['mandateId']}")).json == mandate
    customer = (await nord.get("/Customers/K-1")).json
    assert customer["mandate"] == {
        "reference": "M-000001",
        "iban": IBAN,
        "signedOn": "2026-09-01",
    }


async def test_mandates_are_listed_a_page_at_a_time(nord):
    for number in ("K-1", "K-2", "K-1"):
        await made(nord, customerNumber=number)

    first = (await nord.get("/Mandates?limit=2")).json
    rest = (await nord.get(f"/Mandates?limit=2&cursor={first['nextCursor']}")).json
    own = (await nord.get("/Mandates?customerNumber=K-1")).json["data"]

    assert [one["reference"] for one in first["data"]] == ["M-000001", "M-000002"]
    assert [one["reference"] for one in rest["data"]] == ["M-000003"]
    assert [(one["reference"], one["used"]) for one in own] == [
        ("M-000001", False),
        ("M-000003", True),
    ]


async def test_what_cannot_be_a_mandate_is_refused_with_the_field(nord):
    await made(nord, reference="OWN-1")

    refused = [
        told(await nord.post("/Mandates", {**SIGNED, **changes}))
        for changes in (
            {"reference": "own-1"},
            {"reference": "OWN 2"},
            {"iban": "DE76512108001245126199"},
            {"signedOn": "2026-11-01"},
            {"scheme": "COR1"},
            {"customerNumber": "K-99"},
            {"state": "ACTIVE"},
        )
    ]

    assert refused == [
        (409, "number_taken", "/reference"),
        (422, "field_invalid", "/reference"),
        (422, "field_invalid", "/iban"),
        (422, "field_invalid", "/signedOn"),
        (422, "unknown_term", "/scheme"),
        (404, "not_found", "/customerNumber"),
        (400, "field_unknown", "/state"),
    ]


async def test_the_same_request_again_adds_no_second_mandate(nord):
    first = await nord.post("/Mandates", SIGNED, Idempotency_Key="a-key-of-the-shop")
    again = await nord.post("/Mandates", SIGNED, Idempotency_Key="a-key-of-the-shop")

    assert (first.status, again.status) == (201, 201)
    assert again.json == first.json
    assert len((await nord.get("/Mandates")).json["data"]) == 1


async def test_a_b2b_mandate_is_confirmed_used_and_revoked(nord):
    mandate = await made(nord, scheme="B2B")
    path = f"/Mandates/{mandate['mandateId']}"
    await made(nord)

    confirmed = (await nord.post(f"{path}/confirm", {"confirmedOn": "2026-10-20"})).json
    used = (await nord.post(f"{path}/use")).json
    moved = await nord.post(f"{path}/amend", {"iban": "DE02120300000000202051"})
    active = await nord.post(f"{path}/reactivate")
    revoked = (await nord.post(f"{path}/revoke", {"reason": "by letter"})).json

    assert mandate["problem"] == "is not confirmed at the debtor's bank yet (B2B)"
    assert (confirmed["confirmedOn"], confirmed["problem"]) == ("2026-10-20", None)
    assert (confirmed["used"], used["used"]) == (False, True)
    assert told(moved)[:2] == told(active)[:2] == (422, "transition_refused")
    assert (revoked["state"], revoked["reason"], revoked["used"]) == ("GONE", "by letter", False)
    assert (await nord.get("/Customers/K-1")).json["mandate"] is None


@pytest.fixture
def card(app: App) -> str:
    """The id of a card that K-1 left at the account `till`."""
    with app.database.write(app.tenant_id("nord")) as tx:
        write_account(tx, PaymentAccount("till", "double", frozenset({PaymentMethod.CARD})))
        saved = SavedMeans(
            means=MeansReference(reference="tok_secret"),
            method=PaymentMethod.CARD,
            label="Visa 4242",
        )
        return str(save_means(tx, read_customer(tx, "K-1").id, "till", saved).id)


async def test_a_saved_card_is_shown_without_its_token_and_forgotten(nord, card):
    """The provider's plugin is gone here: that it may still have the card is said."""
    listed = await nord.get("/Customers/K-1/PaymentMeans")
    one = await nord.get(f"/PaymentMeans/{card}")
    used = await nord.post(f"/PaymentMeans/{card}/use", {"contractNumber": "V-1"})
    suspended = await nord.post(f"/PaymentMeans/{card}/reactivate")
    forgotten = await nord.post(f"/PaymentMeans/{card}/forget")
    after = await nord.get(f"/PaymentMeans/{card}")

    assert listed.json["data"] == [one.json]
    assert (one.json["label"], one.json["forOneContract"]) == ("Visa 4242", False)
    assert b"tok_secret" not in listed.body + one.body + used.body
    assert used.json["forOneContract"] is True
    assert told(suspended)[:2] == (422, "transition_refused")
    assert "payment provider" in forgotten.json["problem"]
    assert (after.json["state"], after.json["reason"]) == (
        "GONE",
        "forgotten at the customer's wish",
    )


async def test_a_method_that_no_account_serves_is_refused_at_customer_and_contract(nord, card):
    """The account serves cards: PayPal would be collected by nobody, and nobody would notice."""
    refused = [
        told(await nord.patch(path, {"paymentMethod": "PAYPAL"}))
        for path in ("/Customers/K-1", "/Contracts/V-1")
    ]
    taken = [
        (await nord.patch(path, {"paymentMethod": "CARD"})).json["paymentMethod"]
        for path in ("/Customers/K-1", "/Contracts/V-1")
    ]

    assert card
    assert refused == [(422, "field_invalid", "/paymentMethod")] * 2
    assert taken == ["CARD", "CARD"]


async def test_payment_accounts_are_shown_and_paused(nord, card):
    (account,) = (await nord.get("/PaymentAccounts")).json["data"]
    paused = (await nord.post("/PaymentAccounts/till/pause", {"reason": "we move"})).json

    assert account == {
        "account": "till",
        "provider": "double",
        "methods": ["CARD"],
        "currencies": None,
        "state": "ACTIVE",
        "problem": None,
        "ledgerAccount": None,
    }
    assert card
    assert paused == {**account, "state": "PAUSED", "problem": "we move"}
    assert (await nord.get("/PaymentAccounts/till")).json == paused


async def test_a_key_needs_the_scope_and_its_project(nord, card, calling):
    """A contract of another project is as unknown as none; accounts are the tenant's."""
    reading = calling("nord", scopes=frozenset({Scope.PAYMENTS_READ}))
    other = calling("nord", project="zweit", scopes=frozenset({Scope.PAYMENTS_WRITE}))

    assert (await reading.get("/Mandates")).status == 200
    assert (await reading.post("/Mandates", SIGNED)).status == 403
    assert (await reading.get("/PaymentAccounts")).status == 403
    strange = await other.post(f"/PaymentMeans/{card}/use", {"contractNumber": "V-1"})
    assert told(strange)[:2] == (404, "not_found")
    assert (await nord.get(f"/PaymentMeans/{card}")).json["forOneContract"] is False

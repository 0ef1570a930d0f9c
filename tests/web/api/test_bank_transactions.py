"""Bank movements through the REST door: found, decided by people and by rules; on both databases."""

from html import escape

import pytest
from tests.web.api.bank_files import IBAN, OCTOBER, OTHER_IBAN, moved, statement
from tests.web.api.world import Answered, Caller

from faktura.domain.api_keys import Scope

NOBODY = "01890000-0000-7000-8000-000000000000"
PART = {"invoiceNumber": "RE-000002", "amount": "5.00"}


@pytest.fixture
async def bank(nord: Caller) -> Caller:
    """Nordwind with the movements of October: 71.40 is booked, 25.70 and -500.00 wait."""
    for iban in (IBAN, OTHER_IBAN):
        account = {"iban": iban, "holder": "Nordwind GmbH", "ledgerAccount": "1200"}
        assert (await nord.post("/BankAccounts", account)).status == 201
    path = f"/BankStatements?account={IBAN}&filename=october.xml"
    uploaded = await nord.post(path, OCTOBER, Content_Type="application/octet-stream")
    assert uploaded.status == 201, uploaded.body
    return nord


async def amounts(caller: Caller, query: str = "") -> list[str]:
    """The amounts of a list, in its order."""
    answered = await caller.get(f"/BankTransactions{query}")
    assert answered.status == 200, answered.body
    return [row["amount"] for row in answered.json["data"]]


async def movement(caller: Caller, amount: str) -> str:
    """The address of the movement of that amount."""
    listed = (await caller.get("/BankTransactions")).json["data"]
    return f"/BankTransactions/{next(row['id'] for row in listed if row['amount'] == amount)}"


def told(answered: Answered) -> tuple[int, str, str | None]:
    """Status, error key and field of a refusal."""
    return answered.status, answered.json["errorKey"], answered.json.get("field")


async def test_the_list_begins_with_the_latest_booking_and_says_what_waits(bank):
    listed = (await bank.get("/BankTransactions")).json["data"]

    assert [row["amount"] for row in listed] == ["-500.00", "25.70", "71.40"]
    assert listed[2] == {
        "id": listed[2]["id"],
        "account": IBAN,
        "bookedOn": "2026-10-28",
        "valueOn": "2026-10-28",
        "amount": "71.40",
        "currency": "EUR",
        "counterparty": "Kunde 1 GmbH",
        "remittance": "Rechnung RE-000001",
        "state": "BOOKED",
        "rule": listed[2]["rule"],
        "reason": listed[2]["reason"],
        "marked": False,
        "proposal": None,
        "proposalCount": 0,
    }
    assert [row["state"] for row in listed[:2]] == ["OPEN", "OPEN"]


async def test_each_condition_narrows_the_list(bank):
    """`bookedFrom` is inclusive, `bookedUntil` exclusive."""
    expected = {
        "?state=OPEN": ["-500.00", "25.70"],
        "?state=OPEN&state=BOOKED": ["-500.00", "25.70", "71.40"],
        "?state=RETURNED": [],
        "?direction=IN": ["25.70", "71.40"],
        "?direction=OUT": ["-500.00"],
        f"?account={IBAN}&state=BOOKED": ["71.40"],
        f"?account={OTHER_IBAN}": [],
        "?bookedFrom=2026-10-29": ["-500.00", "25.70"],
        "?bookedUntil=2026-10-29": ["71.40"],
    }

    found = {query: await amounts(bank, query) for query in expected}

    assert found == expected


async def test_the_list_is_read_a_page_at_a_time(bank):
    first = (await bank.get("/BankTransactions?limit=2")).json

    second = (await bank.get(f"/BankTransactions?limit=2&cursor={first['nextCursor']}")).json

    assert [row["amount"] for row in first["data"]] == ["-500.00", "25.70"]
    assert [row["amount"] for row in second["data"]] == ["71.40"]
    assert second["nextCursor"] is None


async def test_parameters_that_cannot_be_meant_are_refused_by_name(bank):
    refused = [
        told(await bank.get(f"/BankTransactions?{query}"))
        for query in ("direction=UP", "account=7", "cursor=WyI3Il0", "bookedFrom=soon", "sign=1")
    ]

    assert refused == [
        (422, "unknown_term", "direction"),
        (422, "field_invalid", "account"),
        (422, "field_invalid", "cursor"),
        (422, "date_unreadable", "bookedFrom"),
        (400, "field_unknown", "sign"),
    ]
    unknown = await bank.get("/BankTransactions?account=DE75512108001245126199")
    assert (unknown.status, unknown.json["errorKey"]) == (404, "not_found")


async def test_a_movement_shows_every_decision_with_its_evidence(bank):
    shown = (await bank.get(await movement(bank, "71.40"))).json

    (decision,) = shown["decisions"]
    assert (decision["no"], decision["outcome"]) == (1, "FULL")
    assert decision["decidedAt"] == "2026-10-31T08:00:00.000Z"
    assert decision["proof"]["raw"]["remittance"] == "Rechnung RE-000001"
    assert shown["endToEndId"] is None


async def test_a_person_assigns_a_payment_to_the_documents_it_is_for(bank):
    """25.70 is what is open of RE-000002."""
    path = await movement(bank, "25.70")

    answered = await bank.post(f"{path}/assign", {"invoiceNumbers": ["RE-000002"]})

    assert answered.status == 200
    assert answered.json == {
        "state": "BOOKED",
        "parts": [{"invoiceNumber": "RE-000002", "amount": "25.70"}],
        "credit": "0.00",
        "credits": [],
        "givenUp": [],
        "fee": "0.00",
    }
    assert (await bank.get("/Invoices/RE-000002")).json["state"] == "PAID"
    assert (await bank.get(path)).json["decisions"][-1]["outcome"] == "ASSIGNED"


async def test_a_payment_without_a_document_becomes_a_customers_credit(bank):
    path = await movement(bank, "25.70")

    answered = await bank.post(f"{path}/assign", {"customerNumber": "K-5"})

    assert answered.status == 200
    assert answered.json == {
        "state": "BOOKED",
        "parts": [],
        "credit": "25.70",
        "credits": [{"customerNumber": "K-5", "amount": "25.70"}],
        "givenUp": [],
        "fee": "0.00",
    }


async def test_a_movement_is_for_documents_or_for_a_customer(bank):
    path = f"{await movement(bank, '25.70')}/assign"
    bodies: tuple[dict[str, object], ...] = (
        {},
        {"invoiceNumbers": []},
        {"invoiceNumbers": ["RE-000002"], "customerNumber": "K-2"},
        {"invoiceNumbers": "RE-000002"},
        {"invoiceNumbers": [2]},
        {"numbers": []},
    )

    refused = [told(await bank.post(path, body)) for body in bodies]

    assert refused == [
        (422, "field_missing", "/invoiceNumbers"),
        (422, "field_missing", "/invoiceNumbers"),
        (422, "field_invalid", "/customerNumber"),
        (400, "field_invalid", "/invoiceNumbers"),
        (400, "field_invalid", "/invoiceNumbers/0"),
        (400, "field_unknown", "/numbers"),
    ]


async def test_what_a_movement_is_for_has_to_exist_and_to_come_out_even(bank):
    waiting, rent = await movement(bank, "25.70"), await movement(bank, "-500.00")
    booked = await movement(bank, "71.40")
    refused = [
        told(await bank.post(f"{path}/assign", body))[:2]
        for path, body in (
            (waiting, {"invoiceNumbers": ["RE-999999"]}),
            (waiting, {"customerNumber": "K-99"}),
            (waiting, {"invoiceNumbers": ["RE-000001", "RE-000002"]}),
            (rent, {"customerNumber": "K-1"}),
            (booked, {"invoiceNumbers": ["RE-000002"]}),
        )
    ]

    assert refused == [
        (404, "not_found"),
        (404, "not_found"),
        (422, "transition_refused"),
        (422, "transition_refused"),
        (422, "transition_refused"),
    ]


async def test_a_movement_is_split_over_documents_and_customers(bank):
    """25.70: 20.00 of RE-000002 and 5.70 as credit of K-5."""
    path = await movement(bank, "25.70")
    parts = {**PART, "amount": "20.00"}
    body = {"parts": [parts], "credits": [{"customerNumber": "K-5", "amount": "5.70"}]}

    answered = await bank.post(f"{path}/split", body)

    assert answered.status == 200, answered.body
    assert answered.json == {
        "state": "BOOKED",
        "parts": [parts],
        "credit": "5.70",
        "credits": body["credits"],
        "givenUp": [],
        "fee": "0.00",
    }
    assert (await bank.get(path)).json["rule"] == "person"


async def test_the_payers_own_text_comes_out_as_it_went_in(bank):
    """F092: umlauts, several lines, blanks at the ends; on the movement and on the account, by days."""
    lines = ("Müller & Söhne – Straße  ", "  Ж ß, 2. Zeile", 'danke "sehr"')
    text = "</Ustrd><Ustrd>".join(escape(line) for line in lines)
    file = statement(moved("1.00", text, on="2026-10-30"), number="S2", balances=("1.00", "2.00"))
    path = f"/BankStatements?account={IBAN}&filename=text.xml"
    assert (await bank.post(path, file, Content_Type="application/octet-stream")).status == 201
    own = await movement(bank, "1.00")

    done = await bank.post(f"{own}/split", {"parts": [{**PART, "amount": "1.00"}]})

    assert done.status == 200, done.body
    assert (await bank.get(own)).json["remittance"] == "\n".join(lines)
    account = (await bank.get("/Customers/K-2/Transactions")).json["data"]
    (booked,) = [row for row in account if row["amount"] == "-1.00"]
    assert booked["remittance"] == "\n".join(lines)
    assert booked["valueDate"] == "2026-10-30"
    assert booked["recordedAt"] == "2026-10-31T08:00:00.000Z"


async def test_an_act_that_is_sent_twice_under_one_key_is_done_once(bank):
    """Idempotency-Key, as on every POST."""
    path = await movement(bank, "71.40")
    sent = [
        await bank.post(f"{path}/undo", {"reason": "Irrtum"}, Idempotency_Key="undo-1")
        for _ in range(2)
    ]

    assert [answered.status for answered in sent] == [200, 200]
    assert sent[0].json == sent[1].json
    assert len((await bank.get(path)).json["decisions"]) == 2


async def test_a_split_sums_to_the_movement_and_names_each_once(bank):
    path = f"{await movement(bank, '25.70')}/split"
    credit = {"customerNumber": "K-5", "amount": "20.70"}
    bodies: tuple[dict[str, object], ...] = (
        {},
        {"parts": [PART]},
        {"parts": [PART, PART]},
        {"parts": [{**PART, "amount": "5.001"}], "credits": [credit]},
        {"parts": [PART], "credits": [{**credit, "amount": "-1.00"}]},
        {"parts": [PART], "credits": [credit], "giveUpAs": "GIFT"},
        {"parts": [PART], "credits": [credit], "giveUpAs": "WRITE_OFF"},
    )

    refused = [told(await bank.post(path, body))[:2] for body in bodies]

    assert refused == [
        (422, "field_missing"),
        (422, "transition_refused"),
        (422, "field_repeated"),
        (422, "too_precise"),
        (422, "out_of_range"),
        (422, "unknown_term"),
        (422, "transition_refused"),
    ]


async def test_what_a_rule_booked_is_undone_and_waits(bank):
    """The document is open again; no rule books it a second time."""
    path = await movement(bank, "71.40")

    answered = await bank.post(f"{path}/undo", {"reason": "Falsch zugeordnet"})
    twice = await bank.post(f"{path}/undo", {"reason": "Falsch zugeordnet"})

    assert answered.status == 200, answered.body
    assert (answered.json["state"], answered.json["rule"]) == ("OPEN", "undone")
    assert (answered.json["invoices"], answered.json["stays"]) == (["RE-000001"], [])
    assert told(twice)[:2] == (422, "transition_refused")
    assert (await bank.post("/BankTransactions/match")).json["booked"] == 0


async def test_a_proposal_is_shown_and_confirmed(bank):
    """The payer's name and the amount fit RE-000002: no proof, so a person confirms it."""
    path = await movement(bank, "25.70")

    shown = (await bank.get(path)).json
    answered = await bank.post(f"{path}/confirm", {"proposal": 1, "decisionNo": 1})

    assert (shown["proposalCount"], shown["marked"]) == (1, False)
    assert shown["proposals"] == [shown["proposal"]]
    assert shown["proposal"] == {
        "no": 1,
        "rule": "payer-and-amount",
        "reason": shown["proposal"]["reason"],
        "parts": [{"invoiceNumber": "RE-000002", "amount": "25.70"}],
        "credit": "0.00",
        "givenUp": "0.00",
        "customerNumber": "K-2",
    }
    assert answered.status == 200, answered.body
    assert answered.json["parts"] == shown["proposal"]["parts"]
    assert (await bank.get("/Invoices/RE-000002")).json["state"] == "PAID"


async def test_only_what_is_proposed_can_be_confirmed(bank):
    """Neither a proposal that there is not nor one of a decision that is not the last."""
    path = f"{await movement(bank, '-500.00')}/confirm"
    bodies: tuple[dict[str, object], ...] = (
        {},
        {"proposal": 0},
        {"proposal": "1"},
        {"decisionNo": 7},
    )

    refused = [told(await bank.post(path, body))[:2] for body in bodies]

    assert refused == [
        (422, "out_of_range"),
        (422, "out_of_range"),
        (400, "field_invalid"),
        (409, "conflict"),
    ]


async def test_a_movement_that_is_none_of_ours_is_dismissed_and_opened_again(bank):
    path = await movement(bank, "-500.00")

    dismissed = await bank.post(f"{path}/dismiss", {"reason": "rent"})
    again = await bank.post(f"{path}/dismiss", {"reason": "rent"})
    opened = await bank.post(f"{path}/reopen")
    twice = await bank.post(f"{path}/reopen")

    assert (dismissed.status, dismissed.json["state"]) == (200, "DISMISSED")
    assert dismissed.json["decisions"][-1]["reason"] == "rent"
    assert told(again)[:2] == (422, "transition_refused")
    assert (opened.status, opened.json["state"]) == (200, "OPEN")
    assert told(twice)[:2] == (422, "transition_refused")


async def test_a_movement_is_not_dismissed_without_a_reason(bank):
    path = f"{await movement(bank, '-500.00')}/dismiss"
    refused = [told(await bank.post(path, body)) for body in ({}, {"reason": 5}, {"reason": " "})]

    assert refused == [
        (400, "field_missing", "/reason"),
        (400, "field_invalid", "/reason"),
        (422, "field_missing", "/reason"),
    ]


async def test_the_rules_decide_again_about_all_that_waits(bank):
    answered = await bank.post("/BankTransactions/match")

    assert answered.status == 200
    assert answered.json == {"booked": 0, "returned": 0, "open": 2}


async def test_a_movement_that_nobody_has_is_not_found(bank, sued):
    own = await movement(bank, "25.70")
    for caller, path in ((bank, f"/BankTransactions/{NOBODY}"), (sued, own)):
        for answered in (
            await caller.get(path),
            await caller.post(f"{path}/assign", {"invoiceNumbers": ["RE-000002"]}),
            await caller.post(f"{path}/assign", {"customerNumber": "K-1"}),
            await caller.post(f"{path}/dismiss", {"reason": "rent"}),
            await caller.post(f"{path}/reopen"),
            await caller.post(f"{path}/confirm", {}),
            await caller.post(f"{path}/split", {"parts": [PART]}),
            await caller.post(f"{path}/undo", {"reason": "Irrtum"}),
        ):
            assert told(answered)[:2] == (404, "not_found")
    assert await amounts(sued) == []


async def test_a_key_needs_the_scope_to_look_and_the_one_to_decide(bank, calling):
    own = await movement(bank, "25.70")
    reader = calling("nord", scopes=frozenset({Scope.BANK_READ}))
    stranger = calling("nord", scopes=frozenset({Scope.INVOICES_READ}))

    for path in ("/BankTransactions", own):
        assert (await reader.get(path)).status == 200
        assert told(await stranger.get(path))[:2] == (403, "scope_missing")
    for answered in (
        await reader.post(f"{own}/assign", {"customerNumber": "K-1"}),
        await reader.post(f"{own}/dismiss", {"reason": "rent"}),
        await reader.post(f"{own}/reopen"),
        await reader.post(f"{own}/confirm", {}),
        await reader.post(f"{own}/split", {"parts": [PART]}),
        await reader.post(f"{own}/undo", {"reason": "Irrtum"}),
        await reader.post("/BankTransactions/match"),
    ):
        assert told(answered)[:2] == (403, "scope_missing")

"""Contracts paused and resumed over REST; it is 31 October 2026 (F030, F032, F033, P10)."""

from faktura.domain.api_keys import Scope

REST = {"start": "2026-10-20", "reason": "Rücklastschrift"}


async def contract_of(caller, **term: object) -> str:
    """The number of a new active contract of K-1 over A-1 from 1 October."""
    created = await caller.post(
        "/Contracts",
        {
            "contractNumber": "V-P",
            "customerNumber": "K-1",
            "project": "main",
            "start": "2026-10-01",
            "billingInterval": {"unit": "MONTH"},
            "subscriptions": [{"items": [{"articleNumber": "A-1", "quantity": "1"}]} | term],
            "activate": True,
        },
    )
    assert created.status == 201, created.json
    return str(created.json["contractNumber"])


async def test_a_contract_is_paused_and_resumed(nord):
    """F030: what a person sees is the state of today and every pause."""
    number = await contract_of(nord)

    paused = await nord.post(f"/Contracts/{number}/pause", REST)

    assert paused.status == 200
    (shown,) = paused.json["subscriptions"]
    assert shown["state"] == "PAUSED"
    assert shown["pauses"] == [{"start": "2026-10-20", "end": None, "reason": "Rücklastschrift"}]

    resumed = await nord.post(f"/Contracts/{number}/resume", {"on": "2026-10-25"})

    (shown,) = resumed.json["subscriptions"]
    assert shown["state"] == "RUNNING"
    assert [pause["end"] for pause in shown["pauses"]] == ["2026-10-25"]
    assert (await nord.get(f"/Contracts/{number}/Subscription")).json == resumed.json


async def test_a_planned_pause_has_both_ends(nord):
    """P10: it is still running today."""
    number = await contract_of(nord)

    planned = await nord.post(
        f"/Contracts/{number}/pause",
        {"start": "2026-12-01", "end": "2027-01-01", "reason": "winter", "subscription": 1},
    )

    (shown,) = planned.json["subscriptions"]
    assert (shown["state"], shown["pauses"][0]["end"]) == ("RUNNING", "2027-01-01")


async def test_the_terms_are_shown_as_of_today(nord):
    """F032, F033: a year from 1 October 2026, renewed by a year, three months' notice."""
    number = await contract_of(
        nord,
        minimumTerm={"unit": "YEAR"},
        notice={"count": 3, "unit": "MONTH"},
        renewal="FIXED",
        renewalTerm={"unit": "YEAR"},
    )

    (shown,) = (await nord.get(f"/Contracts/{number}/Subscription")).json["subscriptions"]

    assert (shown["termEnd"], shown["earliestEnd"], shown["terminatedAsOf"]) == (
        "2027-10-01",
        "2027-10-01",
        None,
    )


async def test_an_indefinite_term_ends_with_its_notice(nord):
    """§ 188 BGB: a month from 31 October ends with 30 November."""
    number = await contract_of(nord, notice={"unit": "MONTH"})

    (shown,) = (await nord.get(f"/Contracts/{number}/Subscription")).json["subscriptions"]

    assert (shown["termEnd"], shown["earliestEnd"]) == (None, "2026-12-01")


async def test_what_cannot_be_is_refused_by_name(nord):
    """P10: the field is named."""
    number = await contract_of(nord)
    act = f"/Contracts/{number}"

    late = await nord.post(f"{act}/pause", REST | {"end": "2026-10-20"})
    silent = await nord.post(f"{act}/pause", {"start": "2026-10-20", "reason": ""})
    running = await nord.post(f"{act}/resume", {"on": "2026-10-25"})
    unknown = await nord.post("/Contracts/V-999/pause", REST)

    assert (late.status, late.json["errorKey"]) == (422, "out_of_range")
    assert silent.status == 422
    assert (running.status, running.json["errorKey"]) == (422, "transition_refused")
    assert unknown.status == 404


async def test_other_tenants_projects_and_scopes_stay_outside(nord, sued, calling):
    """F114: a contract of another tenant or project is not there; reading is not enough."""
    number = await contract_of(nord)
    elsewhere = calling("nord", project="zweit", scopes=frozenset({Scope.CONTRACTS_WRITE}))
    reader = calling("nord", scopes=frozenset({Scope.CONTRACTS_READ}))

    answers = [
        (await caller.post(f"/Contracts/{number}/{act}", body)).status
        for caller in (sued, elsewhere, reader)
        for act, body in (("pause", REST), ("resume", {"on": "2026-10-25"}))
    ]

    assert answers == [404, 404, 404, 404, 403, 403]


async def test_an_article_says_what_a_pause_means(nord):
    """P10: no is the default; each can be changed."""
    changed = await nord.patch("/Items/A-1", {"pauseBilledLater": True, "pauseExtendsTerm": True})

    assert changed.status == 200
    assert [
        changed.json[name]
        for name in ("pauseExtendsTerm", "pauseBilledLater", "pauseWholePeriodsOnly")
    ] == [True, True, False]
    assert (await nord.get("/Items/A-1")).json == changed.json

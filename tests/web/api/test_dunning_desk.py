"""Dunning through the REST door: its policy, what is stopped, notices, letters, waivers (F083, F084)."""

import json
from datetime import date

import pytest
from tests.services.hub.conftest import install
from tests.web.api.test_keys import OF_A_PROJECT
from tests.web.api.test_letters import WRITER, app

from faktura.domain.api_keys import Scope
from faktura.flows.dunning import run_dunning
from faktura.kernel.errors import FieldInvalid

__all__ = ["WRITER", "app", "install"]

STOP = {"target": "DOCUMENT", "number": "RE-000001", "reason": "Reklamation"}


@pytest.fixture
async def notice(app, nord):
    """The notice about RE-000001, 71.40 due on 15 October, with interest of 10 %, on 31 October.

    16 days of 71.40 at 10 % are 0.31 (0.3130). K-6 gets one as well; K-2 is stopped.
    """
    level = {"days": 7, "interest": "OWN", "rate": "10", "texts": {"de": "{{ customer.name }}!"}}
    assert (await nord.patch("/DunningPolicy", {"levels": [level]})).status == 200
    stop = {**STOP, "target": "CUSTOMER", "number": "K-2"}
    assert (await nord.post("/DunningStops", stop)).status == 201
    run_dunning(app.database, app.tenant("nord"), date(2026, 10, 31))
    (found,) = (await nord.get("/DunningNotices?customerNumber=K-1")).json["data"]
    return found


async def test_the_policy_is_read_and_changed_by_patch(nord):
    """What is named is set; levels are replaced as a whole."""
    before = await nord.get("/DunningPolicy")
    level = {"days": 10, "fee": "2.50", "texts": {"de": "Hallo {{ customer.name }}"}}

    after = await nord.patch(
        "/DunningPolicy",
        {"graceDays": 20, "levels": [level], "consumerNotice": {"de": "Verzug"}},
        If_Match=before.headers["ETag"],
    )

    assert [one["days"] for one in before.json["levels"]] == [7, 14, 14]
    assert after.status == 200, after.body
    assert after.json == {
        "levels": [
            {
                "days": 10,
                "fee": "2.50",
                "interest": "NONE",
                "rate": None,
                "flat": False,
                "payDays": 7,
                "texts": {"de": "Hallo {{ customer.name }}"},
            }
        ],
        "graceDays": 20,
        "least": "0.00",
        "byItself": False,
        "letters": True,
        "consumerNotice": {"de": "Verzug"},
    }
    assert (await nord.get("/DunningPolicy")).json == after.json
    removed = await nord.patch("/DunningPolicy", {"consumerNotice": {"de": None}})
    assert removed.json["consumerNotice"] == {}
    stale = await nord.patch("/DunningPolicy", {"least": "1"}, If_Match=before.headers["ETag"])
    assert stale.status == 412


@pytest.mark.parametrize(
    ("patch", "status", "key"),
    [
        ({"graceDays": 400}, 422, "out_of_range"),
        ({"levels": [{"days": 0}]}, 422, "out_of_range"),
        ({"levels": [{"days": 7}] * 6}, 422, "out_of_range"),
        ({"levels": [{"days": 7, "interest": "OWN"}]}, 422, "field_missing"),
        ({"levels": [{"days": 7, "texts": {"de": "{{ x.y }}"}}]}, 422, "template_refused"),
        ({"unknown": 1}, 400, "field_unknown"),
        ({"least": 5}, 400, "field_invalid"),
    ],
)
async def test_a_policy_that_cannot_be_meant_is_refused(nord, patch, status, key):
    """Nothing of it is set."""
    answered = await nord.patch("/DunningPolicy", patch)

    assert answered.status == status, answered.body
    assert answered.json["errorKey"] == key
    assert [one["days"] for one in (await nord.get("/DunningPolicy")).json["levels"]] == [7, 14, 14]


async def test_a_document_is_stopped_listed_and_dunned_again(nord):
    """With who did it: the key's name."""
    made = await nord.post("/DunningStops", {**STOP, "until": "2026-11-30"})

    assert made.status == 201, made.body
    stop = made.json["stopId"]
    assert made.headers["Location"].endswith(f"/DunningStops/{stop}")
    assert {name: made.json[name] for name in ("target", "number", "customerNumber", "until")} == {
        "target": "DOCUMENT",
        "number": "RE-000001",
        "customerNumber": "K-1",
        "until": "2026-11-30",
    }
    assert (made.json["setBy"], made.json["liftedAt"]) == ("test", None)
    assert (await nord.get(f"/DunningStops/{stop}")).json == made.json
    lifted = await nord.post(f"/DunningStops/{stop}/lift")
    assert (lifted.status, lifted.json["liftedBy"]) == (200, "test")
    assert (await nord.post(f"/DunningStops/{stop}/lift")).status == 409
    assert (await nord.get("/DunningStops")).json["data"] == [lifted.json]
    assert (await nord.get("/DunningStops?holding=true")).json["data"] == []
    assert (await nord.get("/DunningStops?customerNumber=K-2")).json["data"] == []


async def test_what_cannot_be_stopped_is_refused(nord):
    """Nothing of that number; no such target; a day that is over; twice."""
    missing = await nord.post("/DunningStops", {**STOP, "number": "RE-999999"})
    wrong = await nord.post("/DunningStops", {**STOP, "target": "PROJECT"})
    over = await nord.post("/DunningStops", {**STOP, "until": "2026-10-30"})
    first = await nord.post("/DunningStops", STOP)
    twice = await nord.post("/DunningStops", STOP)

    assert [one.status for one in (missing, wrong, over, first, twice)] == [404, 422, 422, 201, 409]


async def test_stops_are_read_page_by_page(nord):
    """Newest first."""
    await nord.post("/DunningStops", STOP)
    await nord.post("/DunningStops", {**STOP, "target": "CONTRACT", "number": "V-1"})

    first = (await nord.get("/DunningStops?limit=1")).json
    second = (await nord.get(f"/DunningStops?limit=1&cursor={first['nextCursor']}")).json

    assert [one["number"] for one in first["data"] + second["data"]] == ["V-1", "RE-000001"]
    assert second["nextCursor"] is None


async def test_a_notice_is_listed_and_read_with_its_documents(nord, notice):
    """71.40 and 0.31: 71.71."""
    assert {name: notice[name] for name in ("customerNumber", "level", "open", "interest")} == {
        "customerNumber": "K-1",
        "level": 1,
        "open": "71.40",
        "interest": "0.31",
    }
    assert (notice["total"], notice["charges"], notice["chargesOpen"]) == (
        "71.71",
        "MG-000001",
        "0.31",
    )
    whole = (await nord.get(f"/DunningNotices/{notice['noticeId']}")).json
    assert whole["text"] == "Kunde 1 GmbH!"
    assert whole["documents"] == [
        {
            "number": "RE-000001",
            "issuedOn": "2026-10-01",
            "dueOn": "2026-10-15",
            "level": 1,
            "gross": "71.40",
            "open": "71.40",
            "interest": "0.31",
            "interestFrom": "2026-10-16",
            "interestUntil": "2026-10-31",
            "flat": "0.00",
        }
    ]
    assert {name: whole[name] for name in notice} == notice
    for query, count in (
        ("customerNumber=K-1", 1),
        ("customerNumber=K-2", 0),
        ("invoiceNumber=RE-000001", 1),
        (f"runId={notice['runId']}", 2),
    ):
        assert len((await nord.get(f"/DunningNotices?{query}")).json["data"]) == count


async def test_the_level_stands_on_the_invoice(nord, notice):
    """F083: in the list and alone; 0 on what was never dunned."""
    listed = {one["number"]: one for one in (await nord.get("/Invoices")).json["data"]}

    assert notice["level"] == 1
    assert (listed["RE-000001"]["dunningLevel"], listed["RE-000002"]["dunningLevel"]) == (1, 0)
    assert (await nord.get("/Invoices/RE-000001")).json["dunningLevel"] == 1


async def test_the_letter_is_the_same_file_each_time(nord, notice):
    """Its bytes are kept with the notice."""
    path = f"/DunningNotices/{notice['noticeId']}/Letter"

    first, second = await nord.get(path), await nord.get(path)

    assert (first.status, first.headers["Content-Type"]) == (200, "application/pdf")
    assert "K-1-2026-10-31-EUR.pdf" in first.headers["Content-Disposition"]
    assert json.loads(first.body)["total"] == "71.71"
    assert second.body == first.body


async def test_charges_are_waived_once(nord, notice):
    """The notice keeps what it said."""
    path = f"/DunningNotices/{notice['noticeId']}/waive"

    waived = await nord.post(path, {"reason": "Kulanz"})
    again = await nord.post(path, {"reason": "Kulanz"})

    assert waived.status == 200, waived.body
    assert (waived.json["interest"], waived.json["chargesOpen"]) == ("0.31", "0.00")
    assert again.status == 422
    assert (await nord.post(path, {"reason": " "})).status == 422


async def test_a_key_that_reads_stops_nothing(calling):
    """Seeing what is stopped is one right, stopping another."""
    reader = calling("nord", scopes=frozenset({Scope.DUNNING_READ}))

    assert (await reader.get("/DunningStops")).status == 200
    assert (await reader.post("/DunningStops", STOP)).status == 403


async def test_a_key_of_one_project_cannot_have_the_scopes(calling):
    """A notice is about all that a customer owes, whatever the project."""
    second = calling("nord", project="zweit", scopes=OF_A_PROJECT)

    for scope in (Scope.DUNNING_READ, Scope.DUNNING_WRITE):
        with pytest.raises(FieldInvalid, match=f"{scope} cannot be given for one project"):
            calling("nord", project="zweit", scopes=frozenset({scope}))
    assert (await second.get("/DunningStops")).status == 403
    assert (await second.get("/DunningNotices")).status == 403

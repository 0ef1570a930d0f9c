"""Letters through the REST door: what is in them, who may have them; on both databases."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from tests.services.hub.conftest import Install, install
from tests.web.api.world import Caller, make_key, open_world

from faktura.bootstrap import App
from faktura.domain.api_keys import Scope
from faktura.web.application import create_app

__all__ = ["install"]

OCTOBER = "from=2026-10-01&until=2026-10-31"
WRITER = """
from tests.services.letters.writer import JsonLetters


@hookimpl
def describe_plugin():
    return manifest("letters")


@hookimpl
def register_document_formats():
    return (JsonLetters,)
"""


@pytest.fixture
def app(world_url: str, tmp_path: Path, install: Install) -> Iterator[App]:
    """The application with a plugin that writes letters."""
    opened = open_world(world_url, tmp_path, install("letters", WRITER))
    yield opened
    opened.close()


def read(answered: Any) -> Any:
    """What is in the letter; the test's format writes JSON under the name of a PDF."""
    assert answered.status == 200, answered.body
    assert answered.headers["Content-Type"] == "application/pdf"
    return json.loads(answered.body)


async def test_a_statement_covers_both_days(nord):
    """35.70 on 1 October, 10.00 paid on the 20th."""
    answered = await nord.get(f"/Customers/K-2/AccountStatement?{OCTOBER}")

    statement = read(answered)
    assert (statement["opening"], statement["closing"]) == ("0.00", "25.70")
    assert [(one["on"], one["amount"]) for one in statement["entries"]] == [
        ("2026-10-01", "35.70"),
        ("2026-10-20", "-10.00"),
    ]
    # The world is looked at on 31 October.
    assert statement["head"]["written_on"] == "2026-10-31"
    assert answered.headers["Content-Disposition"] == (
        'attachment; filename="K-2-2026-10-01-2026-10-31.pdf"'
    )


async def test_a_reminder_asks_for_what_is_overdue(nord):
    """25.70 are left of RE-000002; seven days to pay from today, 31 October."""
    answered = await nord.get("/Customers/K-2/Reminder?level=1")

    reminder = read(answered)
    assert [(one["number"], one["open"]) for one in reminder["items"]] == [("RE-000002", "25.70")]
    assert (reminder["level"], reminder["total"], reminder["pay_by"]) == (1, "25.70", "2026-11-07")
    assert answered.headers["Content-Disposition"] == 'attachment; filename="K-2-2026-10-31.pdf"'


async def test_day_term_and_currency_can_be_given(nord):
    """A reminder of 16 October, to be paid until the 31st."""
    query = "on=2026-10-16&payBy=2026-10-31&currency=EUR"

    reminder = read(await nord.get(f"/Customers/K-2/Reminder?{query}"))

    assert (reminder["head"]["written_on"], reminder["pay_by"]) == ("2026-10-16", "2026-10-31")


@pytest.mark.parametrize(
    ("path", "status", "key"),
    [
        ("/Customers/K-3/Reminder", 422, "transition_refused"),  # RE-000003 is paid
        ("/Customers/K-2/Reminder?level=4", 422, "out_of_range"),
        ("/Customers/K-2/Reminder?on=2026-10-15", 422, "transition_refused"),
        ("/Customers/K-2/Reminder?payBy=2026-10-30", 422, "out_of_range"),
        ("/Customers/K-NONE/Reminder", 404, "not_found"),
        (f"/Customers/K-NONE/AccountStatement?{OCTOBER}", 404, "not_found"),
        (f"/Customers/K-2/AccountStatement?{OCTOBER}&currency=CHF", 404, "not_found"),
        (
            "/Customers/K-2/AccountStatement?from=2026-10-02&until=2026-10-01",
            422,
            "out_of_range",
        ),
    ],
)
async def test_what_cannot_be_written_is_a_problem_with_its_name(nord, path, status, key):
    answered = await nord.get(path)

    assert (answered.status, answered.json["errorKey"]) == (status, key), answered.body


@pytest.mark.parametrize(
    ("query", "status", "key", "field"),
    [
        ("until=2026-10-31", 400, "field_missing", "from"),
        ("from=2026-10-01", 400, "field_missing", "until"),
        ("from=2026-02-30&until=2026-10-31", 422, "date_unreadable", "from"),
    ],
)
async def test_the_days_of_a_statement_must_be_given_and_be_days(nord, query, status, key, field):
    """By the name of what is missing or cannot be read."""
    answered = await nord.get(f"/Customers/K-2/AccountStatement?{query}")

    assert (answered.status, answered.json["errorKey"]) == (status, key), answered.body
    assert answered.json["field"] == field


async def test_each_letter_needs_its_scope(calling):
    """The account belongs to the customer, a reminder tells of documents."""
    of_customers = calling("nord", scopes=frozenset({Scope.CUSTOMERS_READ}))
    of_invoices = calling("nord", scopes=frozenset({Scope.INVOICES_READ}))
    statement, reminder = f"/Customers/K-2/AccountStatement?{OCTOBER}", "/Customers/K-2/Reminder"

    assert (await of_customers.get(statement)).status == 200
    assert (await of_customers.get(reminder)).status == 403
    assert (await of_invoices.get(statement)).status == 403
    assert (await of_invoices.get(reminder)).status == 200
    assert (await calling(None).get(statement)).status == 401


async def test_no_letter_tells_of_another_tenant(nord, sued):
    """Süd owes 297.50 for SU-000001; Nordwind's K-1 is not Süd's, K-SUED not Nordwind's."""
    for path in ("AccountStatement?" + OCTOBER, "Reminder"):
        crossing = [
            await nord.get(f"/Customers/K-SUED/{path}"),
            await sued.get(f"/Customers/K-2/{path}"),
        ]
        assert [(one.status, one.json["errorKey"]) for one in crossing] == [(404, "not_found")] * 2

    own = read(await sued.get("/Customers/K-SUED/Reminder"))
    assert [one["number"] for one in own["items"]] == ["SU-000001"]
    assert own["total"] == "297.50"
    theirs = read(await nord.get(f"/Customers/K-1/AccountStatement?{OCTOBER}"))
    assert [one["text"] for one in theirs["entries"]] == ["Rechnung RE-000001"]
    assert theirs["head"]["seller"]["name"] == "Nordwind GmbH"


async def test_a_key_of_one_project_reminds_of_its_own_documents_only(calling):
    """RE-000002 was billed in `main`; a key of `zweit` knows of nothing overdue."""
    main, other = (
        calling("nord", project=key, scopes=frozenset({Scope.INVOICES_READ}))
        for key in ("main", "zweit")
    )

    inside = await main.get("/Customers/K-2/Reminder")
    outside = await other.get("/Customers/K-2/Reminder")

    assert [one["number"] for one in read(inside)["items"]] == ["RE-000002"]
    assert (outside.status, outside.json["errorKey"]) == (422, "transition_refused")


async def test_without_a_plugin_that_writes_letters_the_operator_is_told(
    world_url, tmp_path, caplog
):
    """503: nothing is wrong with the request; what to enable stands in the log."""
    app = open_world(world_url, tmp_path, "xrechnung")
    async with TestClient(TestServer(create_app(app))) as client:
        caller = Caller(client, make_key(app, "nord"))
        answered = await caller.get("/Customers/K-2/Reminder")
    app.close()

    assert (answered.status, answered.json["errorKey"]) == (503, "unavailable")
    assert "offers the document format “pdf”" in caplog.text

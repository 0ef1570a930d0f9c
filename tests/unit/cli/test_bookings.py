"""faktura bookings, tasks, and the history of a contract, as an operator calls them."""

import json
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from tests.unit.cli.test_master_data import CATALOGUE, CUSTOMERS

from faktura.cli.session import running
from faktura.kernel.errors import FieldMissing, NotFound, OutOfRange
from faktura.services.booking_splits import split_booked_item

CONTRACTS = """[{
  "customerNumber": "K-000001", "start": "2026-01-01", "billingInterval": {"unit": "MONTH"},
  "activate": true,
  "subscriptions": [
    {"items": [{"articleNumber": "WEB-M", "quantity": "3", "billedUntil": "2026-09-01",
                "ledgerAccount": "8405"}]}
  ],
  "activities": [{"articleNumber": "SETUP", "quantity": "2", "from": "2026-09-01", "manual": true}]
}]"""
NUMBER = "V-000001"


@pytest.fixture
def booked(shell, tmp_path):
    """A tenant with one contract that runs."""
    for name, content in (
        ("catalogue.json", CATALOGUE),
        ("customers.csv", CUSTOMERS),
        ("contracts.json", CONTRACTS),
    ):
        (tmp_path / name).write_text(content, encoding="utf-8")
    for arguments in (
        ("db", "init"),
        ("tenants", "create", "nordlicht", "--name", "Nordlicht GmbH", "--street", "Kai 1",
         "--zip", "24103", "--city", "Kiel", "--vat-id", "DE123456788",
         "--iban", "DE02120300000000202051"),
        ("catalogue", "import", "catalogue.json"),
        ("customers", "import", "customers.csv"),
        ("contracts", "import", "contracts.json"),
    ):  # fmt: skip
        done = shell(*arguments)
        assert done.exit_code == 0, (arguments, done.output, done.exception)
    return shell


def rows(shell, *arguments: str):
    """What a command prints as JSON."""
    done = shell(*arguments, "--json")
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads(done.output)


def test_bookings_are_listed_and_added_up(booked):
    """3 x 30.00 a month, 2 x 95.00 once (F043)."""
    item, one_off = rows(booked, "bookings", "list")
    by_account = rows(booked, "bookings", "list", "--account", "8405", "--status", "OPEN")

    assert (item["kind"], item["monthly"], item["ledgerAccount"]) == ("ITEM", "90.00", "8405")
    assert (one_off["kind"], one_off["amount"], one_off["monthly"]) == ("ACTIVITY", "190.00", None)
    assert by_account == [item]
    assert rows(booked, "bookings", "sums") == [
        {
            "currency": "EUR",
            "monthly": "90.00",
            "oneOffs": "190.00",
            "items": 1,
            "activities": 1,
            "unpriced": 0,
        }
    ]
    assert rows(booked, "bookings", "sums", "--selection", "OPEN_ONE_OFFS")[0]["items"] == 0
    assert rows(booked, "bookings", "list", "--kind", "ITEM", "--article", "SETUP") == []
    assert "190.00" in booked("bookings", "list", "--contract", NUMBER).output


def test_an_invoice_is_put_off_and_the_history_says_why(booked):
    """F036: lifted without a day."""
    moved = booked(
        "contracts", "move-invoice-date", NUMBER, "--to", "2199-01-01", "--reason", "PAUSE",
        "--text", "Umzug",
    )  # fmt: skip
    lifted = rows(
        booked, "contracts", "move-invoice-date", NUMBER, "--reason", "INDIVIDUAL", "--text", "doch"
    )
    early = booked(
        "contracts", "move-invoice-date", NUMBER, "--to", "2020-01-01", "--reason", "PAUSE",
        "--text", "x",
    )  # fmt: skip
    untold = booked("contracts", "move-invoice-date", NUMBER, "--reason", "PAUSE", "--text", " ")
    told = rows(booked, "contracts", "history", NUMBER)

    assert moved.output == f"{NUMBER} is not billed before 2199-01-01.\n"
    assert lifted == {"contractNumber": NUMBER, "notBefore": None}
    assert isinstance(early.exception, OutOfRange)
    assert isinstance(untold.exception, FieldMissing)
    assert [one["type"] for one in told][-2:] == ["CONTRACT_INVOICE_DATE_MOVED"] * 2
    assert told[-2]["data"]["text"] == "Umzug"
    assert "CONTRACT_CREATED" in booked("contracts", "history", NUMBER).output


def test_a_date_that_is_lifted_is_said_so(booked):
    options = ("--reason", "PAUSE", "--text", "x")
    booked("contracts", "move-invoice-date", NUMBER, "--to", "2199-01-01", *options)

    lifted = booked("contracts", "move-invoice-date", NUMBER, *options)

    assert lifted.output == f"{NUMBER} is due by itself again.\n"


def test_without_tasks_there_is_nothing_to_do(booked):
    unknown = "01a190f9-0000-7000-8000-000000000000"

    done = booked("tasks", "done", unknown)

    assert rows(booked, "tasks", "list", "--all", "--contract", NUMBER) == []
    assert isinstance(done.exception, NotFound)
    assert booked("tasks", "done", "none").exit_code == 2
    assert booked("tasks", "list").output == "No open tasks.\n"
    assert booked("tasks", "list", "--all").output == "No tasks.\n"


def test_a_task_is_listed_until_it_is_done(booked):
    """F039: a split asks a person to look at both parts."""
    (item, _one_off) = rows(booked, "bookings", "list")
    with running() as app:
        seller = app.tenant(None)
        with app.database.write(seller.id) as tx:
            split_booked_item(tx, seller, NUMBER, UUID(item["id"]), Decimal(1))

    (task,) = rows(booked, "tasks", "list")
    words = booked("tasks", "list").output
    done = rows(booked, "tasks", "done", task["taskId"])

    assert (task["kind"], task["problem"]) == (
        "CHECK_SPLIT",
        "WEB-M was split into 2 and 1: check both",
    )
    assert (task["doneAt"], done["doneAt"] is None) == (None, False)
    assert rows(booked, "tasks", "list") == []
    assert len(rows(booked, "tasks", "list", "--all")) == 1
    # People read the tenant's time to the minute, scripts the whole moment.
    moment = datetime.fromisoformat(task["createdAt"])
    assert f"{moment.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%d %H:%M} " in words
    assert "+00:00" not in words + booked("tasks", "done", task["taskId"]).output

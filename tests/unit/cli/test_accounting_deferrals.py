"""faktura accounting prap, deferral, release and deferrals: from a schedule to what is posted (F108)."""

import json

import pytest
from tests.unit.cli.test_master_data import company, filled, shown

from faktura.kernel.errors import DateUnreadable, FieldInvalid, OutOfRange

__all__ = ["company", "filled"]

SERVICE = ("--from", "2026-11-15", "--to", "2027-11-14", "--booked", "2026-11-15")


def test_a_schedule_is_shown_without_any_database(shell):
    """1,000.00 over a year, 60/40: November earns 26.30 and 17.54, 956.16 are deferred."""
    plain = shell("accounting", "prap", "--net", "1000", *SERVICE, "--json")
    split = shell(
        "accounting", "prap", "--net", "1000.00", *SERVICE, "--split", "100:60", "--split",
        "200:40", "--json",
    )  # fmt: skip
    table = shell("accounting", "prap", "--net", "-1000", *SERVICE, "--method", "HALF_MONTH")

    found = json.loads(plain.output)
    assert {**found, "months": len(found["months"])} == {
        "net": "1000.00",
        "method": "day",
        "accrued": "956.16",
        "months": 13,
    }
    assert found["months"][0] == {
        "month": "2026-11",
        "amount": "43.84",
        "open": "956.16",
        "splits": [],
    }
    assert json.loads(split.output)["months"][-1] == {
        "month": "2027-11",
        "amount": "38.36",
        "open": "0.00",
        "splits": [{"split": "100", "amount": "23.01"}, {"split": "200", "amount": "15.35"}],
    }
    assert "Deferred when booked: -958.33" in table.output
    assert "-41.67" in table.output


def test_the_first_days_of_all_are_days(shell, filled):
    """No month lies before them: 1.00 over 365 days has 0.08 in January; nothing is deferred."""
    first = ("--from", "0001-01-01", "--to", "0001-12-31", "--booked", "0001-01-01")
    found = shown(shell, "accounting", "prap", "--net", "1", *first)
    none = filled("accounting", "deferrals", "--at", "0001-01-01")

    assert (found["accrued"], found["months"][0]["amount"]) == ("0.92", "0.08")
    assert none.output == "Nothing is deferred.\n"


@pytest.mark.parametrize(
    ("arguments", "error", "place"),
    [
        (("--net", "1000", *SERVICE, "--split", "100:60"), OutOfRange, "--split"),
        (("--net", "1000", *SERVICE, "--split", "ä$:100"), FieldInvalid, "--split.1.costCentre"),
        (
            ("--net", "1000", "--from", "2026-11-15", "--to", "2026-11-14", "--booked",
             "2026-11-15"),
            OutOfRange,
            "--to",
        ),
        (
            ("--net", "1000", "--from", "15.11.2026", "--to", "2026-11-14", "--booked",
             "2026-11-15"),
            DateUnreadable,
            "--from",
        ),
    ],
)  # fmt: skip
def test_what_makes_no_schedule_is_named_by_its_option(shell, arguments, error, place):
    """Nothing is guessed."""
    done = shell("accounting", "prap", *arguments)

    assert isinstance(done.exception, error)
    assert done.exception.place == place


def test_a_tenant_defers_posts_by_month_and_lists_what_is_open(filled):
    """1,000.00 for 2025, invoiced in January: 915.07 deferred, 76.71 and 84.94 released."""
    accounting = ("accounting",)
    assert shown(filled, *accounting, "deferral", "show")["method"] == "NONE"
    set_to = ("deferral", "set", "--method", "day", "--since", "2025-01-01", "--threshold", "800")
    assert shown(filled, *accounting, *set_to) == {
        "method": "DAY",
        "since": "2025-01-01",
        "threshold": "800",
    }
    assert filled("contracts", "activate", "V-000001").exit_code == 0
    issued = filled(
        "invoices", "final", "V-000001", "--position", "SETUP", "10", "100", "--from",
        "2025-01-01", "--until", "2026-01-01", "--date", "2025-01-15", "--without-deposits",
    )  # fmt: skip
    assert issued.exception is None, issued.exception

    assert shown(filled, *accounting, "release", "--through", "2025-03") == {
        "through": "2025-03",
        "posted": 3,
        "drafts": 0,
    }
    again = filled(*accounting, "release", "--through", "2025-03")
    assert again.output == "Up to 2025-03: 0 entries posted.\n"
    (early, due) = (
        filled(
            *accounting, "export", "journal-csv", "--from", "2025-01-01", "--to", day, "--out",
            "out", FAKTURA_PLUGINS="journal",
        )
        for day in ("2025-04-29", "2025-04-30")
    )  # fmt: skip
    assert "deferrals" not in early.stdout
    assert "1 deferrals have months of these days that are not posted yet" in due.stdout
    (open_,) = shown(filled, *accounting, "deferrals", "--at", "2025-03-31")
    assert (open_["deferred"], open_["released"], open_["open"]) == ("915.07", "161.65", "753.42")
    assert (open_["until"], open_["customer"]) == ("2025-12-31", "K-000001")
    (unpaid,) = shown(filled, *accounting, "deferrals", "--at", "2025-03-31", "--unpaid")
    assert (unpaid["unpaid"], unpaid["notReceived"]) == ("1190.00", "753.42")
    assert "Nothing is deferred." in filled(*accounting, "deferrals", "--at", "2026-01-01").output
    assert filled("verify").exit_code == 0

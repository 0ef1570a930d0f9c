"""faktura payments debits: files for the bank as an operator makes, hands in and cancels them (F101)."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.journeys.house_bank import Faktura, open_company

from faktura.cli.main import faktura
from faktura.kernel.errors import NotFound, TransitionRefused


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Faktura:
    """Two debits over 35.70 each wait for a file."""
    run = open_company(tmp_path, monkeypatch)
    run("payments", "collect")
    return run


def told(*arguments: str) -> Result:
    """How a command of `payments debits` ends, in words."""
    return CliRunner().invoke(faktura, ["payments", "debits", *arguments])


def test_a_file_is_made_shown_and_handed_in_in_words(run: Faktura) -> None:
    """Each step says what comes next."""
    preview = told("preview").output
    created = told("create", "--out", "bank").output
    again = told("create", "--out", "bank").output
    shown = told("show", "sepa", "1").output
    handed_in = told("hand-in", "sepa", "1").output
    listed = told("list").output

    assert "71.40 EUR" in preview
    assert "RE-000001, RE-000002" in preview
    assert "Hand them in, then say so: faktura payments debits hand-in" in created
    assert "Later than wished" not in created
    assert again.startswith("No debit waits for a file.")
    assert "RE-000001" in shown
    assert "PENDING" in shown
    assert "HANDED_IN" in handed_in
    assert "HANDED_IN" in listed


def test_without_debits_there_is_nothing_to_show(run: Faktura) -> None:
    """Every list says so."""
    told("create", "--out", "bank")

    assert told("preview").output == "No file would be made now.\n"
    assert told("list", "--account", "other").output == "No files of debits.\n"


def test_what_is_given_up_is_said_with_its_reason(run: Faktura) -> None:
    """A mandate was revoked after it was collected by."""
    run("payments", "mandates", "revoke", "M-000001", "--reason", "moved away")

    (preview,) = run("payments", "debits", "preview", "--until", "2030-01-01")
    words = told("create", "--out", "bank").output
    (file,) = run("payments", "debits", "list")

    assert preview["over"] == [
        {
            "invoice": "RE-000001",
            "amount": "35.70 EUR",
            "fate": "given up: the next run collects it anew",
            "reason": "mandate M-000001 is GONE: moved away",
        }
    ]
    assert "mandate M-000001 is GONE: moved away" in words
    assert (file["debits"], file["total"]) == (1, "35.70 EUR")


def test_a_file_says_which_invoices_were_paid_since_it_was_made(run: Faktura) -> None:
    """Before somebody hands it in."""
    told("create", "--out", "bank")
    run(
        "payments", "record", "RE-000001", "35.70", "--account", "DE02120300000000202051",
        "--on", "2026-11-01",
    )  # fmt: skip

    written = told("write", "sepa", "1", "--out", "again").output

    assert "Of RE-000001 another amount is open by now" in written
    assert run("payments", "debits", "show", "sepa", "1")["changed"] == ["RE-000001"]


def test_a_file_is_cancelled_as_a_whole_or_debit_by_debit(run: Faktura) -> None:
    """What is at the bank only with --bank-refused."""
    told("create", "--out", "bank")
    told("hand-in", "sepa", "1")
    cancel = ("cancel", "sepa", "1", "--reason", "account closed")

    refused = told(*cancel)
    one = run("payments", "debits", *cancel, "--bank-refused", "--invoice", "RE-000002")
    whole = told(*cancel, "--bank-refused").output

    assert isinstance(refused.exception, TransitionRefused)
    assert [item["state"] for item in one["items"]] == ["PENDING", "CANCELLED"]
    assert one["state"] == "HANDED_IN"
    assert "account closed" in whole
    assert isinstance(told("show", "sepa", "2").exception, NotFound)

"""faktura letters: statements and reminders written to files."""

import json

import pytest
from tests.services.hub.conftest import install
from tests.unit.cli.test_master_data import company, filled

from faktura.kernel.errors import (
    DateUnreadable,
    FileUnwritable,
    NotFound,
    PluginMissing,
    TransitionRefused,
)

__all__ = ["company", "filled", "install"]

CUSTOMER = "K-000001"


@pytest.fixture
def lettered(filled, install, monkeypatch):
    """The shell; a plugin writes letters, and 35.70 of 1 September are billed (RE-000001)."""
    install(
        "letters",
        """
        from tests.services.letters.writer import JsonLetters

        @hookimpl
        def describe_plugin():
            return manifest("letters")

        @hookimpl
        def register_document_formats():
            return (JsonLetters,)
        """,
    )
    monkeypatch.setenv("FAKTURA_PLUGINS", "letters")
    assert filled("contracts", "activate", "V-000001").exit_code == 0
    done = filled("deposits", "request", "V-000001", "--net", "SETUP", "30", "--date", "2026-09-01")
    assert done.exit_code == 0, done.output
    return filled


def test_a_statement_is_written_between_two_days(lettered, tmp_path):
    """30.00 + 5.70 VAT on 1 September; both days inclusive."""
    done = lettered(
        "letters", "statement", CUSTOMER, "--from", "2026-09-01", "--until", "2026-09-01",
        "--out", "letters/a.pdf", "--json",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    written = (tmp_path / "letters" / "a.pdf").read_bytes()
    assert json.loads(done.output) == {
        "out": "letters/a.pdf",
        "mediaType": "application/pdf",
        "bytes": len(written),
    }
    statement = json.loads(written)
    assert (statement["opening"], statement["closing"]) == ("0.00", "35.70")
    assert [one["text"] for one in statement["entries"]] == ["Anzahlungsrechnung RE-000001"]


def test_a_reminder_is_written_of_what_is_overdue(lettered, tmp_path):
    """Due on 15 September; at level 2, to be paid until the 30th."""
    done = lettered(
        "letters", "reminder", CUSTOMER, "--level", "2", "--on", "2026-09-16",
        "--pay-by", "2026-09-30", "--currency", "EUR", "--out", "r.pdf",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    reminder = json.loads((tmp_path / "r.pdf").read_bytes())
    assert (reminder["level"], reminder["total"], reminder["pay_by"]) == (2, "35.70", "2026-09-30")
    assert "r.pdf" in done.output


def test_what_cannot_be_written_is_named_and_writes_no_file(lettered, tmp_path):
    """An unknown customer, a day that is none, nothing overdue, no such plugin, a folder."""
    statement = ("letters", "statement", CUSTOMER, "--from", "2026-09-01", "--until", "2026-09-30")
    nobody = lettered("letters", "reminder", "K-99", "--out", "n.pdf")
    unreadable = lettered(*statement[:-1], "2026-02-30", "--out", "n.pdf")
    early = lettered("letters", "reminder", CUSTOMER, "--on", "2026-09-15", "--out", "n.pdf")
    without = lettered(*statement, "--out", "n.pdf", FAKTURA_PLUGINS="")
    folder = lettered(*statement, "--out", ".")

    assert [type(done.exception) for done in (nobody, unreadable, early, without, folder)] == [
        NotFound,
        DateUnreadable,
        TransitionRefused,
        PluginMissing,
        FileUnwritable,
    ]
    assert not (tmp_path / "n.pdf").exists()


def test_the_days_of_a_statement_must_be_given(lettered):
    """Wrong usage, told by name."""
    done = lettered("letters", "statement", CUSTOMER, "--out", "a.pdf")

    assert (done.exit_code, "'--from'" in done.output) == (2, True)

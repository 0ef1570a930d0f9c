"""What commands print: tables for people, JSON for scripts, progress on terminals only."""

import io
import json
import sys
from datetime import date
from decimal import Decimal

import pytest
from typing_extensions import override

from faktura.cli.output import Record, print_record, print_records, progress, say, shown
from faktura.kernel.terms import Chart

RECORDS = [
    {"number": "RE-1", "gross": Decimal("119.00"), "on": date(2026, 11, 1), "paid": True},
    {"number": "RE-2", "gross": Decimal("-5.00"), "on": None, "paid": False, "note": "[x]"},
]


def test_json_carries_amounts_and_dates_as_text(capsys):
    """No amount becomes a binary fraction on the way to a script."""
    print_records(RECORDS, columns=["number"], as_json=True)

    assert json.loads(capsys.readouterr().out) == [
        {"number": "RE-1", "gross": "119.00", "on": "2026-11-01", "paid": True},
        {"number": "RE-2", "gross": "-5.00", "on": None, "paid": False, "note": "[x]"},
    ]


def test_a_table_shows_the_chosen_columns(capsys):
    """Column names are words, square brackets are no markup, nothing is cut in a pipe."""
    long = "Rechnung " * 15
    records: list[Record] = [
        {"due_on": date(2026, 11, 15), "text": long.strip(), "hidden": "no"},
        {"text": "[red]"},
    ]

    print_records(records, columns=["due_on", "text"], as_json=False, title="Posten")

    out = capsys.readouterr().out
    assert [line.strip() for line in out.splitlines()[:3]] == ["Posten", "", "due on       text"]
    assert long.strip() in out
    assert "[red]" in out
    assert "no" not in out.replace("Rechnung", "")


def test_nothing_is_a_sentence_for_people_and_an_empty_list_for_scripts(capsys):
    """An empty frame says nothing."""
    print_records([], columns=["number"], as_json=False, nothing="No open tasks.")
    print_records([], columns=["number"], as_json=True, nothing="No open tasks.")

    assert capsys.readouterr().out == "No open tasks.\n[]\n"


def test_a_narrow_terminal_breaks_sentences_but_no_id(capsys, monkeypatch):
    """What is copied from a table stands in one piece; amounts stand under one another."""
    monkeypatch.setenv("COLUMNS", "40")
    records: list[Record] = [
        {
            "id": "01a1ffb8-5248-7000-aa62-f30fa26d3bbc",
            "amount": "-900.00",
            "reason": "no such one",
        },
        {"id": "01a1ffb8-5248-7000-aa62-f30fa26d3bbd", "amount": "5.00", "reason": "sum differs"},
    ]

    print_records(records, columns=["id", "amount", "reason"], as_json=False)

    out = capsys.readouterr().out
    assert "01a1ffb8-5248-7000-aa62-f30fa26d3bbc   -900.00" in out
    assert "01a1ffb8-5248-7000-aa62-f30fa26d3bbd      5.00" in out


def test_one_thing_is_shown_line_by_line_or_as_an_object(capsys):
    """The fields keep the names they have in JSON."""
    print_record({"legal_name": "A", "tax_cases": ["STANDARD", "REDUCED"]}, as_json=False)
    table = capsys.readouterr().out
    print_record({"legal_name": "A"}, as_json=True)

    assert [line.split() for line in table.splitlines()] == [
        ["legal_name", "A"],
        ["tax_cases", "STANDARD,", "REDUCED"],
    ]
    assert json.loads(capsys.readouterr().out) == {"legal_name": "A"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (Decimal("1.50"), "1.50"),
        (("a", "b"), "a, b"),
        (Chart.SKR03, "SKR03"),
        ("Müller\n\xa0Söhne", "Müller\n\xa0Söhne"),
        ("E\x1b[31mvil\x9b2J\u202e", "E\ufffd[31mvil\ufffd2J\ufffd"),
        (("a\x07",), "a\ufffd"),
    ],
    ids=str,
)
def test_a_cell_is_written_for_people(value, text):
    """Absent is empty, yes and no are words; what a bank wrote does not steer the terminal."""
    assert shown(value) == text


def test_a_sentence_is_for_people_only(capsys):
    """A script reads nothing but JSON."""
    say("done", as_json=True)
    say("Done.", as_json=False)

    assert capsys.readouterr().out == "Done.\n"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    @override
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_and_nowhere_else(monkeypatch, capsys):
    """A log file holds no progress bars."""
    with progress("Billing", 3) as advance:
        advance(3)
    silent = capsys.readouterr()
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    with progress("Billing", 3) as advance:
        advance(1)
        advance(2)

    assert (silent.out, silent.err) == ("", "")
    assert "Billing" in terminal.getvalue()
    assert "3/3" in terminal.getvalue()

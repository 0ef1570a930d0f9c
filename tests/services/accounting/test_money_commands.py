"""faktura payments and faktura invoices write-off: what a person types and reads."""

import json
import re
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from tests.services.accounting.money import ACCOUNT, MoneyScene

from faktura.cli import invoices, payments, write_offs
from faktura.store.database import Database

MOVED = ("--account", ACCOUNT, "--on", "2026-10-20")


@dataclass
class App:
    """As much of the application as the commands need."""

    scene: MoneyScene

    @property
    def database(self) -> Database:
        """The scene's."""
        return self.scene.database

    def tenant(self, key: object) -> object:
        """The only tenant."""
        assert key is None
        return self.scene.tenant


@pytest.fixture
def run(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command in a scene and return what it writes."""
    scene = MoneyScene(database, tmp_path / "content")
    for module in (payments, write_offs):
        monkeypatch.setattr(module, "running", lambda: nullcontext(App(scene)))

    def call(group: click.Group, *words: str, code: int = 0) -> str:
        done = CliRunner().invoke(group, words, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.output

    return call


def test_money_is_recorded_listed_refunded_and_taken_back(run):
    """40.00 for RE-000001 over 35.70: 4.30 of credit are paid out."""
    group = payments.payments
    words = (
        "record",
        "RE-000001",
        "40.00",
        *MOVED,
        "--reference",
        "B-1",
        "--text",
        "Danke",
        "--json",
    )
    assert json.loads(run(group, *words)) == {
        "reference": "B-1", "amount": "40.00 EUR", "documents": ["RE-000001 35.70 EUR"],
        "credit": "4.30 EUR", "repeated": False, "missing": [],
    }  # fmt: skip
    assert json.loads(run(group, *words))["repeated"] is True
    run(group, "record", "--customer", "K-2", "5.00", *MOVED)
    assert "give INVOICE AMOUNT" in run(group, "record", "5.00", *MOVED, code=2)
    run(group, "refund", "K-1", "4.30", *MOVED, "--reference", "R-1")
    listed = json.loads(run(group, "list", "K-1", "--json"))
    assert [(one["fact"], one["amount"], one["reference"]) for one in listed] == [
        ("PAYMENT", "-35.70", "B-1"), ("PAYMENT", "-4.30", "B-1"), ("REFUND", "4.30", "R-1"),
    ]  # fmt: skip
    run(group, "undo", "R-1", "--reason", "Irrtum")
    undone = run(group, "undo", "B-1", "--reason", "Irrtum", "--on", "2026-10-25", "--json")
    assert json.loads(undone) == {"reference": "B-1", "documents": ["RE-000001"]}
    assert "SET_UNPAID" in run(group, "list", "K-1")
    assert run(group, "list", "K-3") == "No payments.\n"


def test_people_read_where_money_went(run):
    """50.00 for RE-000001 over 35.70: 14.30 to credit, of which 4.30 go out again."""
    group = payments.payments

    more = run(group, "record", "RE-000001", "50.00", *MOVED)
    paid = run(group, "record", "RE-000001", "1.00", *MOVED)
    out = run(group, "refund", "K-1", "4.30", *MOVED)

    assert re.search(r"to credit +14\.30 EUR", more)
    assert "Nothing is open" not in more
    assert "Nothing is open of RE-000001: all of it is credit.\n" in paid
    assert re.search(r"out of credit +4\.30 EUR", out)


def test_a_claim_is_written_off_and_owed_again(run):
    """35.70 with 5.70 of VAT."""
    words = ("write-off", "RE-000001", "--reason", "Insolvenz")
    given_up = json.loads(run(invoices.invoices, *words, "--on", "2026-10-20", "--json"))
    assert given_up == {
        "number": "RE-000001", "writtenOff": "35.70", "vat": "5.70", "open": "0.00", "currency": "EUR",
    }  # fmt: skip
    assert "--undo takes back all" in run(
        invoices.invoices, *words, "--undo", "--amount", "1", code=2
    )
    assert "are owed again" in run(invoices.invoices, *words, "--undo")
    assert "1.60 EUR of VAT are corrected" in run(invoices.invoices, *words, "--amount", "10.00")
